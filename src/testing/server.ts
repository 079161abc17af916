import type { SocketEvents, Target } from '../../client/connection/connection.ts';
import type { Timer } from '../clock/index.ts';
import { capture } from '../context/index.ts';
import { contradiction, type FileBucket, type Received, type Refusal, safeType } from '../files/index.ts';
import type { Visit } from '../protocol/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import {
  type Admission,
  engineClock,
  type JobMessage,
  type LogEntry,
  type Opened,
  type PageErrorHandler,
  type PageRequest,
  Session,
  type SessionPolicy,
  type Visitor,
} from '../session/index.ts';
import { encode, isReset, MemoryStore, type Store } from '../storage/index.ts';
import type { VirtualClock } from './clock.ts';
import { Wire } from './network.ts';
import { type Application, applicationOf, type Pages } from './pages.ts';
import type { TestShared } from './shared.ts';

/** Options of a {@link TestServer}. */
export interface ServerOptions {
  /** Name of the session. @default 'test' */
  readonly name?: string;
  /**
   * The shared objects, common to several servers.
   *
   * @default nothing
   */
  readonly shared?: TestShared;
  /** The application, or page functions by path. */
  readonly pages: Pages;
  /** The clock of the session and of its browsers. */
  readonly clock: VirtualClock;
  /**
   * Retention of pages and sessions, where it differs from the application's own.
   *
   * @default the application's own
   */
  readonly policy?: Partial<SessionPolicy>;
  /** Compute Workers by the name of their binding. @default none */
  readonly services?: Readonly<Record<string, ComputeService>>;
  /**
   * Sends a message into the queue of jobs. @default the application has none
   * @internal
   */
  readonly send?: (message: JobMessage) => Promise<void>;
  /**
   * Called when the object's memory is lost, and with it every call that it has not answered.
   * @internal
   */
  readonly stopped?: () => void;
  /**
   * The bucket for the files of users.
   *
   * @default none: the session stores them itself
   * @internal
   */
  readonly bucket?: FileBucket;
  /** The bindings that page functions see as `env`. @default {} */
  readonly env?: object;
  /**
   * Returns the middleware's answer when an open page passes it again.
   *
   * @default 'admitted'
   */
  readonly admits?: (path: string) => Admission | Promise<Admission>;
  /** The headers that the browser sends, such as `{ 'accept-language': 'de-CH' }`. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time zone of the browser, such as `Europe/Zurich`. @default 'UTC' */
  readonly timeZone?: string;
  /** False turns warnings for authors off. @default true */
  readonly development?: boolean;
  /** Milliseconds that the next message travels. @default 1 */
  readonly latency?: () => number;
  /** Called with errors that the code of pages threw, beside the application's own handler. @default none */
  readonly onError?: PageErrorHandler;
  /**
   * @default a store that works
   * @internal
   */
  readonly store?: MemoryStore;
  /**
   * Kills the object once at each await of a handler; see the option of {@link open}.
   *
   * @default false
   */
  readonly alwaysReplay?: boolean;
  /**
   * Evicts the object whenever it may sleep; see the option of {@link open}.
   *
   * @default false
   */
  readonly alwaysEvict?: boolean;
}

interface Connected {
  readonly page: string;
  path: string;
  readonly fork: boolean;
  readonly before: string | undefined;
}

/**
 * The server of one session in a test.
 * Runs the real session over a store in memory. A test can kill, evict and deploy it.
 */
export class TestServer {
  /**
   * The rows that the session has stored.
   * @internal
   */
  readonly store: MemoryStore;
  /** The session's entries in the Worker's log. */
  readonly log: LogEntry[] = [];
  /** Every socket so far, oldest first. */
  readonly connections: Wire[] = [];
  readonly #options: ServerOptions;
  #application: Application;
  #build = 1;
  #session: Session;
  readonly #wires = new Map<Wire, Connected>();
  #alarm: Timer | undefined;
  #alarmAt: number | null = null;
  /** True while the object works on an alarm. */
  #ringing = false;
  /** Number of builds that still have to fail, and their error. */
  #failing = { left: 0, error: new Error('The page function fails in this test.') as unknown, later: false };
  /** The activation whose storage throws, because a new version of the code has taken it. */
  #staleActivation = -1;
  /** Number of activations. Work that a killed object left undone must not touch the next one. */
  #activation = 0;
  /** The furthest position of each open run at which the object was killed for it, by page and number; see {@link ServerOptions.alwaysReplay}. */
  #replayed = new Map<string, number>();
  /** The pending timers of the object, which are lost with its memory. */
  #timers = new Set<Timer>();
  /** Number of kills at an await of a handler. */
  replays = 0;
  /** Number of evictions so far. */
  evictions = 0;
  /** Resolves when the object's memory is lost. */
  #death = Promise.withResolvers<'died'>();
  /** True while {@link ServerOptions.alwaysEvict} has a look pending. */
  #looking = false;

