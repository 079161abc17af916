import type { JobRequest } from '../jobs/index.ts';

/** A shared value at a version. Versions only grow; 0 means that nobody has written. */
export interface Snapshot {
  readonly version: number;
  /** The value as text; null when nobody has written, or when the caller has it. */
  readonly text: string | null;
}

/** The chunks of a shared job from a number on, as texts. */
export interface Tail {
  /** Id of the job. */
  readonly job: string;
  /** Number of the first chunk. */
  readonly first: number;
  readonly texts: readonly string[];
}

/** A write of a session to a shared object. */
export type Op =
  | { readonly set: string }
  /** Adds to a number; `from` is the initial value. */
  | { readonly add: number; readonly from: number }
  | { readonly start: SharedStart }
  /** The reason, and who cancels when that is not the author's code. */
  | { readonly cancel: string; readonly by?: 'panel' }
  | { readonly retry: true };

/** The start of a shared job. */
export interface SharedStart {
  readonly request: Omit<JobRequest, 'args' | 'page' | 'key' | 'name' | 'timeout' | 'totalTimeout'> & {
    /** Null for no limit: Infinity does not travel. */
    readonly timeout: number | null;
    readonly totalTimeout: number | null;
  };
  /** The arguments as text. */
  readonly args: string;
  readonly whileRunning: 'ignore' | 'restart';
}

/** A push to a subscriber: the value at a version. */
export interface Push extends Snapshot {
  /** Name of what is shared: that of the root. */
  readonly name: string;
  /** The object that has the subscription: the root or a relay. */
  readonly from: string;
  /** The subscription, as {@link Subscriber.token} named it. */
  readonly token: string;
}

/** An answer to {@link SharedObject.subscribe}. */
export type Subscribed =
  /** Subscribed: changes come from now on. */
  | (Snapshot & { readonly at: string })
  /** This object has enough subscribers; the one named takes more. */
  | { readonly relay: string }
  /** This relay is full: ask the root again, and say so. The root itself: so are all of its relays. */
  | { readonly full: true };

/** Who subscribes. */
export interface Subscriber {
  /** Name of the session, or of the relay. */
  readonly who: string;
  /** Names this subscription among others of the same session: an unsubscription that arrives late must not end a newer one. */
  readonly token: string;
  /** Version that the subscriber has. */
  readonly known: number;
  /** For a relay: how many it serves. */
  readonly serves?: number;
  /** A relay that turned out to be full. */
  readonly full?: string;
}

/** The methods of a shared object, over RPC. All may be called again when the answer was lost. */
export interface SharedObject {
  /** The value, for whoever does not have this version. */
  read(known: number): Promise<Snapshot>;
  subscribe(subscriber: Subscriber): Promise<Subscribed>;
  unsubscribe(who: string, token: string): Promise<void>;
  /** Does what `op` says, once for each id. @returns the value with it, or a newer one. */
  write(id: string, op: Op): Promise<Snapshot>;
  /**
   * Returns the chunks of the job from `from` on; of another job that is here instead, all that are retained.
   *
   * @param to how many chunks there are, as far as whoever asks knows.
   */
  chunks(job: string, from: number, to: number): Promise<Tail>;
  /** The root pushes to its relay. @returns how many sessions the relay serves; 0 ends the subscription. */
  changed(push: Push): Promise<number>;
}

/** The methods of a session object that shared objects call, over RPC. */
export interface SharedListener {
  /**
   * What is shared has changed.
   *
   * @returns how many watch here: 1, or 0 to end the subscription.
   */
  sharedChanged(push: Push): Promise<number>;
}

/** True for the name of a shared job, or of a relay of one. */
export function isJob(name: string): boolean {
  return name.startsWith('job:');
}

/** What an author calls a shared object: `shared('level')` for `signal:level` and its relays. */
export function calledBy(name: string): string {
  const [, type, given] = /^(signal|job):([^#]*)/.exec(name) ?? [];
  return `${type === 'job' ? 'shared.job' : 'shared'}('${given ?? name}')`;
}

/** Name of a relay's root. Relays of `signal:progress` are `signal:progress#1`, `#2` and so on. */
export function rootOf(name: string): string {
  return name.split('#')[0] as string;
}
