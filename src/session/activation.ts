import type { Clock } from '../clock/index.ts';
import type { FileBucket } from '../files/index.ts';
import type { JobMessage } from '../jobs/index.ts';
import { type ComputeService, computeStub, type ObjectBindings } from '../rpc/index.ts';
import { type SharedObject, sharedStub } from '../shared/index.ts';
import { objectClock, type SqliteStore, StoredActivation } from '../storage/index.ts';
import type { SessionApplication } from './application.ts';
import { engineClock } from './clock.ts';
import type { Admission, LogEntry, PageErrorPlace, SessionHost, SessionPolicy, Socket, SocketMemory } from './host.ts';
import { writeLog } from './log.ts';
import { r2Bucket } from './r2-bucket.ts';
import { Session } from './session.ts';
import type { Visitor } from './visitor.ts';

/** The clock of every session of this isolate. */
const clock = engineClock(objectClock);

const defaultObjects: ObjectBindings = { session: 'SESSION', shared: 'SHARED' };

/** Characters of a name that is stored with each socket: more than those of a session without a user. */
const mostStoredName = 64;

/** The state stored with a hibernating socket: at most 16,384 bytes, because the Worker caps the length of `path`. */
interface Attachment {
  page: string;
  path: string;
  fork: boolean;
  readonly before?: string;
  /** True when the browser is the author's. */
  readonly development?: boolean;
  /** The name of the object, because to ask the platform takes 3 % of a wake; absent when it is long. */
  readonly session?: string | undefined;
  /** See {@link storedVisitor}; absent when it is too large to store. */
  readonly visitor?: string | undefined;
  /** See {@link Socket.rows}. */
  rows?: string | undefined;
  /** Absent while the browser's hello has no answer. */
  memory?: SocketMemory | undefined;
}

/**
 * What a session's object has in memory: its session, its store and its sockets. The instances of
 * its class come and go: while an author works, each save makes another one.
 *
 * ```
 *   class, 1st instance ──┐                    ┌── application, environment: of the newest instance
 *   class, 2nd instance ──┴── one activation ──┼── session ──renew──► its pages, by the new application
 *        (a save)                              └── store, sockets
 * ```
 */
export class SessionActivation extends StoredActivation implements SessionHost {
  declare readonly store: SqliteStore;
  #application: SessionApplication<object> | undefined;
  #env: object = {};
  readonly #services = new Map<string, ComputeService>();
  #name: string | undefined;
  #session: Session | undefined;
  /** True when the pages are those of an application that a save has replaced. */
  #outdated = false;
  /** True while all visitors since the object woke are its author; undefined before the first. */
  #development: boolean | undefined;

  /** Serves an application from now on. */
  serve<Bindings extends object>(application: SessionApplication<Bindings>, env: Bindings): void {
    this.#outdated = this.#session !== undefined;
    this.#application = application as unknown as SessionApplication<object>;
    this.#env = env;
    this.#services.clear();
  }

  /** True when the object has rows. */
  get stored(): boolean {
    return !this.store.empty;
  }

