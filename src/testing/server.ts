import type { SocketEvents, Target } from '../../client/connection/connection.ts';
import type { Timer } from '../clock/index.ts';
import { capture } from '../context/index.ts';
import type { Paint } from '../protocol/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import {
  type Admission,
  type JobMessage,
  type LogEntry,
  Session,
  type SessionHost,
  type SessionPolicy,
} from '../session/index.ts';
import { encode, MemoryStore } from '../storage/index.ts';
import type { VirtualClock } from './clock.ts';
import { Wire } from './network.ts';
import { type Application, applicationOf, type Pages } from './pages.ts';
import type { TestShared } from './shared.ts';

export interface ServerOptions {
  /** Name of the session. Default `test`. */
  readonly name?: string;
  /** What it shares with other servers. Default nothing. */
  readonly shared?: TestShared;
  readonly pages: Pages;
  readonly clock: VirtualClock;
  /** How long pages and sessions are kept, where it differs from the application's own. */
  readonly policy?: Partial<SessionPolicy>;
  readonly services?: Readonly<Record<string, ComputeService>>;
  /** Sends a message into the queue of jobs. Default: the application has none. */
  readonly send?: (message: JobMessage) => Promise<void>;
  /** Called when the object's memory is gone, and with it each call that it has not answered. */
  readonly stopped?: () => void;
  /** The bindings that page functions see as `env`. */
  readonly env?: object;
  /** What the application's middleware says when it is asked again whether a browser may have the page at a path. Default `admitted`. */
  readonly admits?: (path: string) => Admission | Promise<Admission>;
  /** Default true: warnings for authors are on. */
  readonly development?: boolean;
  /** Milliseconds that the next message travels. Default 1. */
  readonly latency?: () => number;
  readonly onError?: NonNullable<SessionHost['onError']>;
  /** Default a store that works. */
  readonly store?: MemoryStore;
  /** Kills the object once at each await of a handler: see the option of `open`. Default false. */
  readonly alwaysReplay?: boolean;
}

interface Connected {
  readonly page: string;
  readonly path: string;
  readonly fork: boolean;
}

/** The server of one session in a test: the real session over a store in memory, which can be killed, put to sleep and deployed. */
export class TestServer {
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
  /** Counts lives: what a killed object left undone must not touch the next one. */
  #life = 0;
  /** How far each open run was when the object was killed for it, by page and number; see {@link ServerOptions.alwaysReplay}. */
  #replayed = new Map<string, number>();
  /** How often the object was killed because a handler waited. */
  replays = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.store = options.store ?? new MemoryStore();
    this.#application = applicationOf(options.pages, 'build 1');
    this.#session = this.#start();
    this.#application.attach?.(options.name ?? 'test', (name, text) => this.#session.send(name, text));
    if (options.alwaysReplay) this.store.committed = () => this.#replayAwaits();
    options.shared?.attach(options.name ?? 'test', this);
  }

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

  /** Answers a GET of a page. */
  open(path: string, page?: string): Promise<Paint | 'missing'> {
    return this.#session.open(path, page);
  }

  /** Accepts a socket. */
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

  /** Brings up another version of the application. An idle object keeps its sockets and meets the new code; a busy one is reset. */
  deploy(pages: Pages = this.#options.pages): void {
    this.#application = applicationOf(pages, `build ${++this.#build}`);
    if (this.#session.whyAwake().length > 0) this.kill();
    else this.evict();
  }

  /** Rings the alarm now, whether or not it is due: alarms ring at least once, and sometimes late. */
  ring(): void {
    void this.#rang();
  }

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
        after(ms, fn) {
          // Timers of every real runtime carry the async context of the code that set them.
          const within = capture();
          // The timers of a dead object went with its memory.
          return clock.after(ms, () => alive() && within(fn));
        },
        clear: (timer) => clock.clear(timer),
      },
      store: this.store,
      build: application.build,
      development,
      policy: { ...application.policy, ...policy },
      match: (path) => application.match(path, { env, session: name, development }),
      service: (binding) => services?.[binding],
      ...(send && { send }),
      keepAlive: (promise) => void promise.catch(() => {}),
      alarm: (at) => {
        if (alive()) this.#setAlarm(at);
      },
      log: (entry) => this.log.push(entry),
      onError: (error, where) => {
        onError?.(error, where);
        application.onError?.(error, where);
      },
    });
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
    await session.alarm();
    // A session that has ended leaves an object that begins anew.
    if (kept && session === this.#session && this.store.due().length === 0) this.#session = this.#start();
  }
}
