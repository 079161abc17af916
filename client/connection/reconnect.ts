import { type Clock, jitteredBackoff } from '../../src/clock/index.ts';
import { NamedTimers } from './named-timers.ts';
import * as connectionTimes from './times.ts';

/** The part of a WebSocket that is used here. What it reports after `close` is ignored. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** What a socket reports. `closed` is also a socket that could not be opened. */
export interface SocketEvents {
  opened(): void;
  message(data: unknown): void;
  closed(): void;
}

/** The state without an open socket: closed, opening one, or waiting to open one. */
export type ClosedState = 'idle' | 'ended' | 'connecting' | 'waiting';

/** What a reconnecting socket reports. */
export interface ReconnectEvents {
  opened(): void;
  message(data: unknown): void;
  /** The socket, if there was one, is gone, and all that belongs to it ends. */
  closed(state: ClosedState): void;
}

/**
 * A socket that is opened again for ever, after growing random pauses. It finds out when the connection died in silence.
 * At most one socket is current; what an older one reports is ignored.
 */
export class ReconnectingSocket {
  readonly #clock: Clock;
  readonly #open: (events: SocketEvents) => Socket;
  readonly #events: ReconnectEvents;
  readonly #timers: NamedTimers<'retry' | 'patience' | 'settle' | 'beat'>;
  #socket: Socket | undefined;
  /** Counts sockets; what an older one reports is ignored. */
  #generation = 0;
  /** Losses since a connection was a good one. */
  #attempt = 0;
  #visible = true;
  readonly #spread: number;
  #yielding = false;

  /** @param spread milliseconds over which browsers return that have all lost a good connection at once. */
  constructor(clock: Clock, open: (events: SocketEvents) => Socket, events: ReconnectEvents, spread = 0) {
    this.#clock = clock;
    this.#spread = spread;
    this.#open = open;
    this.#events = events;
    this.#timers = new NamedTimers(clock);
  }

  /** Opens a socket now, in place of the one that is there. */
  connect(): void {
    this.#drop();
    this.#yielding = false;
    this.#events.closed('connecting');
    const generation = ++this.#generation;
    const current = (fn: () => void): void => {
      if (generation === this.#generation) fn();
    };
    this.expect();
    const socket = this.#open({
      opened: () => current(() => this.#events.opened()),
      message: (data) => current(() => this.#events.message(data)),
      closed: () => current(() => this.lost()),
    });
    if (generation === this.#generation) this.#socket = socket;
    else socket.close();
  }

  /** Closes the socket and opens no other. */
  close(state: 'idle' | 'ended'): void {
    this.#drop();
    this.#events.closed(state);
  }

  /** Gives the socket up, and opens another after a pause. */
  lost(): void {
    this.#drop();
    const { retryBase, retryCap } = connectionTimes;
    // A deploy drops all connections at once. Who has no person waiting leaves the first seconds to the others.
    const most = Math.max(retryCap, this.#spread);
    const first = this.#visible ? Math.max(retryBase, this.#spread) : most;
    this.#yielding = ++this.#attempt === 1 && first > retryBase;
    this.#timers.set('retry', jitteredBackoff(this.#clock, this.#attempt, { first, most }), () => this.connect());
    this.#events.closed('waiting');
  }

  /** True while it waits only to let others come first: whoever acts need not wait. */
  get yielding(): boolean {
    return this.#yielding;
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  /** Expects a message soon; without one the socket is lost. */
  expect(): void {
    this.#timers.set('patience', connectionTimes.patience, () => this.lost());
  }

  /** Call it for each message of the other end. */
  received(): void {
    this.#timers.clear('patience');
  }

  /** The other end is greeted: it is not known yet whether the connection is a good one. */
  greet(): void {
    this.#timers.clear('beat', 'settle');
    this.expect();
  }

  /** The other end has answered: the connection is a good one if it lasts. */
  settle(): void {
    this.received();
    this.#timers.set('settle', connectionTimes.settled, () => {
      this.#attempt = 0;
    });
    this.#beat();
  }

  /** Makes sure that the connection is alive. */
  ping(): void {
    this.send('ping');
    if (!this.#timers.has('patience')) this.expect();
    this.#beat();
  }

  /** A hidden tab sends no heartbeat. */
  visible(visible: boolean): void {
    this.#visible = visible;
    if (!visible) this.#timers.clear('beat');
  }

  #drop(): void {
    this.#generation++;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#timers.clear('retry', 'patience', 'settle', 'beat');
    socket?.close();
  }

  #beat(): void {
    if (this.#visible) this.#timers.set('beat', connectionTimes.heartbeat, () => this.ping());
  }
}
