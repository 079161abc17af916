import { jitteredBackoff, type Timing } from '../../src/clock/index.ts';
import { NamedTimers } from './named-timers.ts';
import * as connectionTimes from './times.ts';

/** The part of a WebSocket that is used here. Its events after `close` are ignored. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** The events of a socket. `closed` also stands for a socket that did not open. */
export interface SocketEvents {
  opened(): void;
  message(data: unknown): void;
  closed(): void;
}

/** The state without an open socket: closed, opening one, or waiting to open one. */
export type ClosedState = 'idle' | 'ended' | 'connecting' | 'waiting';

/** The events of a reconnecting socket. */
export interface ReconnectEvents {
  opened(): void;
  message(data: unknown): void;
  /** Called when the socket, if any, is lost. */
  closed(state: ClosedState): void;
}

/**
 * A socket that reconnects without end, with jittered backoff. It detects a silently dead connection. At most one socket is current;
 * events of older sockets are ignored.
 */
export class ReconnectingSocket {
  readonly #clock: Timing;
  readonly #open: (events: SocketEvents) => Socket;
  readonly #events: ReconnectEvents;
  readonly #timers: NamedTimers<'retry' | 'patience' | 'settle' | 'beat'>;
  #socket: Socket | undefined;
  /** Number of the current socket, by which events of older sockets are ignored. */
  #generation = 0;
  /** Losses since the last stable connection. */
  #attempt = 0;
  #visible = true;
  readonly #spread: number;
  #yielding = false;

  /** @param spread milliseconds over which browsers spread their return after they lost a stable connection at once. */
  constructor(clock: Timing, open: (events: SocketEvents) => Socket, events: ReconnectEvents, spread = 0) {
    this.#clock = clock;
    this.#spread = spread;
    this.#open = open;
    this.#events = events;
    this.#timers = new NamedTimers(clock);
  }

  /** Opens a socket now and replaces the present one. */
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

  /** Drops the socket, and opens another after a pause. */
  lost(): void {
    this.#drop();
    // A deploy drops all connections at once. Tabs without a waiting person leave the first seconds to the others.
    const most = Math.max(connectionTimes.retryCap, this.#spread);
    const first = this.#visible ? Math.max(connectionTimes.retryBase, this.#spread) : most;
    this.#yielding = ++this.#attempt === 1 && first > connectionTimes.retryBase;
    this.#timers.set('retry', jitteredBackoff(this.#clock, this.#attempt, { first, most }), () => this.connect());
    this.#events.closed('waiting');
  }

  /** True while it waits only to let other tabs reconnect first. An action of the person ends the wait. */
  get yielding(): boolean {
    return this.#yielding;
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  /** Expects a message soon. Without one the socket counts as lost. */
  expect(): void {
    this.#timers.set('patience', connectionTimes.patience, () => this.lost());
  }

  /** Called for each message of the other end. */
  received(): void {
    this.#timers.clear('patience');
  }

  /** Called after the hello. The connection does not count as stable yet. */
  greet(): void {
    this.#timers.clear('beat', 'settle');
    this.expect();
  }

  /** Called after the answer to the hello. The connection counts as stable if it lasts. */
  settle(): void {
    this.received();
    this.#timers.set('settle', connectionTimes.settled, () => {
      this.#attempt = 0;
    });
    this.#beat();
  }

  /** Checks that the connection is alive. */
  ping(): void {
    this.send('ping');
    if (!this.#timers.has('patience')) this.expect();
    this.#beat();
  }

  /** Sets whether the tab is hidden. A hidden tab sends no heartbeat. */
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