  /** Returns the session. The first call adopts the sockets that survived hibernation. */
  session(): Session {
    this.check();
    if (this.#session) {
      if (this.#outdated) this.#session.renew();
      this.#outdated = false;
      return this.#session;
    }
    this.#session = new Session(this);
    for (const ws of this.ctx.getWebSockets()) {
      if (ws.readyState === WebSocket.OPEN) this.socket(ws);
    }
    return this.#session;
  }

  /** Once the session has ended, gives back the database itself: then nothing of the object remains. A later visit begins anew. */
  async sweep(): Promise<void> {
    if (this.stored && !this.#session?.ended) return;
    this.#session = undefined;
    // What is left has to be deleted elsewhere, by the alarm.
    if (!this.stored) await this.ctx.storage.deleteAll();
  }

  whyAwake(): string[] {
    return this.#session?.whyAwake() ?? [];
  }

  /** One visitor from elsewhere is enough: the details of errors are for a session that only its author sees. */
  visited(development: boolean): void {
    this.#development = development && this.#development !== false;
  }

  /** Accepts a new browser. @returns its end of the socket. */
  accept(asked: Attachment & { readonly development: boolean }, visitor: Visitor): WebSocket {
    const { name } = this;
    const link = { ...asked, session: name.length > mostStoredName ? undefined : name };
    const session = this.session(); // before the socket exists: it must not be taken for one that slept
    const { 0: browser, 1: server } = new WebSocketPair();
    // The platform answers a heartbeat, also while the object sleeps: no wake has to say so again.
    this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    this.ctx.acceptWebSocket(server);
    this.visited(link.development);
    server.serializeAttachment(link);
    session.connect(this.#add(server, link, visitor), link);
    return browser;
  }

  /** Returns the socket of the session; the first call for one that survived hibernation adopts it. */
  socket(ws: WebSocket): Socket {
    const known = (ws as Adopted)[adopted];
    if (known) return known;
    const link = ws.deserializeAttachment() as Attachment;
    this.visited(link.development === true);
    this.#name ??= link.session;
    const socket = this.#add(ws, link);
    const session = this.session();
    if (link.memory) session.wake(socket, link.memory, link.path);
    else session.connect(socket, link);
    return socket;
  }

  #add(ws: WebSocket, link: Attachment, visitor?: Visitor): PlatformSocket {
    const socket = new PlatformSocket(ws, link, visitor, (path) => this.#admits(path, socket));
    (ws as Adopted)[adopted] = socket;
    return socket;
  }

  protected override get resident(): Session | undefined {
    return this.#session;
  }

  get #served(): SessionApplication<object> {
    return this.#application as SessionApplication<object>;
  }

  /** Asks the application about a visitor; undefined when there is nothing to ask. */
  #admits(path: string, socket: Socket): Promise<Admission> | undefined {
    const application = this.#served;
    const ctx = this.ctx;
    const session = this.name;
    if (!application.admits || application.isUnguarded?.(path, session)) return undefined;
    const { visitor } = socket;
    // Because a visitor whose headers were not stored must reconnect with them.
    if (!visitor) return Promise.resolve('unknown');
    return application.admits(visitor, {
      env: this.#env,
      session,
      ctx: { waitUntil: (promise) => ctx.waitUntil(promise), passThroughOnException() {}, props: {} },
    });
  }

  // ---- the ports of the session: what depends on the application or its bindings is read at each use

  get name(): string {
    this.#name ??= this.ctx.id.name ?? this.ctx.id.toString();
    return this.#name;
  }

  get clock(): Clock {
    return clock;
  }

  get build(): string {
    return this.#served.build;
  }

  get development(): boolean {
    return this.#development === true;
  }

  get policy(): SessionPolicy {
    return this.#served.policy;
  }

  match(path: string): ReturnType<SessionHost['match']> {
    const { name, development } = this;
    return this.#served.match(path, { env: this.#env, session: name, development });
  }

  service(binding: string): ComputeService | undefined {
    let service = this.#services.get(binding);
    if (!service) {
      service = computeStub(this.#env, binding);
      if (service) this.#services.set(binding, service);
    }
    return service;
  }

  get send(): ((message: JobMessage) => Promise<void>) | undefined {
    if (this.#binding('JOBS') === undefined) return undefined;
    return async (message) => {
      await (this.#binding('JOBS') as Queue<JobMessage>).send(message, { contentType: 'json' });
    };
  }

  bucket(): FileBucket | undefined {
    const bucket = this.#binding(this.#served.filesBinding ?? 'FILES') as R2Bucket | undefined;
    return bucket && r2Bucket(bucket);
  }

  shared(of: string): SharedObject {
    return sharedStub(this.#env, this.#served.objects ?? defaultObjects, of);
  }

  keepAlive(promise: Promise<unknown>): void {
    this.ctx.waitUntil(promise);
  }

  alarm(at: number | null): void {
    this.setAlarm(at, (error) => {
      const message = 'The alarm could not be set: the storage refused it.';
      this.log({ level: 'error', fault: 'framework', message, session: this.name, build: this.build, error });
    });
  }

  log(entry: LogEntry): void {
    writeLog(entry);
  }

  onError(error: unknown, where: PageErrorPlace): unknown {
    return this.#served.onError?.(error, where);
  }

  #binding(name: string): unknown {
    return (this.#env as Record<string, unknown>)[name];
  }
}

/** Where a WebSocket has its {@link PlatformSocket}. */
const adopted = Symbol('adopted');

interface Adopted extends WebSocket {
  [adopted]?: PlatformSocket;
}

/** A hibernatable WebSocket as the session uses it; one for each socket and activation. */
class PlatformSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #admits: (path: string) => Promise<Admission> | undefined;
  #visitor: Visitor | undefined;
  readonly #link: Attachment;

  constructor(
    ws: WebSocket,
    link: Attachment,
    visitor: Visitor | undefined,
    admits: (path: string) => Promise<Admission> | undefined,
  ) {
    this.#ws = ws;
    this.#link = link;
    this.#visitor = visitor;
    this.#admits = admits;
  }

  get visitor(): Visitor | undefined {
    const { visitor, path } = this.#link;
    if (visitor !== undefined) this.#visitor ??= { ...(JSON.parse(visitor) as Omit<Visitor, 'path'>), path };
    return this.#visitor;
  }

  admission(): Promise<Admission> | undefined {
    return this.#admits(this.#link.path);
  }

  moved(page: string, path: string): void {
    Object.assign(this.#link, { page, path, fork: false });
    if (this.#visitor) this.#visitor = { ...this.#visitor, path };
    this.#ws.serializeAttachment(this.#link);
  }

  send(text: string): void {
    try {
      this.#ws.send(text);
    } catch (error) {
      // A socket that is closing says so by its close event; what is written into it meanwhile has no reader.
      if (this.#ws.readyState === WebSocket.OPEN) throw error;
    }
  }

  close(code: number, reason: string): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.close(code, shorten(reason));
  }

  remember(memory: SocketMemory | undefined): void {
    this.#link.memory = memory;
    // Because a commit follows, which would end the copy with one more call of the platform.
    if (memory?.rest === undefined) this.#link.rows = undefined;
    this.#ws.serializeAttachment(this.#link);
  }

  get rows(): string | undefined {
    return this.#link.rows;
  }

  set rows(rows: string | undefined) {
    this.#link.rows = rows;
    this.#ws.serializeAttachment(this.#link);
  }
}

/** A close reason has at most 123 bytes; cutting by characters of at most three bytes is safe and simple. */
function shorten(reason: string): string {
  return reason.length <= 41 ? reason : reason.slice(0, 120).replaceAll(/[^\x20-\x7e]/g, '?');
}
