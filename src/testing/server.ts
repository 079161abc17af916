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
  /** What it shares with other servers. @default nothing */
  readonly shared?: TestShared;
  /** The application, or page functions by path. */
  readonly pages: Pages;
  /** The clock of the session and of its browsers. */
  readonly clock: VirtualClock;
  /**
   * How long pages and sessions are kept, where it differs from the application's own.
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
   * Called when the object's memory is gone, and with it each call that it has not answered.
   * @internal
   */
  readonly stopped?: () => void;
  /** The bindings that page functions see as `env`. @default {} */
  readonly env?: object;
  /** What the application's middleware says when it is asked again whether a browser may have the page at a path. @default 'admitted' */
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
  /** Kills the object once at each await of a handler: see the option of `open`. @default false */
  readonly alwaysReplay?: boolean;
}

interface Connected {
  readonly page: string;
  readonly path: string;
  readonly fork: boolean;
}

/** The server of one session in a test: the real session over a store in memory, which can be killed, put to sleep and deployed. */
export class TestServer {
  /**
   * What the session has stored.
   * @internal
   */
  readonly store: MemoryStore;
  /** What the session wrote to the Worker's log. */
  readonly log: LogEntry[] = [];
  /** Every socket there has been, oldest first. */
  readonly connections: Wire[] = [];
  readonly #options: ServerOptions;
  #application: Application;
  #build = 1;
  #session: Session;
  readonly #wires = new Map<Wire, Connected>();
  #alarm: Timer | undefined;
  #alarmAt: number | null = null;
  /** Builds of pages that are still to fail, and what they throw. */
  #failing = { left: 0, error: new Error('The page function fails in this test.') as unknown, later: false };
  /** The life whose storage throws, because a new version of the code has taken it. */
  #staleLife = -1;
  /** Counts lives: what a killed object left undone must not touch the next one. */
  #life = 0;
  /** How far each open run was when the object was killed for it, by page and number; see {@link ServerOptions.alwaysReplay}. */
  #replayed = new Map<string, number>();
  /** How often the object was killed because a handler waited. */
  replays = 0;

  /** Starts a session that has stored nothing. */
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

  /** The sockets that the session holds, oldest first; some may be half-open. */
  get wires(): readonly Wire[] {
    return [...this.#wires.keys()].filter((wire) => wire.openAtSession);
  }

  /** What keeps the object in memory now; empty when it may sleep. */
  whyAwake(): string[] {
    return this.#session.whyAwake();
  }

  /** Errors that the code of pages, or the framework, has thrown so far. */
  get errors(): readonly unknown[] {
    return this.log.filter((entry) => entry.level === 'error').map((entry) => entry.error ?? entry.message);
  }

  /** Sends an event, as `app.send` does. Settles when it is durable. */
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
      // As the Worker does with what the platform says may be asked again.
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

  /** Kills the object at this moment: sockets drop and everything that was not committed is lost. */
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
   * Puts the object to sleep and wakes it with nothing but its store and its sockets. The platform does this to an object
   * that nothing keeps awake.
   *
   * @param force does it in any case; what was not committed is lost, and sockets stay nevertheless.
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
   * Brings up another version of the application. An idle object keeps its sockets and meets the new code; a busy one is reset.
   *
   * @param options with `stale`, the old instance goes on for now: it still hears its sockets, and each call of its storage throws, as on
   *   the platform after an update of the code. The new one takes over when the old one asks for it, or by `kill` and `evict`.
   */
  deploy(pages: Pages = this.#options.pages, { stale = false }: { readonly stale?: boolean } = {}): void {
    this.#application = applicationOf(pages, `build ${++this.#build}`);
    if (stale) {
      this.#staleLife = this.#life;
      return;
    }
    if (this.#session.whyAwake().length > 0) this.kill();
    else this.evict();
  }

  /**
   * Has the next builds of pages fail, as when a database is away that page functions read.
   *
   * @param times how many builds fail; 0 ends it.
   * @default Number.POSITIVE_INFINITY
   * @param options `error` is what they throw; `later` has them throw after an await instead of at once.
   *
   * @example
   * user.server.failBuilds(3);
   * user.server.kill();                    // the page has to be built again
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

  /** Rings the alarm now, whether or not it is due: alarms ring at least once, and sometimes late. */
  ring(): void {
    void this.#rang();
  }

  /** When the alarm is due, in milliseconds since the epoch; null without one. */
  get alarmAt(): number | null {
    return this.#alarmAt;
  }

  /** Ends the object for good, silently. */
  stop(): void {
    this.#stop();
    this.#setAlarm(null);
  }

  /** Kills the object when a handler waits at a place where it was not killed before. */
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
    const life = this.#life;
    if (!further) return;
    // After the commit's own work, and before anything else is committed.
    this.#options.clock.after(0, () => {
      if (life !== this.#life) return;
      this.replays++;
      this.kill();
    });
  }

  #stop(): void {
    this.#life++;
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
    const life = ++this.#life;
    const alive = () => life === this.#life;
    return new Session({
      name,
      ...(shared && { shared: (of: string) => shared.object(of, alive) }),
      clock: {
        now: () => clock.now(),
        random: () => clock.random(),
        after: (ms, fn) => {
          // Timers of every real runtime carry the async context of the code that set them.
          const within = capture();
          return clock.after(ms, () => {
            // The timers of a dead object went with its memory.
            if (alive()) within(() => this.#unlessStale(life, fn));
          });
        },
        clear: (timer) => clock.clear(timer),
      },
      store: this.#storeOf(life),
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

  /** Runs a timer of a life. What it throws when its storage is gone ends with the instance. */
  #unlessStale(life: number, fn: () => void): void {
    try {
      fn();
    } catch (error) {
      if (life !== this.#staleLife || !isReset(error)) throw error;
    }
  }

  /** The store as one life of the object sees it. */
  #storeOf(life: number): Store {
    return new Proxy<Store>(this.store, {
      get: (store, name) => {
        const member: unknown = Reflect.get(store, name, store);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (life !== this.#staleLife) return member.apply(store, args);
          this.#replace(life);
          const message = 'Durable Object reset because its code was updated.';
          throw Object.assign(new Error(message), { durableObjectReset: true, retryable: true });
        };
      },
    });
  }

  /** What an object does whose storage says that it was replaced: it stops, and the new one takes over. */
  #replace(life: number): void {
    if (life !== this.#life) return;
    this.#session.abandon();
    queueMicrotask(() => {
      if (life === this.#life) this.kill();
    });
  }

  /** A page function that fails while {@link TestServer.failBuilds} says so. */
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
    const kept = this.store.due().length > 0;
    try {
      await session.alarm();
    } catch (error) {
      if (session === this.#session || !(error as { retryable?: boolean }).retryable) throw error;
      // The platform rings again, in the instance that has taken over.
      return this.#rang();
    }
    // A session that has ended leaves an object that begins anew.
    if (kept && session === this.#session && this.store.due().length === 0) this.#session = this.#start();
  }
}
