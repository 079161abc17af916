import type { Timing } from '../../src/clock/index.ts';
import {
  type Aimed,
  type EventFrame,
  encode,
  type Json,
  nodeOf,
  pendingEvents,
  upFrame,
} from '../../src/protocol/index.ts';
import type { Notice } from './notices.ts';

/** A store that survives a reload of the tab. Each method may throw (a full or forbidden store); the queue then works without it. */
export interface ConnectionStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** The ports of a queue to its connection. */
export interface EventQueuePorts {
  readonly clock: Timing;
  readonly storage: ConnectionStorage;
  /** Tells the person that an action was refused or lost. */
  notice?(reason: Notice): void;
}

/**
 * The unacknowledged events of one page. It numbers them, stores them for a reload, and records which of them the present
 * socket has carried. Only the queue writes its fields.
 */
export class EventQueue {
  readonly #ports: EventQueuePorts;
  page: string;
  /** The last event. */
  newest: number;
  /** The last acknowledged event. */
  acked: number;
  /** Events not yet acknowledged, oldest first. */
  pending: EventFrame[] = [];
  /** The time of each of them. */
  #times: number[] = [];
  /** The newest event that was sent to any socket. Later events may still change. */
  #offered: number;
  /** The newest event that was sent to the present socket. */
  #sent = 0;

  /**
   * @param event the newest number of the page.
   * @param fresh true clears the store, because a duplicated tab has a copy of the other tab's events, which the other tab sends.
   */
  constructor(ports: EventQueuePorts, page: string, event: number, fresh: boolean) {
    this.#ports = ports;
    this.page = page;
    this.newest = event;
    if (fresh) this.forget();
    else this.#restore();
    this.acked = (this.pending[0]?.[0] ?? this.newest + 1) - 1;
    this.#offered = this.newest;
  }

  /** The time of the oldest of them, by the clock. */
  get since(): number | undefined {
    return this.#times[0];
  }

  /** The pending events that the present socket has not carried. */
  get unsent(): readonly EventFrame[] {
    return this.pending.filter(([number]) => number > this.#sent);
  }

  /**
   * Adds an event and stores it. With `latest`, a newer value replaces the unsent one directly before it, so typing while offline
   * is one event.
   *
   * @param base see {@link EventFrame}.
   * @returns the event; undefined when it was refused for now, `'too long'` when it was refused for good. The person reads why.
   */
  add(
    target: Aimed,
    event: string,
    value: Json | undefined,
    latest: boolean,
    base?: number,
  ): EventFrame | 'too long' | undefined {
    const last = this.pending.at(-1);
    const same = last !== undefined && nodeOf(last[1]) === nodeOf(target) && last[2] === event;
    const replaces = latest && same && last[0] > this.#offered;
    // Of commands, which the root begins, there are few. One that is not begun would wait for the next hello.
    const isCommand = nodeOf(target) === 1 && event === 'done';
    if (!replaces && !isCommand && this.pending.length >= pendingEvents) {
      this.#ports.notice?.('full');
      return undefined;
    }
    const number = replaces ? last[0] : this.newest + 1;
    const from = replaces ? baseOf(last, value) : base;
    const frame: EventFrame =
      value === undefined
        ? [number, target, event]
        : from === undefined
          ? [number, target, event, value]
          : [number, target, event, value, from];
    if (encode(frame).length > upFrame) {
      this.#ports.notice?.('long');
      return 'too long';
    }
    if (replaces) {
      this.pending[this.pending.length - 1] = frame;
    } else {
      this.newest = number;
      this.pending.push(frame);
      this.#times.push(this.#ports.clock.now());
    }
    // Stored before it is sent, because a tab that dies in between sends it again. The session skips duplicates.
    this.#store();
    return frame;
  }

  /** Returns the events for a hello on a new socket: as many as fit into a frame beside `size` other characters. */
  first(size: number): readonly EventFrame[] {
    const events: EventFrame[] = [];
    for (const event of this.pending) {
      size += encode(event).length + 1;
      if (size > upFrame) break;
      events.push(event);
    }
    this.sent(events.at(-1)?.[0] ?? this.acked);
    return events;
  }

  /** Records that the present socket has carried all events up to `number`. */
  sent(number: number): void {
    this.#sent = number;
    this.#offered = Math.max(this.#offered, number);
  }

  /** Marks sent events above `number` as unsent, because the session lacks them. */
  resend(number: number): void {
    this.#sent = Math.min(this.#sent, number);
  }

  /** Removes all events up to `number`, because they are durable. @returns true when one of them was pending. */
  acknowledge(number: number): boolean {
    const done = this.pending.filter((frame) => frame[0] <= number).length;
    this.acked = Math.max(this.acked, Math.min(number, this.newest));
    if (done === 0) return false;
    this.pending.splice(0, done);
    this.#times.splice(0, done);
    this.#store();
    return true;
  }

  /**
   * Takes the number of events that the session has received of the page. It may have more than this document, from an earlier
   * document. With fewer than it acknowledged, it is another page under an old name, and numbers restart.
   */
  agree(event: number, page = this.page): void {
    if (page === this.page && event >= this.acked) {
      this.newest = Math.max(this.newest, event);
      return;
    }
    if (this.pending.length > 0) this.#ports.notice?.('restarted');
    this.pending = [];
    this.#times = [];
    this.forget();
    this.newest = this.acked = this.#offered = this.#sent = event;
    this.page = page;
  }

  /** Clears the store for a reload. */
  forget(): void {
    this.#store(true);
  }

  #key(): string {
    return `edgewise:events:${this.page}`;
  }

  /** Stores the events for a reload. It stores the newest number, too, because the next document may not have that event. */
  #store(forget = false): void {
    const { storage } = this.#ports;
    try {
      if (forget) storage.remove(this.#key());
      else storage.set(this.#key(), JSON.stringify([this.newest, this.pending]));
    } catch {
      // With a full or forbidden store, events survive a reconnect, but not a reload.
    }
  }

  #restore(): void {
    try {
      const [newest, events] = JSON.parse(this.#ports.storage.get(this.#key()) ?? '[]') as [number?, EventFrame[]?];
      if (typeof newest !== 'number' || !Array.isArray(events)) return;
      this.newest = Math.max(this.newest, newest);
      this.pending = events;
      this.#times = events.map(() => this.#ports.clock.now());
    } catch {
      // An unreadable store counts as empty.
    }
  }
}

/** Returns the base of an unsent event for the value that replaces its own, when both begin with it. */
function baseOf([, , , before, base]: EventFrame, value: Json | undefined): number | undefined {
  if (base === undefined || typeof before !== 'string' || typeof value !== 'string') return undefined;
  return value.startsWith(before.slice(0, base)) ? base : undefined;
}
