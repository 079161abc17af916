import type { Socket as BrowserSocket, SocketEvents } from '../../client/connection/link.ts';
import type { Clock } from '../clock/index.ts';
import type { Socket, SocketMemory } from '../session/index.ts';

/** What the far end of a wire hears. */
export interface FarEnd {
  message(socket: Wire, data: string): void;
  closed(socket: Wire): void;
}

/**
 * One socket between a browser and a session, in the test's hands. Messages keep their order in each direction and take
 * `latency` milliseconds; either direction can be held, and the wire can be cut.
 */
export class Wire implements Socket {
  readonly #clock: Clock;
  readonly #far: FarEnd;
  readonly #near: SocketEvents;
  readonly #latency: () => number;
  #down: string[] = [];
  #up: string[] = [];
  #upAt = 0;
  #downAt = 0;
  #held = { up: false, down: false };
  #open = true;
  #closing = false;
  /** What survives a sleep of the object. */
  memory: SocketMemory | undefined;
  /** Everything that was sent down, for tests that look at the bytes. */
  readonly sent: string[] = [];
  /** Everything that was sent up. */
  readonly received: string[] = [];
  /** Characters that the platform reports as unsent; a test sets it to play a slow browser. */
  bufferedAmount = 0;

  constructor(clock: Clock, far: FarEnd, near: SocketEvents, latency: () => number) {
    this.#clock = clock;
    this.#far = far;
    this.#near = near;
    this.#latency = latency;
    clock.after(latency(), () => {
      if (this.#open) near.opened();
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /** The browser's end. */
  get browser(): BrowserSocket {
    return {
      send: (text) => {
        if (!this.#open) return;
        this.#up.push(text);
        this.#upAt = Math.max(this.#upAt, this.#clock.now() + this.#latency());
        this.#clock.after(this.#upAt - this.#clock.now(), () => this.#pump('up'));
      },
      close: () => this.#end(),
    };
  }

  send(text: string): void {
    if (!this.#open) throw new Error('The socket is closed.');
    this.sent.push(text);
    this.#down.push(text);
    this.#downAt = Math.max(this.#downAt, this.#clock.now() + this.#latency());
    this.#clock.after(this.#downAt - this.#clock.now(), () => this.#pump('down'));
  }

  close(): void {
    // What was sent before still arrives, then the browser hears that it is over.
    this.#closing = true;
    this.#downAt = Math.max(this.#downAt, this.#clock.now() + this.#latency());
    this.#clock.after(this.#downAt - this.#clock.now(), () => this.#pump('down'));
  }

  remember(memory: SocketMemory): void {
    this.memory = structuredClone(memory);
  }

  /** Keeps the messages of a direction back until {@link Wire.release}. */
  hold(direction: 'up' | 'down'): void {
    this.#held[direction] = true;
  }

  release(direction: 'up' | 'down'): void {
    this.#held[direction] = false;
    this.#flush(direction);
  }

  /** Messages of a direction that have not arrived. */
  waiting(direction: 'up' | 'down'): readonly string[] {
    return direction === 'up' ? this.#up : this.#down;
  }

  /**
   * Cuts the wire: what has not arrived is lost.
   *
   * @param noticed which ends hear of it now; an end that does not keeps a half-open socket.
   */
  cut(noticed: 'both' | 'browser' | 'session' = 'both'): void {
    if (!this.#open) return;
    this.#open = false;
    this.#up = [];
    this.#down = [];
    if (noticed !== 'session') this.#near.closed();
    if (noticed !== 'browser') this.#far.closed(this);
  }

  /** Repeats the last message that arrived at the session. */
  repeat(): void {
    const last = this.received.at(-1);
    if (this.#open && last !== undefined) this.#far.message(this, last);
  }

  #end(): void {
    if (!this.#open) return;
    // A close by the browser sends what was written before.
    this.#held.up = false;
    this.#flush('up');
    this.#open = false;
    this.#far.closed(this);
  }

  #pump(direction: 'up' | 'down'): void {
    if (this.#held[direction] || !this.#open) return;
    const text = (direction === 'up' ? this.#up : this.#down).shift();
    if (text !== undefined) this.#deliver(direction, text);
    if (direction === 'down' && this.#closing && this.#down.length === 0 && this.#open) {
      this.#open = false;
      this.#near.closed();
      this.#far.closed(this);
    }
  }

  #flush(direction: 'up' | 'down'): void {
    const queue = direction === 'up' ? this.#up : this.#down;
    while (queue.length > 0 && this.#open) this.#deliver(direction, queue.shift() as string);
    if (direction === 'down') this.#pump('down');
  }

  #deliver(direction: 'up' | 'down', text: string): void {
    if (direction === 'down') {
      this.#near.message(text);
    } else if (text === 'ping') {
      this.send('pong');
    } else {
      this.received.push(text);
      this.#far.message(this, text);
    }
  }
}
