import { type Clock, jitteredBackoff, type Timer } from '../../clock/index.ts';
import { sharedLimits } from '../limits.ts';

/** A receiver of pushes: a session, or a relay. */
export interface Target {
  readonly who: string;
  token: string;
  /** When the lease ends, in milliseconds since the epoch. */
  until: number;
  /** Sessions behind it: 1, or those of a relay. */
  serves: number;
  /** Version of the last push that was acknowledged. */
  sent: number;
  flying: boolean;
  /** Unacknowledged pushes: since the alarm last took over, and in a row. */
  failures: number;
  missed: number;
  retry: Timer | undefined;
}

/** The port of a fanout to its object. */
export interface FanoutHost {
  readonly clock: Clock;
  /** Pushes the current value to one target. @returns how many watch there; 0 ends the subscription. */
  deliver(target: Target): Promise<number>;
  /** Called after a target was added, changed or removed. The object stores it. */
  changed(target: Target, there: boolean): void;
  /** Called when every target has the current version. */
  settled(): void;
}

/**
 * Pushes one changing value to many targets. Each target has at most one pending push. Changes in between are merged, and the
 * last value always arrives.
 *
 * ```
 *   publish ──► round ──► waiting ──► flying (limited number) ──► sent ──► settled, when all are
 *                 ▲                       │ no answer
 *                 └── gap ── newer        └── pause, again ── (too often) ──► left to the object's alarm
 * ```
 */
export class Fanout {
  readonly #host: FanoutHost;
  readonly #targets = new Map<string, Target>();
  readonly #waiting = new Set<Target>();
  #flying = 0;
  #version = 0;
  #gap: Timer | undefined;
  #again = false;
  #ended = false;

  constructor(host: FanoutHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#targets.size;
  }

