import { jitteredBackoff, type Timing } from '../../src/clock/index.ts';
import type { Connection, ConnectionState, ConnectionWatch } from './connection.ts';
import { NamedTimers } from './named-timers.ts';
import * as watchTimes from './watch-times.ts';

/**
 * Keeps a connection over time: connects again without end after a loss, with jittered backoff, and detects a connection that died
 * in silence. It may come when the connection has begun, and goes on from the state that it finds.
 */
export class Watchdog implements ConnectionWatch {
  readonly #connection: Connection;
  readonly #clock: Timing;
  readonly #timers: NamedTimers<'retry' | 'patience' | 'settle' | 'beat' | 'doubt'>;
  readonly #spread: number;
  /** Losses since the last stable connection. */
  #attempt = 0;
  #visible = true;
  /** True while it waits only to let other tabs reconnect first. An action of the person ends the wait. */
  #yielding = false;
  /** The last acknowledged event. */
  #acked = 0;
  /** True when an unacknowledged event has caused a ping on this socket. */
  #doubted = false;

  /** @param spread milliseconds over which browsers spread their return after they lost a stable connection at once. */
  constructor(connection: Connection, clock: Timing, spread = 0) {
    this.#connection = connection;
    this.#clock = clock;
    this.#spread = spread;
    this.#timers = new NamedTimers(clock);
    connection.watch(this);
  }

  /** Connects now, or checks the connection. Called when the network returns, or the browser shows the page from its cache. */
  wake(): void {
    const { state } = this.#connection.status;
    if (state === 'waiting') this.#connection.connect();
    else if (this.#isAlive) this.#ping();
  }

  /** Says hello again, or connects now. Called when another version of the application has taken over, which may have missed events. */
  renew(): void {
    const { state } = this.#connection.status;
    if (state === 'waiting') this.#connection.connect();
    else if (state === 'live' || state === 'greeting') this.#connection.greet();
  }

  /** Called when the tab becomes visible or hidden. Hidden tabs send no heartbeat. */
  visible(visible: boolean): void {
    this.#visible = visible;
    if (!visible) this.#timers.clear('beat');
    // Only a replaced connection may return after its end. The others wait for a new document.
    else if (this.#connection.status.state !== 'ended') this.wake();
    else if (this.#connection.end === 'replaced') this.#connection.connect();
  }

  entered(state: ConnectionState): void {
    const timers = this.#timers;
    timers.clear('beat');
    this.#trust();
    if (state === 'live') {
      this.#settle();
      this.#doubt();
      return;
    }
    timers.clear('retry', 'patience', 'settle');
    if (state === 'waiting') this.#retry();
    if (state === 'connecting' || state === 'greeting') this.#expect();
  }

  received(): void {
    if (this.#connection.awaitsBuild) this.#settle();
    else if (this.#isAlive) this.#timers.clear('patience');
  }

  queueChanged(): void {
    const { acked, status } = this.#connection;
    if (status.state === 'waiting' && this.#yielding) this.#connection.connect();
    if (acked !== this.#acked) this.#trust();
    if (status.state === 'live') this.#doubt();
  }

  /** True when each message proves that the connection works. While greeting, only an answer to the hello does. */
  get #isAlive(): boolean {
    return this.#connection.status.state === 'live' || this.#connection.awaitsBuild;
  }

  #retry(): void {
    // A deploy drops all connections at once. Tabs without a waiting person leave the first seconds to the others.
    const most = Math.max(watchTimes.retryCap, this.#spread);
    const first = this.#visible ? Math.max(watchTimes.retryBase, this.#spread) : most;
    this.#yielding = ++this.#attempt === 1 && first > watchTimes.retryBase;
    const pause = jitteredBackoff(this.#clock, this.#attempt, { first, most });
    this.#timers.set('retry', pause, () => this.#connection.connect());
  }

  /** Expects a message soon. Without one the socket counts as lost. */
  #expect(): void {
    this.#timers.set('patience', watchTimes.patience, () => this.#connection.lose());
  }

  /** The hello has its answer. The connection counts as stable if it lasts. */
  #settle(): void {
    this.#timers.clear('patience');
    this.#timers.set('settle', watchTimes.settled, () => {
      this.#attempt = 0;
    });
    this.#beat();
  }

  #ping(): void {
    this.#connection.ping();
    if (!this.#timers.has('patience')) this.#expect();
    this.#beat();
  }

  #beat(): void {
    if (this.#visible) this.#timers.set('beat', watchTimes.heartbeat, () => this.#ping());
  }

  /** The session has acknowledged what it should have. */
  #trust(): void {
    this.#acked = this.#connection.acked;
    this.#doubted = false;
    this.#timers.clear('doubt');
  }

  /** Checks the connection when an event stays unacknowledged, and sends the event again if the connection is alive. */
  #doubt(): void {
    if (this.#connection.pending.length === 0 || this.#timers.has('doubt')) return;
    this.#timers.set('doubt', watchTimes.patience, () => {
      if (this.#doubted) {
        this.#connection.greet();
        return;
      }
      this.#doubted = true;
      this.#ping();
      this.#doubt();
    });
  }
}
