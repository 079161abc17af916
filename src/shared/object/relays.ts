import type { Clock } from '../../clock/index.ts';
import { ChunkLog } from '../chunk-log.ts';
import { sharedLimits } from '../limits.ts';
import type { SharedObject, Snapshot } from '../protocol.ts';
import type { Fanout } from './fanout.ts';

/** The relays of a root. Each serves as many sessions as the root itself. */
export class Relays {
  readonly #fanout: Fanout;
  /** The prefix of their names. */
  readonly #prefix: string;

  constructor(root: string, fanout: Fanout) {
    this.#fanout = fanout;
    this.#prefix = `${root}#`;
  }

  /** Returns true for the name of a relay. */
  is(who: string): boolean {
    return who.startsWith(this.#prefix);
  }

  /** The number of relays that have sessions. */
  get count(): number {
    let count = 0;
    for (const { who } of this.#fanout.targets) if (this.is(who)) count++;
    return count;
  }

  /**
   * Returns the first relay that is not known to be full, or undefined.
   * @param full a relay that has just refused.
   */
  place(full: string | undefined): string | undefined {
    if (full !== undefined) this.#fanout.fill(full, sharedLimits.subscribers);
    for (let number = 1; number <= sharedLimits.relays; number++) {
      const relay = `${this.#prefix}${number}`;
      const target = this.#fanout.get(relay);
      if (relay === full || (target && target.serves >= sharedLimits.subscribers)) continue;
      if (target) target.serves++;
      return relay;
    }
    return undefined;
  }
}

/** The port of a relay's subscription to its object. */
export interface UplinkHost {
  readonly clock: Clock;
  /** Name of the relay. */
  readonly name: string;
  root(): SharedObject;
  /** Returns the current version, and the number of sessions that the relay serves. */
  present(): { readonly version: number; readonly serves: number };
  learned(snapshot: Snapshot): void;
}

/** A relay's own subscription at its root, for all of its sessions. */
export class Uplink {
  readonly #host: UplinkHost;
  /** When the relay's lease ends, in milliseconds since the epoch. */
  #until = 0;
  #attaching: Promise<void> | undefined;
  readonly #output = new ChunkLog();
  #fetching: Promise<void> | undefined;

  constructor(host: UplinkHost) {
    this.#host = host;
  }

  /** True while it subscribes for a session whose subscription is pending. */
  get attaching(): boolean {
    return this.#attaching !== undefined;
  }

  /** Renews the lease after an answer or a push of the root. */
  renewed(): void {
    this.#until = this.#host.clock.now() + sharedLimits.lease;
  }

  /** Records that the root ended the subscription, because nobody watches. */
  ended(): void {
    this.#until = 0;
  }

  /** Subscribes, unless the lease is fresh. @throws {Error} when the root cannot be reached. */
  attach(): Promise<void> {
    const { clock } = this.#host;
    if (this.#until - clock.now() > sharedLimits.lease / 2) return Promise.resolve();
    this.#attaching ??= this.#attach().finally(() => {
      this.#attaching = undefined;
    });
    return this.#attaching;
  }

  /** Fetches a job's chunks, at least up to a number. Simultaneous callers share one fetch. */
  async output(job: string, to: number): Promise<ChunkLog> {
    for (let mine = false; !mine && this.#output.lacks(job, to); ) {
      mine = this.#fetching === undefined;
      this.#fetching ??= this.#fetch(job, to).finally(() => {
        this.#fetching = undefined;
      });
      await this.#fetching;
    }
    return this.#output;
  }

  async #fetch(job: string, to: number): Promise<void> {
    const output = this.#output;
    output.take(await this.#host.root().chunks(job, output.job === job ? output.next : 0, to));
  }

  async #attach(): Promise<void> {
    const { clock, name } = this.#host;
    const { version, serves } = this.#host.present();
    const answer = await this.#host.root().subscribe({ who: name, token: clock.newId(), known: version, serves });
    if (!('at' in answer)) throw new Error(`The root refused ${name} as its relay.`);
    this.renewed();
    this.#host.learned(answer);
  }
}
