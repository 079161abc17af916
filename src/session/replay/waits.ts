import type { Clock, Timer } from '../../clock/index.ts';
import type { SettledResult } from '../../rpc/index.ts';
import type { Expected } from '../../tasks/index.ts';
import { channelOf, type Key } from '../../tree/index.ts';

/** A wait as the journal stores it, within its step. */
export interface WaitEntry {
  /** See {@link Expected.channel}. */
  channel?: string;
  /** When the wait began, and when it times out, in milliseconds since the epoch. */
  since?: number;
  until?: number;
  /** The answer, once there is one. The handler may receive it later, also after a restart. */
  answer?: SettledResult;
}

/** Waits of at least this many milliseconds time out by the object's alarm, so that the object can sleep. */
const alarmFrom = 10_000;

/** The parts of a page that waits use. */
export interface WaitsHost {
  readonly clock: Clock;
  /** Takes an answer that came before any handler waited for it. */
  takeEarly(channel: string): SettledResult | undefined;
  /** Called when a wait has begun, which the next commit must store. */
  begun(channel: string): void;
}

/** One wait of a handler without an answer. */
export class OpenWait {
  readonly entry: WaitEntry;
  readonly #waits: Waits;
  readonly #noted: () => void;
  #expected: Expected | undefined;
  #resolve: ((answer: SettledResult) => void) | undefined;
  #timer: Timer | undefined;

  constructor(waits: Waits, entry: WaitEntry, noted: () => void) {
    this.#waits = waits;
    this.entry = entry;
    this.#noted = noted;
  }

  /** True once the handler has reached the wait. In a replay, the answer may come before. */
  get attached(): boolean {
    return this.#expected !== undefined;
  }

  /** When the wait times out; Infinity for never. */
  get until(): number {
    return this.entry.until ?? Number.POSITIVE_INFINITY;
  }

  /** True while a timer in memory ends the wait, which prevents hibernation. */
  get inMemory(): boolean {
    return this.#timer !== undefined;
  }

  /** Attaches the handler, which has reached the wait. */
  attach(expected: Expected): Promise<SettledResult> {
    const { promise, resolve } = Promise.withResolvers<SettledResult>();
    const { entry } = this;
    const { clock } = this.#waits.host;
    this.#expected = expected;
    this.#resolve = resolve;
    if (entry.answer) {
      resolve(entry.answer);
      return promise;
    }
    const now = clock.now();
    const resumes = entry.since !== undefined;
    if (entry.channel !== expected.channel) this.#waits.host.begun(expected.channel);
    entry.channel = expected.channel;
    entry.since ??= now;
    if (entry.until === undefined && expected.until !== Number.POSITIVE_INFINITY) entry.until = expected.until;
    this.#noted();
    const early = expected.there ? this.#waits.host.takeEarly(expected.channel) : expected.gone;
    const left = this.until - now;
    if (early) this.answer(early);
    else if (left <= 0) this.answer(expected.expired);
    else if (left < alarmFrom) this.#timer = clock.after(left, () => this.answer(expected.expired));
    if (resumes && !entry.answer) expected.resumed?.();
    return promise;
  }

  answer(answer: SettledResult): void {
    if (this.entry.answer) return;
    this.entry.answer = answer;
    this.drop();
    this.#noted();
    this.#resolve?.(answer);
  }

  /** Times the wait out. Does nothing before the handler reaches the wait, which then checks the time itself. */
  expire(): void {
    if (this.#expected) this.answer(this.#expected.expired);
  }

  /** Closes the channel of the wait. */
  gone(): void {
    if (this.#expected) this.answer(this.#expected.gone);
  }

  /** Ends the wait because another run supersedes the handler. */
  superseded(): void {
    if (this.#expected) this.answer(this.#expected.superseded);
  }

  /** Drops the wait without settling it. */
  drop(): void {
    if (this.#timer !== undefined) this.#waits.host.clock.clear(this.#timer);
    this.#timer = undefined;
    this.#waits.delete(this);
  }
}

/**
 * The open waits of a page's handlers for answers. It delivers an answer whether or not the handler
 * has reached its wait.
 */
export class Waits {
  readonly host: WaitsHost;
  readonly #open = new Set<OpenWait>();

  constructor(host: WaitsHost) {
    this.host = host;
  }

  /** @param noted called when the entry has changed, which the next commit must store. */
  open(entry: WaitEntry, noted: () => void): OpenWait {
    const wait = new OpenWait(this, entry, noted);
    this.#open.add(wait);
    return wait;
  }

  /** The number of waits. */
  get size(): number {
    return this.#open.size;
  }

  delete(wait: OpenWait): void {
    this.#open.delete(wait);
  }

  /** The channels with at least one wait. */
  get channels(): readonly string[] {
    return [...this.#open].flatMap(({ entry }) => entry.channel || []);
  }

  /** Returns true when a handler waits on the channel. */
  has(channel: string): boolean {
    for (const { entry } of this.#open) if (entry.channel === channel) return true;
    return false;
  }

  /**
   * Answers every wait on a channel, each with its own copy.
   * @returns false when there is none.
   */
  answer(channel: string, answer: () => SettledResult): boolean {
    let heard = false;
    for (const wait of [...this.#open]) {
      if (wait.entry.channel !== channel) continue;
      wait.answer(answer());
      heard = true;
    }
    return heard;
  }

  /** Ends the waits for an element that was removed. */
  gone(key: Key): void {
    if (this.#open.size === 0) return;
    const prefix = channelOf(key, '');
    for (const wait of [...this.#open]) if (wait.entry.channel?.startsWith(prefix)) wait.gone();
  }

  /** Times out every wait that is due. */
  expire(): void {
    const now = this.host.clock.now();
    for (const wait of [...this.#open]) if (wait.until <= now) wait.expire();
  }

  /** The number of waits that a timer in memory ends. */
  get inMemory(): number {
    let count = 0;
    for (const wait of this.#open) if (wait.inMemory) count++;
    return count;
  }

  /** The earliest timeout; Infinity for none. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { until } of this.#open) next = Math.min(next, until);
    return next;
  }

  /** Returns the latest timeout of the waits that began before `before`; 0 for none. */
  lastOf(before: number): number {
    let last = 0;
    for (const { entry } of this.#open) {
      if (entry.until !== undefined && (entry.since ?? 0) < before) last = Math.max(last, entry.until);
    }
    return last;
  }
}
