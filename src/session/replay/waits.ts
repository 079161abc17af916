import type { Clock, Timer } from '../../clock/index.ts';
import type { SettledResult } from '../../rpc/index.ts';
import type { Expected } from '../../tasks/index.ts';
import { channelOf, type Key } from '../../tree/index.ts';

/** A wait as the journal keeps it, in its step. */
export interface WaitEntry {
  /** See {@link Expected.channel}. */
  channel?: string;
  /** Milliseconds since the epoch: when it began, and when it ends by itself. */
  since?: number;
  until?: number;
  /** What was answered, from the moment on at which it was; the handler may go on with it later, also after a restart. */
  answer?: SettledResult;
}

/** From this length on a wait leaves its end to the object's alarm, so that the object can sleep. */
const alarmFrom = 10_000;

/** What waits need of their page. */
export interface WaitsHost {
  readonly clock: Clock;
  /** Takes an answer that was given before anybody waited for it. */
  takeEarly(channel: string): SettledResult | undefined;
  /** A wait has begun, which is to be kept with the next commit. */
  begun(channel: string): void;
}

/** One wait of a handler that nobody has answered. */
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

  /** True from when the handler has come to the wait. In a replay it may be answered before. */
  get attached(): boolean {
    return this.#expected !== undefined;
  }

  /** When its time is over; Infinity when it has none. */
  get until(): number {
    return this.entry.until ?? Number.POSITIVE_INFINITY;
  }

  /** True while a timer in memory ends it, which keeps the object there. */
  get inMemory(): boolean {
    return this.#timer !== undefined;
  }

  /** The handler has come to the wait. */
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
    if (entry.since === undefined) this.#waits.host.begun(expected.channel);
    entry.channel = expected.channel;
    entry.since ??= now;
    if (entry.until === undefined && expected.until !== Number.POSITIVE_INFINITY) entry.until = expected.until;
    this.#noted();
    const early = expected.there ? this.#waits.host.takeEarly(expected.channel) : expected.gone;
    const left = this.until - now;
    if (early) this.answer(early);
    else if (left <= 0) this.answer(expected.expired);
    else if (left < alarmFrom) this.#timer = clock.after(left, () => this.answer(expected.expired));
    return promise;
  }

  answer(answer: SettledResult): void {
    if (this.entry.answer) return;
    this.entry.answer = answer;
    this.drop();
    this.#noted();
    this.#resolve?.(answer);
  }

  /** Its time is over. Before the handler has come to the wait, this does nothing: it then sees so by itself. */
  expire(): void {
    if (this.#expected) this.answer(this.#expected.expired);
  }

  /** Nobody can answer any more. */
  gone(): void {
    if (this.#expected) this.answer(this.#expected.gone);
  }

  /** Another run takes the handler's place. */
  superseded(): void {
    if (this.#expected) this.answer(this.#expected.superseded);
  }

  /** Nobody waits any more. */
  drop(): void {
    if (this.#timer !== undefined) this.#waits.host.clock.clear(this.#timer);
    this.#timer = undefined;
    this.#waits.delete(this);
  }
}

/** What the handlers of a page wait for that no code computes. Who answers finds them here, whether or not they are there yet. */
export class Waits {
  readonly host: WaitsHost;
  readonly #open = new Set<OpenWait>();

  constructor(host: WaitsHost) {
    this.host = host;
  }

  /** @param noted is told when something of the entry has changed, which is to be kept. */
  open(entry: WaitEntry, noted: () => void): OpenWait {
    const wait = new OpenWait(this, entry, noted);
    this.#open.add(wait);
    return wait;
  }

  /** Number of waits. */
  get size(): number {
    return this.#open.size;
  }

  delete(wait: OpenWait): void {
    this.#open.delete(wait);
  }

  /** Where somebody waits. */
  get channels(): readonly string[] {
    return [...this.#open].flatMap(({ entry }) => entry.channel || []);
  }

  /** True when somebody waits there. */
  has(channel: string): boolean {
    for (const { entry } of this.#open) if (entry.channel === channel) return true;
    return false;
  }

  /** Answers all that wait there, each with a value of its own. @returns false when nobody does. */
  answer(channel: string, answer: () => SettledResult): boolean {
    let heard = false;
    for (const wait of [...this.#open]) {
      if (wait.entry.channel !== channel) continue;
      wait.answer(answer());
      heard = true;
    }
    return heard;
  }

  /** The element at a key is gone. */
  gone(key: Key): void {
    if (this.#open.size === 0) return;
    const prefix = channelOf(key, '');
    for (const wait of [...this.#open]) if (wait.entry.channel?.startsWith(prefix)) wait.gone();
  }

  /** Ends what has come to its time. */
  expire(): void {
    const now = this.host.clock.now();
    for (const wait of [...this.#open]) if (wait.until <= now) wait.expire();
  }

  /** Number of those that a timer in memory ends. */
  get inMemory(): number {
    let count = 0;
    for (const wait of this.#open) if (wait.inMemory) count++;
    return count;
  }

  /** When the first one ends; Infinity when none does by itself. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { until } of this.#open) next = Math.min(next, until);
    return next;
  }

  /** When the last one ends of those that have a time and began before another one; 0 for none. */
  lastOf(before: number): number {
    let last = 0;
    for (const { entry } of this.#open) {
      if (entry.until !== undefined && (entry.since ?? 0) < before) last = Math.max(last, entry.until);
    }
    return last;
  }
}
