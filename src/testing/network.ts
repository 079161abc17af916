import type { Socket as BrowserSocket, SocketEvents } from '../../client/connection/connection.ts';
import type { Timer } from '../clock/index.ts';
import type { Admission, SocketMemory, Visitor } from '../session/index.ts';
import type { VirtualClock } from './clock.ts';

/** The callbacks of the session's end of a wire. */
export interface FarEnd {
  /** Called with a message of the browser. */
  message(socket: Wire, data: string): void;
  /** Called when the session's end notices that the wire is gone. */
  closed(socket: Wire): void;
}

/** `up` from the browser to the session, `down` to the browser. */
export type Direction = 'up' | 'down';
/** The ends that notice a cut. The other end retains a half-open socket, and its messages are lost. */
export type Noticed = 'both' | 'browser' | 'session' | 'nobody';

/** One direction: its messages under way, in order. */
interface Lane {
  queue: string[];
  /** Time at which the last message arrives. A later message cannot overtake it. */
  free: number;
  held: boolean;
  /** A timer for each message that is not due yet. */
  readonly arrivals: Set<Timer>;
}

/**
 * One socket between a browser and a session, controlled by the test.
 * Messages stay in order in each direction and take `latency` milliseconds. A test can hold or slow down each
 * direction, and cut the wire between any two messages.
 */