  /** Starts a session with empty storage. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.store = options.store ?? new MemoryStore();
    this.#application = applicationOf(options.pages, 'build 1');
    this.#session = this.#start();
    this.#application.attach?.(options.name ?? 'test', (name, text) => this.#send(name, text));
    if (options.alwaysReplay) this.store.committed = () => this.#replayAwaits();
    options.shared?.attach(options.name ?? 'test', this);
  }

  /** @internal */
  get session(): Session {
    return this.#session;
  }

  /** The session's sockets, oldest first. Some may be half-open. */
  get wires(): readonly Wire[] {
    return [...this.#wires.keys()].filter((wire) => wire.openAtSession);
  }

  /** Reasons why the object is in memory now; empty when it may sleep. */
  whyAwake(): string[] {
    return this.#session.whyAwake();
  }

  /** Errors of pages' code and of the framework so far. */
  get errors(): readonly unknown[] {
    return this.log.filter((entry) => entry.level === 'error').map((entry) => entry.error ?? entry.message);
  }

  /** Sends an event, as `app.send` does. Resolves when the event is durable, so time has to pass: see {@link User.send}. */
  async send(name: string, value?: unknown): Promise<void> {
    const text = encode(value, 'An event');
    // Because a session hears it in a turn of its own, also when one of its handlers sends it.
    await undefined;
    return this.#send(name, text);
  }

  /** Sends again what an object has not stored before it died. */
  async #send(name: string, text: string): Promise<void> {
    let death: 'died' | undefined;
    do {
      death = await Promise.race([this.#session.send(name, text).then(() => undefined), this.#death.promise]);
    } while (death);
  }

  /**
   * Takes an upload by its ticket, part for part, as the Worker does.
   * @internal
   */
  async upload(ticket: string, bytes: Uint8Array, type: string): Promise<Received | Refusal> {
    const wrong = contradiction(safeType(type), bytes);
    if (wrong !== undefined) {
      await this.#session.files.refusePart(ticket, wrong);
      return { problem: wrong, status: 415 };
    }
    for (;;) {
      // As a browser does with a part whose object has died.
      const next = await this.#ask(({ files }) => files.nextPart(ticket));
      if (next === 'died') continue;
      if ('problem' in next) return next;
      const part = bytes.subarray(next.received, next.received + next.part);
      const stored =
        next.bucket && (await this.#options.bucket?.write(next.bucket.key, next.bucket.upload, next.bucket.n, part));
      const sent = stored === undefined ? part : { n: next.bucket?.n ?? 1, length: part.length, etag: stored };
      const answer = await this.#ask(({ files }) => files.takePart(ticket, next.received, sent));
      if (answer !== 'died' && ('problem' in answer || answer.done)) return answer;
    }
  }

  /** Reads a file of the session. @throws {Error} (rejects) when there is none. */
  async read(file: { readonly id: string }): Promise<Uint8Array> {
    return new Response(await this.#session.files.open(file.id)).bytes();
  }

  /**
   * Answers a GET of a page.
   * @internal
   */
  async open(path: string, page?: string, visit?: Visit): Promise<Opened> {
    const visitor = this.#visitorAt(path);
    for (;;) {
      try {
        // As the Worker does with a call whose object has died.
        const opened = await this.#ask((session) => session.open(path, page, visit, visitor));
        if (opened !== 'died') return opened;
      } catch (error) {
        // As the Worker does with errors that the platform marks as retryable.
        if (!(error as { retryable?: boolean }).retryable) throw error;
        return this.#session.open(path, page, visit, visitor);
      }
    }
  }

  /** Calls the object. */
  async #ask<T>(call: (session: Session) => Promise<T>): Promise<T | 'died'> {
    const answer = call(this.#session);
    answer.catch(() => {});
    return Promise.race([answer, this.#death.promise]);
  }

  /**
   * Accepts a socket.
   * @internal
   */
  connect(target: Target, path: string, near: SocketEvents): Wire {
    const wire: Wire = new Wire(
      this.#options.clock,
      {
        message: (socket, data) => {
          void this.#session.message(socket, data);
          this.#worked();
        },
        closed: (socket) => {
          this.#wires.delete(socket);
          this.#session.closed(socket);
          this.#worked();
        },
      },
      near,
      this.#options.latency ?? (() => 1),
    );
    const { admits } = this.#options;
    const connected = { page: target.page, path, fork: target.fork, before: target.before };
    wire.visitor = this.#visitorAt(path);
    if (admits) wire.admission = async () => admits(connected.path);
    wire.moved = (page, path) => {
      Object.assign(connected, { page, path, fork: false });
    };
    this.#wires.set(wire, connected);
    this.connections.push(wire);
    this.#session.connect(wire, connected);
    return wire;
  }

  /** Kills the object now: sockets drop, and uncommitted changes are lost. */
  kill(): void {
    this.#stop();
    const wires = [...this.#wires.keys()];
    this.#wires.clear();
    this.#session = this.#start();
    for (const wire of wires) {
      wire.cut('browser');
      wire.notice('browser');
    }
  }

  /**
   * Evicts the object and wakes it with only its store and its sockets, as the platform does with an idle
   * object.
   *
   * @param force evicts a busy object too. Uncommitted changes are lost, and sockets stay nevertheless.
   * @throws {Error} when the object is busy, without `force`. The message says with what.
   */
  evict(force = false): void {
    const reasons = this.#session.whyAwake();
    if (reasons.length > 0 && !force) {
      throw new Error(`The object does not sleep now: ${reasons.join('; ')}. Let time pass, or use kill().`);
    }
    this.evictions++;
    this.#stop();
    this.#session = this.#start();
    for (const [wire, connected] of this.#wires) {
      if (!wire.openAtSession) continue;
      if (wire.memory) this.#session.wake(wire, wire.memory, connected.path);
      else this.#session.connect(wire, connected);
    }
  }

  /**
   * Deploys another version of the application. An idle object retains its sockets and runs the new code; a
   * busy one is reset.
   *
   * @param options `stale` leaves the old instance running: it still receives messages, and each call of its
   *   storage throws, as on the platform after a deploy. The new instance takes over when the old one aborts,
   *   or by `kill` and `evict`.
   */
  deploy(pages: Pages = this.#options.pages, { stale = false }: { readonly stale?: boolean } = {}): void {
    this.#application = applicationOf(pages, `build ${++this.#build}`);
    if (stale) {
      this.#staleActivation = this.#activation;
      return;
    }
    if (this.#session.whyAwake().length > 0) this.kill();
    else this.evict();
  }

  /**
   * Saves another version of the application, as an author does while the development server runs. The object's
   * memory stays: its jobs, timers and sockets. Its pages are built again.
   * @internal
   */
  save(pages: Pages = this.#options.pages): void {
    this.#application = applicationOf(pages, `build ${++this.#build}`);
    this.#unlessStale(this.#activation, () => this.#session.renew());
  }

  /**
   * Makes the next builds of pages fail, as when the database of a page function is away.
   *
   * @param times number of failing builds; 0 ends the failures.
   * @default Number.POSITIVE_INFINITY
   * @param options `error` is the error to throw; `later` throws it after an await instead of at once.
   *
   * @example
   * user.server.failBuilds(3);
   * user.server.kill();                    // the session has to rebuild the page
   * user.find('Count').click();
   * await user.shouldSee('1', { within: '30s' });
   */
  failBuilds(
    times = Number.POSITIVE_INFINITY,
    options: { readonly error?: unknown; readonly later?: boolean } = {},
  ): void {
    const { error = new Error('The page function fails in this test.'), later = false } = options;
    this.#failing = { left: times, error, later };
  }

  /** Rings the alarm now, whether or not it is due, because alarms ring at least once and sometimes late. */
  ring(): void {
    void this.#rang();
  }

  /** Time of the alarm in milliseconds since the epoch; null without one. */
  get alarmAt(): number | null {
    return this.#alarmAt;
  }

  /** Ends the object for good, without a notice. */
  stop(): void {
    this.#stop();
    this.#setAlarm(null);
  }

  /** Kills the object when a handler awaits at a position where it was not killed before. */
  #replayAwaits(): void {
    let further = false;
    for (const page of this.#session.pages.values()) {
      for (const run of page.handlers.stored) {
        const name = `${page.id} ${run.origin.id}`;
        // Because a replay passes earlier positions again.
        if (run.position <= (this.#replayed.get(name) ?? -1)) continue;
        this.#replayed.set(name, run.position);
        further = true;
      }
    }
    const activation = this.#activation;
    if (!further) return;
    // After the commit's own work, and before the next commit.
    this.#options.clock.after(0, () => {
      if (activation !== this.#activation) return;
      this.replays++;
      this.kill();
    });
  }

  /** Evicts the object, if it may sleep, once all that runs now has come to its next await. */
  #worked(): void {
    if (!this.#options.alwaysEvict || this.#looking) return;
    this.#looking = true;
    const activation = this.#activation;
    this.#options.clock.after(0, () => {
      this.#looking = false;
      if (activation === this.#activation && this.#session.whyAwake().length === 0) this.evict();
    });
  }

  #stop(): void {
    this.#activation++;
    this.#options.stopped?.();
    this.#session.abandon();
    this.#death.resolve('died');
    this.#death = Promise.withResolvers();
    for (const timer of this.#timers) this.#options.clock.clear(timer);
    this.#timers.clear();
    if (!this.#ringing) return;
    // The platform repeats an alarm whose object has died.
    this.#ringing = false;
    this.#setAlarm(this.#options.clock.now());
  }

  #start(): Session {
    const {
      clock,
      policy,
      services,
      send,
      development = true,
      onError,
      env = {},
      name = 'test',
      shared,
    } = this.#options;
    const application = () => this.#application;
    const activation = ++this.#activation;
    const alive = () => activation === this.#activation;
    const timers = new Set<Timer>();
    this.#timers = timers;
    return new Session({
      name,
      ...(shared && { shared: (of: string) => shared.object(of, alive) }),
      clock: engineClock({
        now: () => clock.now(),
        random: () => clock.random(),
        newId: () => clock.newId(),
        after: (ms, fn) => {
          // Because timers of every real runtime carry the async context of the code that set them.
          const within = capture();
          const timer = clock.after(ms, () => {
            timers.delete(timer);
            within(() => this.#unlessStale(activation, fn));
            this.#worked();
          });
          if (alive()) timers.add(timer);
          else clock.clear(timer);
          return timer;
        },
        clear: (timer) => {
          timers.delete(timer);
          clock.clear(timer);
        },
      }),
      store: this.#storeOf(activation),
      get build() {
        return application().build;
      },
      development,
      get policy() {
        return { ...application().policy, ...policy };
      },
      match: (path) => this.#breakable(application().match(path, { env, session: name, development })),
      service: (binding) => services?.[binding],
      ...(send && { send }),
      bucket: () => this.#options.bucket,
      keepAlive: (promise) => void promise.catch(() => {}),
      alarm: (at) => {
        if (alive()) this.#setAlarm(at);
      },
      // Code of a dead object still runs in this process, and what it does means nothing.
      log: (entry) => {
        if (alive()) this.log.push(entry);
      },
      onError: (error, where) => Promise.all([onError?.(error, where), application().onError?.(error, where)]),
    });
  }

  #visitorAt(path: string): Visitor {
    const { headers = {}, timeZone } = this.#options;
    const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return { origin: 'http://test', path, headers: names, ...(timeZone && { timeZone }) };
  }

  /** Runs a timer of an activation. An error of replaced storage ends with its instance. */
  #unlessStale(activation: number, fn: () => void): void {
    try {
      fn();
    } catch (error) {
      if (activation !== this.#staleActivation || !isReset(error)) throw error;
    }
  }

  /** Returns the store as one activation of the object sees it. */
  #storeOf(activation: number): Store {
    return new Proxy<Store>(this.store, {
      get: (store, name) => {
        const member: unknown = Reflect.get(store, name, store);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (activation !== this.#staleActivation) return member.apply(store, args);
          this.#replace(activation);
          const message = 'Durable Object reset because its code was updated.';
          throw Object.assign(new Error(message), { durableObjectReset: true, retryable: true });
        };
      },
    });
  }

  /** Ends an object whose storage reports a replacement, so that the new one takes over. */
  #replace(activation: number): void {
    if (activation !== this.#activation) return;
    this.#session.abandon();
    queueMicrotask(() => {
      if (activation === this.#activation) this.kill();
    });
  }

  /** Wraps a page function that fails while {@link TestServer.failBuilds} requests it. */
  #breakable(found: ReturnType<Application['match']>): ReturnType<Application['match']> {
    if (!found) return undefined;
    const build = (request: PageRequest) => {
      const failing = this.#failing;
      if (failing.left <= 0) return found.definition.build(request);
      failing.left--;
      if (failing.later) return Promise.reject(failing.error);
      throw failing.error;
    };
    return { ...found, definition: { pattern: found.definition.pattern, build } };
  }

  #setAlarm(at: number | null): void {
    const { clock } = this.#options;
    if (this.#alarm !== undefined) clock.clear(this.#alarm);
    this.#alarm = undefined;
    this.#alarmAt = at;
    if (at === null) return;
    this.#alarm = clock.after(at - clock.now(), () => {
      this.#alarm = undefined;
      this.#alarmAt = null;
      void this.#rang();
    });
  }

  async #rang(): Promise<void> {
    const session = this.#session;
    const pending = this.store.due().length > 0;
    this.#ringing = true;
    try {
      await session.alarm();
      if (session === this.#session) this.#ringing = false;
      this.#worked();
    } catch (error) {
      if (session === this.#session || !(error as { retryable?: boolean }).retryable) throw error;
      // The platform rings again, in the instance that has taken over.
      return this.#rang();
    }
    // A session that has ended leaves an object with empty storage.
    if (pending && session === this.#session && this.store.due().length === 0) this.#session = this.#start();
  }
}
