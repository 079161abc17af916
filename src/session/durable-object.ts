import { DurableObject } from '#platform';
import { systemClock } from '../clock/index.ts';
import type { Claim, Fault, JobConsumerApi, JobMessage, Verdict } from '../jobs/index.ts';
import type { Paint } from '../protocol/index.ts';
import { type ComputeService, capture, type Outcome, type RemoteError, type Report } from '../rpc/index.ts';
import { type Push, type SharedListener, sharedStub } from '../shared/index.ts';
import { isReset, SqliteStore, watchForReset } from '../storage/index.ts';
import type { Admission, SessionHost, SessionPolicy, Socket, SocketMemory } from './host.ts';
import { writeLog } from './log.ts';
import { Session } from './session.ts';
import { isStorable, type Visitor, visitorOf } from './visitor.ts';

/** The environment of the application's middleware when a session calls it. */
export interface VisitSurroundings<Bindings> {
  readonly env: Bindings;
  /** Name of the session that the visitor has connected to. */
  readonly session: string;
  readonly ctx: Pick<ExecutionContext, 'waitUntil' | 'passThroughOnException' | 'props'>;
}

/** The application as its sessions see it. */
export interface SessionApplication<Bindings extends object> {
  /** Hash of the application's code; see {@link SessionHost.build}. */
  readonly build: string;
  readonly policy: SessionPolicy;
  /** True when the visitor who came by this address is the author. */
  development(env: Bindings, url: URL): boolean;
  /** Finds the page for a path and query. Called after each wake, because an activation starts without pages. */
  match(
    path: string,
    surroundings: { readonly env: Bindings; readonly session: string; readonly development: boolean },
  ): ReturnType<SessionHost['match']>;
  /** Asks the application again whether a visitor may see a page. Absent: every connected visitor may. */
  admits?(visitor: Visitor, surroundings: VisitSurroundings<Bindings>): Promise<Admission>;
  readonly onError?: NonNullable<SessionHost['onError']>;
  /** Has events for a session go to where it runs, when that is no object of the platform: for `edgewise/testing`. */
  attach?(session: string, send: (name: string, text: string) => Promise<void>): void;
  /** Name of the binding of what sessions share. Default `SHARED`. */
  readonly shared?: string;
}

/** The error of the page function; the log has it. */
export interface Failure {
  readonly failed: RemoteError;
}

/** The methods of a session object that the application's Worker calls, over RPC. */
export interface SessionObject extends SharedListener, JobConsumerApi {
  /** See {@link Session.open}. Its errors return as data, because RPC drops their stack and cause. */
  open(path: string, page?: string, development?: boolean): Promise<Paint | 'missing' | Failure>;
  /** Ends the session: closes its sockets with the reason `revoked` and deletes its rows. */
  revoke(): Promise<void>;
  /** See {@link Session.send}. */
  sendEvent(name: string, text: string): Promise<void>;
  /** Returns why the object cannot hibernate, as sentences. Calling it wakes the object, which does not count. */
  whyAwake(): string[] | Promise<string[]>;
  /** Takes a WebSocket upgrade with `page`, `path` and perhaps `fork` in its query. The Worker checked all of it. */
  fetch(request: Request): Promise<Response>;
}

/** The class of an application's sessions, which its Worker exports: the platform makes one instance for each session. */
export interface SessionClass<Bindings extends object> {
  /** @internal */
  new (ctx: DurableObjectState, env: Bindings): SessionObject & DurableObject<Bindings>;
}

/** The state stored with a hibernating socket: at most 16,384 bytes, because the Worker caps the length of `path`. */
interface Attachment {
  readonly page: string;
  readonly path: string;
  readonly fork: boolean;
  /** True when the browser is the author's. */
  readonly development?: boolean;
  /** The connected visitor; absent when the headers are too large to store. */
  readonly visitor?: Visitor;
  /** Absent until the session wants something remembered: such a socket has not said hello yet. */
  readonly memory?: SocketMemory;
}

/**
 * Makes the Durable Object class of an application's sessions. The class only translates: the
 * platform's events into calls of {@link Session}, and the session's ports into the platform.
 * Whatever is worth a test of its own belongs into the session.
 */
