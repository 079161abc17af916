import {
  Connection,
  type ConnectionPorts,
  type ConnectionStart,
  type ConnectionStorage,
  type SocketEvents,
  type Target,
} from '../../client/connection/index.ts';
import { Watchdog } from '../../client/connection/watchdog.ts';
import { Edits } from '../../client/tree/edits.ts';
import { learn, Replica } from '../../client/tree/index.ts';
import { writes } from '../../client/tree/writes.gen.ts';
import type { Clock } from '../../src/clock/index.ts';
import type { DownFrame, EndReason, NodeLiteral } from '../../src/protocol/index.ts';

learn(writes);

/** Time that stands still until told to pass. */
export class StillClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; fn: () => void }[] = [];
  chance = 0.5;
  #ids = 0;

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  newId(): string {
    return (++this.#ids).toString(16).padStart(32, '0');
  }

  after(ms: number, fn: () => void): object {
    const timer = { at: this.#now + ms, fn };
    this.#timers.push(timer);
    return timer;
  }

  clear(timer: unknown): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }

  get waiting(): number[] {
    return this.#timers.map((timer) => timer.at - this.#now).sort((a, b) => a - b);
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.clear(next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
    }
    this.#now = end;
  }
}

/** The session's end of a socket, in the hands of a test. */
export class FakeSocket {
  readonly sent: string[] = [];
  readonly target: Target;
  readonly #events: SocketEvents;
  closed = false;

  constructor(target: Target, events: SocketEvents) {
    this.target = target;
    this.#events = events;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.#events.opened();
  }

  cut(): void {
    this.#events.closed();
  }

  say(frame: DownFrame | string): void {
    this.#events.message(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** What was sent since the last call, parsed; `ping` stays text. */
  take(): unknown[] {
    return this.sent.splice(0).map((text) => (text === 'ping' ? text : JSON.parse(text)));
  }
}

export function memory(): ConnectionStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
  };
}

export const tree: NodeLiteral = [
  1,
  'root',
  {},
  [
    [2, 'label', { text: 'zero' }],
    [3, 'button', { text: 'Go', on: { click: 1 } }],
    [4, 'input', { value: '' }],
    [5, 'checkbox', { text: 'ok', value: false }],
  ],
];

/** A link with its store, and everything around it to look at. */
export class Bench {
  readonly clock = new StillClock();
  readonly storage: ReturnType<typeof memory>;
  readonly store: Replica;
  readonly link: Connection;
  readonly watchdog: Watchdog;
  readonly sockets: FakeSocket[] = [];
  readonly notices: string[] = [];
  readonly ends: EndReason[] = [];
  readonly moves: string[] = [];

  constructor(
    { spread, ...start }: Partial<ConnectionStart> & { readonly spread?: number } = {},
    storage = memory(),
    ports: Partial<ConnectionPorts> = {},
  ) {
    this.storage = storage;
    this.store = new Replica(tree, this.clock).use(Edits);
    this.link = new Connection(
      { page: 'p', epoch: 7, frame: 0, event: 0, build: 'b', ...start },
      {
        clock: this.clock,
        storage,
        replica: this.store,
        connect: (target, events) => {
          const socket = new FakeSocket(target, events);
          this.sockets.push(socket);
          return socket;
        },
        notice: (text) => this.notices.push(text),
        ended: (reason) => this.ends.push(reason),
        moved: (page) => this.moves.push(page),
        ...ports,
      },
    );
    this.watchdog = new Watchdog(this.link, this.clock, spread);
    this.store.attach(this.link, this.link.pending);
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    return this.sockets.at(-1) as FakeSocket;
  }

  text(id = 2): unknown {
    return this.store.get(id)?.props.text;
  }

  /** Connects and resumes where the link stands. */
  live(event = 0): this {
    this.link.start();
    this.socket.open();
    this.socket.take();
    this.socket.say(['w', 7, this.link.frame, event]);
    return this;
  }

  click(): number | undefined {
    const number = this.link.send(3, 'click');
    return typeof number === 'number' ? number : undefined;
  }
}
