import { sharedLimits } from '../limits.ts';
import { calledBy, newId, type Push, type SharedObject, type Snapshot } from '../protocol.ts';

/** What a subscription needs of its session. */
export interface SubscriptionHost {
  /** Name of the session. */
  readonly session: string;
  /** A shared object by its name, by a fresh stub. */
  object(name: string): SharedObject;
  /** True while a page that somebody watches uses the name. */
  wanted(): boolean;
  /** Version of the value that is here. */
  known(): number;
  take(snapshot: Snapshot): void;
  /** It is over with a question, a subscription or a goodbye. */
  settled(): void;
  pause(failures: number): Promise<void>;
  keepAlive(promise: Promise<unknown>): void;
  log(level: 'warning', message: string, error?: unknown): void;
}

/** A session's subscription to one shared object: there while somebody watches, and only then. */
export class Subscription {
  readonly #name: string;
  readonly #host: SubscriptionHost;
  /** The object that has the subscription: the root or a relay; undefined while there is none. */
  #at: string | undefined;
  #token = '';
  /** True when the value was asked for since anybody last cared. */
  #fresh = false;
  #syncing: Promise<void> | undefined;
  #ended = false;

  constructor(name: string, host: SubscriptionHost) {
    this.#name = name;
    this.#host = host;
  }

  /** The object to ask for more. */
  get at(): string {
    return this.#at ?? this.#name;
  }

  /** True when changes come by themselves. */
  get there(): boolean {
    return this.#at !== undefined;
  }

  /** Settles when what was asked is answered; undefined when nothing is. */
  get syncing(): Promise<void> | undefined {
    return this.#syncing;
  }

  /** Asks for the value anew, and subscribes when somebody watches. Settles when the value is there, or cannot be had now. */
  ask(): Promise<void> {
    // What was read for an earlier visit may be old.
    this.#fresh = false;
    return this.#sync();
  }

  /** Somebody began or ended to watch. */
  changed(): void {
    if (!this.#ended && this.#host.wanted() !== this.there) void this.#sync();
  }

  /**
   * A push names a subscription. That of an earlier life of the session is as good as a new one. While one begins or ends nothing is
   * known for sure: ending the wrong one would leave nobody to tell of changes, and one too many ends later.
   *
   * @returns false when the session has another one.
   */
  adopt({ from, token }: Push): boolean {
    if (this.#syncing) return true;
    if (this.#at === undefined || this.#at === from) this.#begin(from, token);
    return this.#at === from;
  }

  /** Nobody watches, and the object is told so by the answer to its push. */
  decline({ from }: Push): void {
    if (this.#at === from) this.#at = undefined;
  }

  /** Stops without a word. */
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
      // Somebody may have come or gone while the last answer was on its way.
      this.changed();
      this.#host.settled();
    });
    this.#host.keepAlive(this.#syncing);
    return this.#syncing;
  }

  async #synced(): Promise<void> {
    const name = calledBy(this.#name);
    /** Where a goodbye has not arrived, as far as is known here. */
    let leaving: string | undefined;
    let crowded = false;
    for (let failures = 0; !this.#ended; ) {
      try {
        if (this.#host.wanted()) {
          if (this.there || (await this.#subscribe())) return;
          // Nobody will tell it: it looks itself, now and then, and asks for room again.
          await this.#look();
          if (!crowded) this.#host.log('warning', `${name} has as many watchers as it can tell; this one asks.`);
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
        if (failures === 3) this.#host.log('warning', `${name} cannot be reached; it is tried again.`, error);
        // Who watches must hear of it some time; who only looks is shown what there is.
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

  /** @returns false when there is no room. */
  async #subscribe(): Promise<boolean> {
    const token = newId();
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
    throw new Error(`No relay of ${calledBy(this.#name)} with room was found yet.`);
  }
}