export class Wire {
  readonly #clock: VirtualClock;
  readonly #far: FarEnd;
  readonly #near: SocketEvents;
  readonly #latency: () => number;
  readonly #lanes: Readonly<Record<Direction, Lane>> = {
    up: { queue: [], free: 0, held: false, arrivals: new Set() },
    down: { queue: [], free: 0, held: false, arrivals: new Set() },
  };
  /** Whether each end considers the wire open. */
  #browserOpen = true;
  #sessionOpen = true;
  /** False once no message gets through, whatever the ends believe. */
  #whole = true;
  #closing = false;
  #rate = Number.POSITIVE_INFINITY;
  /** Changes passing messages: a broken engine part, for tests that must detect one. */
  tamper: ((direction: Direction, text: string) => string) | undefined;
  /**
   * The data that survives a sleep of the object.
   * @internal
   */
  memory: SocketMemory | undefined;
  /**
   * A copy of its page's rows, which survives too.
   * @internal
   */
  rows: string | undefined;
  /**
   * Passes the application's middleware again for the browser's page.
   * @internal
   */
  admission?: () => Promise<Admission>;
  /**
   * The visitor, as the server knows it from the request.
   * @internal
   */
  visitor?: Visitor | undefined;
  /**
   * Called when the browser has another page than the one it asked for, or shows another path of its page.
   * @internal
   */
  moved?: (page: string, path: string) => void;
  /** Every message sent to the browser, for tests of bytes. */
  readonly sent: string[] = [];
  /** Every message that arrived at the session, except heartbeats. */
  readonly received: string[] = [];

  /** @internal */
  constructor(clock: VirtualClock, far: FarEnd, near: SocketEvents, latency: () => number) {
    this.#clock = clock;
    this.#far = far;
    this.#near = near;
    this.#latency = latency;
    clock.after(latency(), () => {
      if (this.#browserOpen && this.#whole) near.opened();
    });
  }

  /** True while messages get through. */
  get open(): boolean {
    return this.#whole && this.#browserOpen && this.#sessionOpen;
  }

  /** True until the session notices that the wire is gone. */
  get openAtSession(): boolean {
    return this.#sessionOpen && !this.#closing;
  }

  /**
   * The browser's end.
   * @internal
   */
  get browser(): BrowserSocket {
    return {
      send: (text) => {
        if (this.#browserOpen) this.#put('up', text);
      },
      close: () => this.#closedByBrowser(),
    };
  }

  // ---- the session's end

  /** Sends a message to the browser, as the session does. @throws {Error} when the socket is closed. */
  send(text: string): void {
    if (!this.#sessionOpen) throw new Error('The socket is closed.');
    this.sent.push(text);
    this.#put('down', text);
  }

  /** Closes the wire from the session's end, after all earlier messages. */
  close(): void {
    if (this.#closing || !this.#sessionOpen) return;
    // Earlier messages still arrive before the browser notices the end.
    this.#closing = true;
    if (!this.#whole) {
      this.#sessionHears();
      return;
    }
    const { down } = this.#lanes;
    down.free = Math.max(down.free, this.#clock.time + this.#latency());
    this.#clock.after(down.free - this.#clock.time, () => this.#pump('down'));
  }

  /** @internal */
  remember(memory: SocketMemory | undefined): void {
    this.memory = structuredClone(memory);
  }

  // ---- the test's controls

  /** Holds the messages of a direction until {@link Wire.release}. */
  hold(direction: Direction): void {
    this.#lanes[direction].held = true;
  }

  /** Delivers the held messages at once. */
  release(direction: Direction): void {
    const lane = this.#lanes[direction];
    if (!lane.held) return;
    lane.held = false;
    while (lane.queue.length > 0 && !lane.held && this.#carries(direction)) this.#deliver(direction);
    if (direction === 'down') this.#finish();
  }

  /** Limits the browser's reading to so many characters a second, also for messages under way. */
  slow(rate: number): void {
    this.#rate = rate;
    const { down } = this.#lanes;
    for (const timer of down.arrivals) this.#clock.clear(timer);
    // Skips messages that are due: they are held, or no longer arrive.
    const rest = down.queue.slice(Math.max(0, down.queue.length - down.arrivals.size));
    down.arrivals.clear();
    down.free = this.#clock.time;
    if (this.#whole) for (const text of rest) this.#send('down', text);
  }

  /** Number of messages of a direction that have not arrived. */
  waiting(direction: Direction): readonly string[] {
    return this.#lanes[direction].queue;
  }

  /**
   * Cuts the wire. A message arrives whole or not at all.
   *
   * @param noticed the ends that notice now; see {@link Wire.notice}.
   * @param arriving how many messages under way still arrive before the cut. With `late`, every message of the browser
   *   arrives in its own time, after the browser has given the wire up.
   */
  cut(
    noticed: Noticed = 'both',
    arriving: { readonly up?: number; readonly down?: number; readonly late?: boolean } = {},
  ): void {
    if (!this.#whole) return;
    const { up, down } = this.#lanes;
    for (let count = arriving.up ?? 0; count > 0 && up.queue.length > 0; count--) this.#deliver('up');
    for (let count = arriving.down ?? 0; count > 0 && down.queue.length > 0; count--) this.#deliver('down');
    if (arriving.late && noticed === 'browser') {
      down.queue = [];
      this.#browserHears();
      return;
    }
    this.#whole = false;
    up.queue = [];
    down.queue = [];
    if (noticed === 'both' || noticed === 'browser') this.#browserHears();
    if (noticed === 'both' || noticed === 'session') this.#sessionHears();
  }

  /** Notifies an end of the cut, as a timeout of its network does. */
  notice(end: 'browser' | 'session'): void {
    if (this.open) return;
    if (end === 'browser') this.#browserHears();
    else this.#sessionHears();
  }

  /** Delivers the last message of a direction once more. */
  repeat(direction: Direction = 'up'): void {
    if (!this.open) return;
    if (direction === 'up') {
      const last = this.received.at(-1);
      if (last !== undefined) this.#far.message(this, last);
    } else if (this.sent.length > this.#lanes.down.queue.length) {
      const last = this.sent.at(-1 - this.#lanes.down.queue.length);
      if (last !== undefined) this.#near.message(last);
    }
  }

  #put(direction: Direction, text: string): void {
    if (!this.#whole) return;
    const lane = this.#lanes[direction];
    lane.queue.push(text);
    this.#send(direction, text);
  }

  /** Schedules the arrival of a queued message. */
  #send(direction: Direction, text: string): void {
    const lane = this.#lanes[direction];
    const travel = this.#latency() + (direction === 'down' ? (1_000 * text.length) / this.#rate : 0);
    lane.free = Math.max(lane.free, this.#clock.time + travel);
    const timer = this.#clock.after(lane.free - this.#clock.time, () => {
      lane.arrivals.delete(timer);
      this.#pump(direction);
    });
    lane.arrivals.add(timer);
  }

  #carries(direction: Direction): boolean {
    return this.#whole && (direction === 'up' ? this.#sessionOpen : this.#browserOpen);
  }

  #pump(direction: Direction): void {
    const lane = this.#lanes[direction];
    if (lane.held || !this.#carries(direction)) return;
    if (lane.queue.length > 0) this.#deliver(direction);
    if (direction === 'down') this.#finish();
  }

  /** Ends both sides after the session's close, once all messages have arrived. */
  #finish(): void {
    if (!this.#closing || this.#lanes.down.held || this.#lanes.down.queue.length > 0) return;
    this.#whole = false;
    this.#browserHears();
    this.#sessionHears();
  }

  #closedByBrowser(): void {
    if (!this.#browserOpen) return;
    this.#browserOpen = false;
    if (!this.#whole) return;
    // The browser's close still sends the earlier messages.
    this.release('up');
    const { up } = this.#lanes;
    while (up.queue.length > 0 && this.#carries('up')) this.#deliver('up');
    this.#whole = false;
    this.#sessionHears();
  }

  #browserHears(): void {
    if (!this.#browserOpen) return;
    this.#browserOpen = false;
    this.#near.closed();
  }

  #sessionHears(): void {
    if (!this.#sessionOpen) return;
    this.#sessionOpen = false;
    this.#whole = false;
    this.#far.closed(this);
  }

  #deliver(direction: Direction): void {
    const taken = this.#lanes[direction].queue.shift() as string;
    const text = this.tamper?.(direction, taken) ?? taken;
    if (direction === 'down') {
      this.#near.message(text);
    } else if (text === 'ping') {
      // The platform answers, so the object does not wake.
      if (this.#sessionOpen) this.#put('down', 'pong');
    } else {
      this.received.push(text);
      this.#far.message(this, text);
    }
  }
}