export function sessionClass<Bindings extends object>(
  application: SessionApplication<Bindings>,
): SessionClass<Bindings> {
  return class extends DurableObject<Bindings> implements SessionObject {
    #awake: Session | undefined;
    /** True while all visitors since the object woke are its author; undefined before the first. */
    #development: boolean | undefined;
    readonly #store: SqliteStore;
    /** Why this instance can do nothing any more. */
    #reset: unknown;
    readonly #sockets = new WeakMap<WebSocket, PlatformSocket>();

    /** Runs at each wake, so it neither reads nor writes. */
    constructor(ctx: DurableObjectState, env: Bindings) {
      super(ctx, env);
      this.#store = new SqliteStore(watchForReset(ctx.storage, (error) => this.#abort(error)));
      // Answered by the platform: a heartbeat does not wake the object.
      ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    }

    async open(path: string, page?: string, development = false): Promise<Paint | 'missing' | Failure> {
      this.#visited(development);
      try {
        return await this.#session().open(path, page);
      } catch (error) {
        // The platform's own word on what may be asked again.
        if ((error as { retryable?: boolean }).retryable) throw error;
        return { failed: capture(error) };
      }
    }

    async revoke(): Promise<void> {
      this.#session().revoke();
      await this.#sweep();
    }

    sendEvent(name: string, text: string): Promise<void> {
      return this.#session().send(name, text);
    }

    whyAwake(): string[] {
      return this.#awake?.whyAwake() ?? [];
    }

    sharedChanged(push: Push): Promise<number> {
      return this.#session().sharedChanged(push);
    }

    claimJob(job: string): Promise<Claim | undefined> {
      return this.#session().jobs.consumer.claimJob(job);
    }

    reportJob(job: string, epoch: number, report?: Report, left?: number): Promise<Verdict> {
      return this.#session().jobs.consumer.reportJob(job, epoch, report, left);
    }

    completeJob(job: string, epoch: number, outcome: Outcome): Promise<Verdict> {
      return this.#session().jobs.consumer.completeJob(job, epoch, outcome);
    }

    failJob(job: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict> {
      return this.#session().jobs.consumer.failJob(job, epoch, error, fault);
    }

    deadJob(job: string, epoch?: number): Promise<void> {
      return this.#session().jobs.consumer.deadJob(job, epoch);
    }

    override async fetch(request: Request): Promise<Response> {
      const query = new URL(request.url).searchParams;
      const page = query.get('page');
      const path = query.get('path');
      if (request.headers.get('Upgrade') !== 'websocket' || !page || !path) {
        return new Response('A session takes WebSocket upgrades with a page and a path.', { status: 426 });
      }
      const session = this.#session(); // before the socket exists: it must not be taken for one that slept
      const { 0: browser, 1: server } = new WebSocketPair();
      this.ctx.acceptWebSocket(server);
      const development = application.development(this.env, new URL(request.url));
      this.#visited(development);
      const visitor = visitorOf(request, path);
      const link = { page, path, fork: query.has('fork'), development, ...(isStorable(visitor) && { visitor }) };
      server.serializeAttachment(link satisfies Attachment);
      const socket = new PlatformSocket(server, link, () => this.#admits(visitor));
      this.#sockets.set(server, socket);
      session.connect(socket, link);
      return new Response(null, { status: 101, webSocket: browser });
    }

    override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): Promise<void> | void {
      return this.#session().message(this.#socket(ws), message);
    }

    /** The runtime has answered the close frame; answering again is an error for the codes that never travel (1005, 1006, 1015). */
    override async webSocketClose(ws: WebSocket): Promise<void> {
      this.#session().closed(this.#socket(ws));
    }

    override async webSocketError(ws: WebSocket): Promise<void> {
      this.#session().closed(this.#socket(ws));
    }

    override async alarm(): Promise<void> {
      // An alarm may ring late, in an object that has ended and begun anew since: that one is not over.
      const stored = !this.#store.empty;
      await this.#session().alarm();
      if (stored) await this.#sweep();
    }

    /** Once the session has ended, gives back the database itself: then nothing of the object remains. A later visit begins anew. */
    async #sweep(): Promise<void> {
      if (!this.#store.empty) return;
      this.#awake = undefined;
      await this.ctx.storage.deleteAll();
    }

    /** Returns the session of this activation. The first call adopts the sockets that survived hibernation. */
    #session(): Session {
      if (this.#reset !== undefined) throw this.#reset;
      if (this.#awake) return this.#awake;
      this.#awake = new Session(this.#host());
      for (const ws of this.ctx.getWebSockets()) {
        if (ws.readyState === WebSocket.OPEN) this.#socket(ws);
      }
      return this.#awake;
    }

    /**
     * Aborts this instance, from which the platform has taken the storage. It must retry nothing:
     * the next instance continues from the last commit, and no job attempt counts as failed.
     */
    #abort(error: unknown): void {
      if (this.#reset !== undefined) return;
      this.#reset = error;
      this.#awake?.abandon();
      this.ctx.abort(error instanceof Error ? error.message : String(error));
    }

    #socket(ws: WebSocket): PlatformSocket {
      const known = this.#sockets.get(ws);
      if (known) return known;
      const link = ws.deserializeAttachment() as Attachment;
      this.#visited(link.development === true);
      const { visitor } = link;
      // Because the stored visitor has no headers, the browser must reconnect with its own.
      const admits = async (): Promise<Admission> => (visitor ? this.#admits(visitor) : 'unknown');
      const socket = new PlatformSocket(ws, link, admits);
      this.#sockets.set(ws, socket);
      const session = this.#session();
      if (link.memory) session.wake(socket, link.memory, link.path);
      else session.connect(socket, link);
      return socket;
    }

    async #admits(visitor: Visitor): Promise<Admission> {
      const { ctx, env } = this;
      if (!application.admits) return 'admitted';
      return application.admits(visitor, {
        env,
        session: ctx.id.name ?? ctx.id.toString(),
        ctx: { waitUntil: (promise) => ctx.waitUntil(promise), passThroughOnException() {}, props: {} },
      });
    }

    /** One visitor from elsewhere is enough: the details of errors are for a session that only its author sees. */
    #visited(development: boolean): void {
      this.#development = development && this.#development !== false;
    }

    #host(): SessionHost {
      const { ctx, env } = this;
      const reset = (error: unknown) => this.#abort(error);
      const isDevelopment = () => this.#development === true;
      const name = ctx.id.name ?? ctx.id.toString();
      const jobs = (env as { readonly JOBS?: Queue<JobMessage> }).JOBS;
      return {
        name,
        clock: systemClock,
        store: this.#store,
        build: application.build,
        get development() {
          return isDevelopment();
        },
        policy: application.policy,
        match: (path) => application.match(path, { env, session: name, development: isDevelopment() }),
        service: (binding) => (env as Record<string, unknown>)[binding] as ComputeService | undefined,
        ...(jobs && {
          send: async (message: JobMessage) => {
            await jobs.send(message, { contentType: 'json' });
          },
        }),
        keepAlive: (promise) => ctx.waitUntil(promise),
        alarm(at) {
          // Settles with the commit it is part of; when that fails the object is reset and nothing here could help.
          const done = at === null ? ctx.storage.deleteAlarm() : ctx.storage.setAlarm(at);
          done.catch((error: unknown) => {
            if (isReset(error)) {
              reset(error);
              return;
            }
            const message = 'The alarm could not be set: the storage refused it.';
            writeLog({ level: 'error', fault: 'framework', message, session: name, build: application.build, error });
          });
        },
        shared: (of) => sharedStub(env, application.shared ?? 'SHARED', of),
        log: writeLog,
        ...(application.onError && { onError: application.onError }),
      };
    }
  };
}

/** A hibernatable WebSocket as the session uses it; one for each socket and activation. */
class PlatformSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #link: Attachment;
  readonly admission: () => Promise<Admission>;

  constructor(ws: WebSocket, link: Attachment, admission: () => Promise<Admission>) {
    this.#ws = ws;
    this.#link = link;
    this.admission = admission;
  }

  send(text: string): void {
    // A socket that is closing says so by its close event; what is written into it meanwhile has no reader.
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(text);
  }

  close(code: number, reason: string): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.close(code, shorten(reason));
  }

  remember(memory: SocketMemory): void {
    this.#ws.serializeAttachment({ ...this.#link, memory } satisfies Attachment);
  }
}

/** A close reason has at most 123 bytes; cutting by characters of at most three bytes is safe and simple. */
function shorten(reason: string): string {
  return reason.length <= 41 ? reason : reason.slice(0, 120).replaceAll(/[^\x20-\x7e]/g, '?');
}
