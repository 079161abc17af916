import type { SocketEvents, Target } from '../../client/connection/link.ts';
import type { Timer } from '../clock/index.ts';
import type { Paint } from '../protocol/index.ts';
import {
  defaultPolicy,
  type LogEntry,
  type PageDefinition,
  type PageRequest,
  Session,
  type SessionPolicy,
} from '../session/index.ts';
import { MemoryStore } from '../storage/index.ts';
import type { ComputeService } from '../tasks/index.ts';
import type { VirtualClock } from './clock.ts';
import { Wire } from './wire.ts';

/** Finds the page for a path, as an application does. */
export type Match = (path: string) => { readonly definition: PageDefinition; readonly request: PageRequest } | undefined;

export interface ServerOptions {
  readonly match: Match;
  readonly clock: VirtualClock;
  readonly policy?: Partial<SessionPolicy>;
  readonly services?: Readonly<Record<string, ComputeService>>;
  readonly development?: boolean;
  readonly latency?: () => number;
  readonly onError?: (error: unknown) => void;
}

/** The server of one session in a test: the real session over a store in memory, which can be killed, put to sleep and deployed. */
export class TestServer {
  readonly store = new MemoryStore();
  readonly log: LogEntry[] = [];
  readonly #options: ServerOptions;
  #match: Match;
  #build = 1;
  #session: Session;
  #wires = new Set<Wire>();
  #alarm: Timer | undefined;
  #alarmAt: number | null = null;
  /** Counts lives: work of a killed object must not touch the next one. */
  #life = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#match = options.match;
    this.#session = this.#start();
  }

  get session(): Session {
    return this.#session;
  }

  get wires(): readonly Wire[] {
    return [...this.#wires].filter((wire) => wire.open);
  }

  open(path: string, page?: string): Promise<Paint | 'missing'> {
    return this.#session.open(path, page);
  }

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
    this.#wires.add(wire);
    this.#session.connect(wire, { page: target.page, path, fork: target.fork });
    return wire;
  }

  /** Kills the object at this moment: sockets drop and everything that was not committed is lost. */
  kill(): void {
    this.#stop();
    this.#session = this.#start();
    for (const wire of this.#wires) wire.cut('browser');
    this.#wires.clear();
  }

  /** Puts the object to sleep: memory is lost, sockets stay. The platform does it to idle objects only. */
  evict(): void {
    this.#stop();
    this.#session = this.#start();
    for (const wire of this.wires) if (wire.memory) this.#session.wake(wire, wire.memory);
  }

  /** Brings up another version of the application. Sockets of an idle object stay and meet the new code. */
  deploy(match: Match): void {
    this.#match = match;
    this.#build++;
    if (this.#session.whyAwake().length > 0) this.kill();
    else this.evict();
  }

  #stop(): void {
    this.#life++;
    // The old object's timers must not fire any more; in the real world they went with its memory.
    this.#session.abandon();
  }

  #start(): Session {
    const { clock, policy, services, development, onError } = this.#options;
    const life = ++this.#life;
    const alive = () => life === this.#life;
    return new Session({
      name: 'test',
      clock: {
        now: () => clock.now(),
        random: () => clock.random(),
        after: (ms, fn) => clock.after(ms, () => alive() && fn()),
        clear: (timer) => clock.clear(timer),
      },
      store: this.store,
      build: `build ${this.#build}`,
      development: development ?? true,
      policy: { ...defaultPolicy, ...policy },
      match: (path) => this.#match(path),
      service: (binding) => services?.[binding],
      keepAlive: () => {},
      alarm: (at) => this.#setAlarm(at),
      log: (entry) => this.log.push(entry),
      ...(onError && { onError }),
    });
  }

  #setAlarm(at: number | null): void {
    if (this.#alarm !== undefined) this.#options.clock.clear(this.#alarm);
    this.#alarm = undefined;
    this.#alarmAt = at;
    if (at === null) return;
    this.#alarm = this.#options.clock.after(at - this.#options.clock.now(), () => {
      this.#alarm = undefined;
      this.#alarmAt = null;
      void this.#session.alarm();
    });
  }

  get alarmAt(): number | null {
    return this.#alarmAt;
  }
}

/** Pages by path, for tests without an application. */
export function pages(builders: Readonly<Record<string, () => unknown>>): Match {
  return (path) => {
    const [name = '/', search = ''] = path.split('?');
    const build = builders[name];
    if (!build) return undefined;
    return {
      definition: { pattern: name, build: () => build() },
      request: { path, params: {}, query: new URLSearchParams(search) },
    };
  };
}
