import type { SocketEvents, Target } from '../../client/connection/connection.ts';
import type { Timer } from '../clock/index.ts';
import { capture } from '../context/index.ts';
import type { Paint } from '../protocol/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import {
  type Admission,
  type JobMessage,
  type LogEntry,
  type PageErrorHandler,
  type PageRequest,
  Session,
  type SessionPolicy,
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
  /** The bindings that page functions see as `env`. @default {} */
  readonly env?: object;
  /**
   * Returns the middleware's answer when an open page passes it again.
   *
   * @default 'admitted'
   */
  readonly admits?: (path: string) => Admission | Promise<Admission>;
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
}

interface Connected {
  readonly page: string;
  readonly path: string;
  readonly fork: boolean;
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
  /** Number of builds that still have to fail, and their error. */
  #failing = { left: 0, error: new Error('The page function fails in this test.') as unknown, later: false };
  /** The activation whose storage throws, because a new version of the code has taken it. */
  #staleActivation = -1;
  /** Number of activations. Work that a killed object left undone must not touch the next one. */
  #activation = 0;
  /** Position of each open run when the object was killed for it, by page and number; see {@link ServerOptions.alwaysReplay}. */
  #replayed = new Map<string, number>();
  /** Number of kills at an await of a handler. */
  replays = 0;

  /** Starts a session with empty storage. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.store = options.store ?? new MemoryStore();
    this.#application = applicationOf(options.pages, 'build 1');
    this.#session = this.#start();
    this.#application.attach?.(options.name ?? 'test', (name, text) => this.#session.send(name, text));
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

  /** Sends an event, as `app.send` does. Resolves when the event is durable. */
  send(name: string, value?: unknown): Promise<void> {
    return this.#session.send(name, encode(value, 'An event'));
  }

  /**
   * Answers a GET of a page.
   * @internal
   */
  async open(path: string, page?: string): Promise<Paint | 'missing'> {
    try {
      return await this.#session.open(path, page);
    } catch (error) {
      // As the Worker does with errors that the platform marks as retryable.
      if (!(error as { retryable?: boolean }).retryable) throw error;
      return this.#session.open(path, page);
    }
  }

  /**
   * Accepts a socket.
   * @internal
   */
  connect(target: Target, path: string, near: SocketEvents): Wire {
    const wire: Wire = new Wire(
      this.#options.clock,
      {
        message: (socket, data) => void this.#session.message(socket, data),
        closed: (socket) => {
          this.#wires.delete(socket);
          this.#session.closed(socket);
        },
      },
      near,
      this.#options.latency ?? (() => 1),
    );
    const { admits } = this.#options;
    if (admits) wire.admission = async () => admits(path);
    const connected = { page: target.page, path, fork: target.fork };
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
   */
  evict(force = false): void {
    const reasons = this.#session.whyAwake();
    if (reasons.length > 0 && !force) {
      throw new Error(`The object does not sleep now: ${reasons.join('; ')}. Let time pass, or use kill().`);
    }
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
        const name = `${page.id} ${run.id}`;
        if (this.#replayed.get(name) === run.position) continue;
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

  #stop(): void {
    this.#activation++;
    this.#session.abandon();
    this.#options.stopped?.();
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
    const application = this.#application;
    const activation = ++this.#activation;
    const alive = () => activation === this.#activation;
    return new Session({
      name,
      ...(shared && { shared: (of: string) => shared.object(of, alive) }),
      clock: {
        now: () => clock.now(),
        random: () => clock.random(),
        after: (ms, fn) => {
          // Because timers of every real runtime carry the async context of the code that set them.
          const within = capture();
          return clock.after(ms, () => {
            // A dead object's timers are lost with its memory.
            if (alive()) within(() => this.#unlessStale(activation, fn));
          });
        },
        clear: (timer) => clock.clear(timer),
      },
      store: this.#storeOf(activation),
      build: application.build,
      development,
      policy: { ...application.policy, ...policy },
      match: (path) => this.#breakable(application.match(path, { env, session: name, development })),
      service: (binding) => services?.[binding],
      ...(send && { send }),
      keepAlive: (promise) => void promise.catch(() => {}),
      alarm: (at) => {
        if (alive()) this.#setAlarm(at);
      },
      log: (entry) => this.log.push(entry),
      onError: (error, where) => Promise.all([onError?.(error, where), application.onError?.(error, where)]),
    });
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
    try {
      await session.alarm();
    } catch (error) {
      if (session === this.#session || !(error as { retryable?: boolean }).retryable) throw error;
      // The platform rings again, in the instance that has taken over.
      return this.#rang();
    }
    // A session that has ended leaves an object with empty storage.
    if (pending && session === this.#session && this.store.due().length === 0) this.#session = this.#start();
  }
}
