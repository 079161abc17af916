import type { Clock } from '../../clock/index.ts';
import { sharedLimits } from '../limits.ts';
import { calledBy, type Push, type SharedObject, type Snapshot } from '../protocol.ts';

/** The port of a subscription to its session. */
export interface SubscriptionHost {
  /** Name of the session. */
  readonly session: string;
  readonly clock: Pick<Clock, 'newId'>;
  /** Returns a fresh stub of a shared object. */
  object(name: string): SharedObject;
  /** Returns true while a watched page uses the name. */
  wanted(): boolean;
  /** Returns the version of the session's value. */
  known(): number;
  take(snapshot: Snapshot): void;
  /** Called when a poll, a subscription or an unsubscription has ended. */
  settled(): void;
  pause(failures: number): Promise<void>;
  keepAlive(promise: Promise<unknown>): void;
  log(level: 'warning', message: string, error?: unknown): void;
}

/** A session's subscription to one shared object. It exists only while a page is watched. */
export class Subscription {
  readonly #name: string;
  readonly #host: SubscriptionHost;
  /** The object with the subscription, the root or a relay; undefined without a subscription. */
  #at: string | undefined;
  #token = '';
  /** True when the value was read since the last subscription. */
  #fresh = false;
  #syncing: Promise<void> | undefined;
  #ended = false;

  constructor(name: string, host: SubscriptionHost) {
    this.#name = name;
    this.#host = host;
  }

  /** The object from which the session reads. */
  get at(): string {
    return this.#at ?? this.#name;
  }

  /** True while the session is subscribed. */
  get there(): boolean {
    return this.#at !== undefined;
  }

  /** Settles when the pending read has ended; undefined without one. */
  get syncing(): Promise<void> | undefined {
    return this.#syncing;
  }

  /** Reads the value, and subscribes when a page is watched. Settles when the value is loaded, or loading has failed. */
  ask(): Promise<void> {
    // The value is read again, because that of an earlier visit may be old.
    this.#fresh = false;
    return this.#sync();
  }

  /** Called when a page becomes watched or unwatched. */
  changed(): void {
    if (!this.#ended && this.#host.wanted() !== this.there) void this.#sync();
  }

  /**
   * Accepts a push that names this subscription, or one of an earlier activation. While a subscription begins or ends, it accepts
   * every push. Ending the wrong subscription would stop all pushes; a superfluous one ends later.
   *
   * @returns false when the session has another one.
   */
  adopt({ from, token }: Push): boolean {
    if (this.#syncing) return true;
    if (this.#at === undefined || this.#at === from) this.#begin(from, token);
    return this.#at === from;
  }

  /** Ends the subscription by the answer to a push, because no page is watched. */
  decline({ from }: Push): void {
    if (this.#at === from) this.#at = undefined;
  }

  /** Stops without a message to the shared object. */
  abandon(): void {
    this.#ended = true;
  }

  #begin(at: string, token: string): void {
    this.#at = at;
    this.#token = token;
    this.#fresh = true;
  }

  #sync(): Promise<void> {
    this.#syncing ??= this.#synced().finally(() => {
      this.#syncing = undefined;
      // The state is checked again, because a page may have become watched or unwatched meanwhile.
      this.changed();
      this.#host.settled();
    });
    this.#host.keepAlive(this.#syncing);
    return this.#syncing;
  }

  async #synced(): Promise<void> {
    const name = calledBy(this.#name);
    /** The object that has not acknowledged an unsubscription. */
    let leaving: string | undefined;
    let crowded = false;
    for (let failures = 0; !this.#ended; ) {
      try {
        if (this.#host.wanted()) {
          if (this.there || (await this.#subscribe())) return;
          // Because no pushes arrive, the session polls and tries to subscribe again.
          await this.#look();
          if (!crowded) this.#host.log('warning', crowdedNotice(name));
          crowded = true;
          await this.#host.pause(Number.POSITIVE_INFINITY);
        } else if (this.#at !== undefined || leaving !== undefined) {
          leaving = this.#at ?? leaving;
          this.#at = undefined;
          this.#fresh = false;
          await this.#host.object(leaving as string).unsubscribe(this.#host.session, this.#token);
          return;
        } else {
          if (!this.#fresh) await this.#look();
          return;
        }
      } catch (error) {
        if (this.#ended) return;
        failures++;
        if (failures === 3)
          this.#host.log('warning', `${name} did not answer ${failures} times; the session tries again.`, error);
        // Retries continue for a watched page only, because other pages can show the last value.
        if (failures > sharedLimits.failures && !this.#host.wanted()) return;
        await this.#host.pause(failures);
      }
    }
  }

  async #look(): Promise<void> {
    const snapshot = await this.#host.object(this.#name).read(this.#host.known());
    this.#fresh = true;
    this.#host.take(snapshot);
  }

  /** @returns false when no object has room. */
  async #subscribe(): Promise<boolean> {
    const token = this.#host.clock.newId();
    let at = this.#name;
    let full: string | undefined;
    for (let step = 0; step < 16; step++) {
      const subscriber = { who: this.#host.session, token, known: this.#host.known(), ...(full && { full }) };
      const answer = await this.#host.object(at).subscribe(subscriber);
      if ('relay' in answer) at = answer.relay;
      else if ('full' in answer) {
        if (at === this.#name) return false;
        full = at;
        at = this.#name;
      } else {
        this.#begin(answer.at, token);
        this.#host.take(answer);
        return true;
      }
    }
    throw new Error(`No relay of ${calledBy(this.#name)} had a free place. The session tries again.`);
  }
}

function crowdedNotice(name: string): string {
  const pause = sharedLimits.backoff.most / 1_000;
  return `${name} has reached its limit of subscribers; this session polls after pauses of up to ${pause} s until a place is free.`;
}