  /** Number of sessions that get pushes, those of relays included. */
  get serves(): number {
    let serves = 0;
    for (const target of this.#targets.values()) serves += target.serves;
    return serves;
  }

  get targets(): Iterable<Target> {
    return this.#targets.values();
  }

  get(who: string): Target | undefined {
    return this.#targets.get(who);
  }

  /** Restores a target of an earlier activation. Its last version is unknown. */
  restore(who: string, token: string, until: number, serves: number, sent: number): void {
    this.#targets.set(who, made(who, token, until, serves, sent));
  }

  /** Adds a target that has version `known`, or renews its lease. */
  add(who: string, token: string, known: number, serves = 1): void {
    const until = this.#host.clock.now() + sharedLimits.lease;
    const old = this.#targets.get(who);
    if (old) this.#calm(old);
    const target = old ?? made(who, token, until, serves, known);
    const sent = old?.flying ? Math.min(old.sent, known) : known;
    Object.assign(target, { token, until, serves, failures: 0, missed: 0, sent });
    this.#targets.set(who, target);
    this.#host.changed(target, true);
    if (target.sent < this.#version) this.publish(this.#version);
  }

  /** Removes a target. With a token, it removes only the subscription of that token. */
  remove(who: string, token?: string): boolean {
    const target = this.#targets.get(who);
    if (!target || (token !== undefined && target.token !== token)) return false;
    this.#targets.delete(who);
    this.#waiting.delete(target);
    this.#calm(target);
    this.#host.changed(target, false);
    this.#settle();
    return true;
  }

  /** Sets the number of sessions behind a target. Its next answer corrects the number. */
  fill(who: string, serves: number): void {
    const target = this.#targets.get(who);
    if (!target || target.serves >= serves) return;
    target.serves = serves;
    this.#host.changed(target, true);
  }

  /** Publishes a version. The first push starts at once, further pushes after a gap. */
  publish(version: number): void {
    if (version > this.#version) this.#pardon();
    this.#version = version;
    if (this.#ended) return;
    if (this.#gap !== undefined) {
      this.#again = true;
      return;
    }
    this.#round();
  }

  /** Sets the current version without a push. */
  begin(version: number): void {
    this.#version = version;
  }

  /** Pushes again to every target without the current version. */
  retry(): void {
    for (const target of this.#targets.values()) {
      target.failures = 0;
      this.#calm(target);
    }
    this.publish(this.#version);
    this.#settle();
  }

  /** Includes targets that the alarm has taken over, because a new version is pushed to all targets. */
  #pardon(): void {
    const most = sharedLimits.failures - 1;
    for (const target of this.#targets.values()) target.failures = Math.min(target.failures, most);
  }

  /** Pushes to the targets whose lease has ended. Their answers show whether they still watch. */
  ask(): void {
    const now = this.#host.clock.now();
    for (const target of this.#targets.values()) if (target.until <= now) target.sent = -1;
    this.retry();
  }

  /** The end of the first lease; null without a lease. */
  get leaseEnds(): number | null {
    let first: number | null = null;
    for (const { until } of this.#targets.values()) if (first === null || until < first) first = until;
    return first;
  }

  /** True while pushes are pending. */
  get busy(): boolean {
    if (this.#flying > 0 || this.#waiting.size > 0 || this.#again) return true;
    for (const target of this.#targets.values()) if (target.retry !== undefined) return true;
    return false;
  }

  /** Stops without a message to the targets. */
  abandon(): void {
    this.#ended = true;
    if (this.#gap !== undefined) this.#host.clock.clear(this.#gap);
    for (const target of this.#targets.values()) this.#calm(target);
    this.#waiting.clear();
  }

  #round(): void {
    this.#again = false;
    let any = false;
    for (const target of this.#targets.values()) {
      if (target.sent >= this.#version || target.flying || target.retry !== undefined) continue;
      if (target.failures >= sharedLimits.failures) continue;
      this.#waiting.add(target);
      any = true;
    }
    if (!any) return;
    this.#gap = this.#host.clock.after(sharedLimits.gap, () => {
      this.#gap = undefined;
      if (this.#again) this.#round();
    });
    this.#pump();
  }

  #pump(): void {
    for (const target of this.#waiting) {
      if (this.#flying >= sharedLimits.parallel) return;
      this.#waiting.delete(target);
      this.#fly(target);
    }
  }

  #fly(target: Target): void {
    const { clock } = this.#host;
    const version = this.#version;
    const { token } = target;
    this.#flying++;
    target.flying = true;
    let over = false;
    const land = (answer: number | undefined) => {
      if (over || this.#ended) return;
      over = true;
      clock.clear(late);
      this.#flying--;
      target.flying = false;
      this.#landed(target, token, version, answer);
      this.#pump();
    };
    const late = clock.after(sharedLimits.answer, () => land(undefined));
    this.#host.deliver(target).then(land, () => land(undefined));
  }

  #landed(target: Target, token: string, version: number, answer: number | undefined): void {
    if (this.#targets.get(target.who) !== target) return;
    const { clock } = this.#host;
    const now = clock.now();
    if (answer === 0) {
      // The answer belongs to an older subscription than the present one.
      if (!this.remove(target.who, token)) this.publish(this.#version);
      return;
    }
    if (answer === undefined) {
      target.failures++;
      target.missed++;
      if (target.until <= now && target.missed >= sharedLimits.misses) {
        this.remove(target.who);
        return;
      }
      if (target.failures < sharedLimits.failures) {
        target.retry = clock.after(jitteredBackoff(clock, target.failures, sharedLimits.backoff), () => {
          target.retry = undefined;
          this.publish(this.#version);
        });
      }
      return;
    }
    const renewed = target.until - now < sharedLimits.lease / 2;
    if (target.token === token) target.sent = version;
    Object.assign(target, { failures: 0, missed: 0, serves: answer, until: now + sharedLimits.lease });
    if (renewed) this.#host.changed(target, true);
    if (target.sent < this.#version) this.publish(this.#version);
    else this.#settle();
  }

  #settle(): void {
    if (this.busy) return;
    for (const target of this.#targets.values()) if (target.sent < this.#version) return;
    this.#host.settled();
  }

  #calm(target: Target): void {
    if (target.retry !== undefined) this.#host.clock.clear(target.retry);
    target.retry = undefined;
  }
}

function made(who: string, token: string, until: number, serves: number, sent: number): Target {
  return { who, token, until, serves, sent, flying: false, failures: 0, missed: 0, retry: undefined };
}
