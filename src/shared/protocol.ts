import type { ItemOp } from '../collection/index.ts';
import type { JobRequest } from '../jobs/index.ts';

/** A shared value at a version. Versions only grow; 0 means that no session has written. */
export interface Snapshot {
  readonly version: number;
  /** The value as text; null when no session has written, or when the caller has it. */
  readonly text: string | null;
  /** The text has only the items of a list or map that have changed since this version. Absent: it has all. */
  readonly since?: number;
}

/** The answer to a write. */
export interface Written extends Snapshot {
  /** True for a swap that did nothing, because another write came first. */
  readonly refused?: true;
  /** The value that a swap has made, also when it is sent again; absent when the value is too large to be stored with its id. */
  readonly made?: string;
}

/** A shared job's chunks from a number on, as texts. */
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
  /** Changes a list or map. `from` are its initial items as text, when the session knows of no write. */
  | { readonly items: readonly ItemOp[]; readonly from?: string }
  /** Sets the value when its version is still `at`, else does nothing. */
  | { readonly swap: string; readonly at: number }
  | { readonly start: SharedStart }
  /** The reason, and the name of the canceller when that is not the author's code. */
  | { readonly cancel: string; readonly by?: 'panel' }
  | { readonly retry: true };

/** The start of a shared job. */
export interface SharedStart {
  readonly request: Omit<JobRequest, 'args' | 'page' | 'key' | 'name' | 'timeout' | 'totalTimeout'> & {
    /** Null for no limit, because JSON has no Infinity. */
    readonly timeout: number | null;
    readonly totalTimeout: number | null;
  };
  /** The arguments as text. */
  readonly args: string;
  readonly whileRunning: 'ignore' | 'restart';
}

/** A push to a subscriber: the value at a version. */
export interface Push extends Snapshot {
  /** Name of the root. */
  readonly name: string;
  /** The object with the subscription: the root or a relay. */
  readonly from: string;
  /** The subscription, as {@link Subscriber.token} named it. */
  readonly token: string;
}

/** An answer to {@link SharedObject.subscribe}. */
export type Subscribed =
  /** The subscription succeeded, and pushes follow. */
  | (Snapshot & { readonly at: string })
  /** This object has reached its limit of subscribers. The named object has room. */
  | { readonly relay: string }
  /** A full relay: ask the root again, with `full`. From the root: all of its relays are full, too. */
  | { readonly full: true };

/** A subscriber, as it names itself. */
export interface Subscriber {
  /** Name of the session, or of the relay. */
  readonly who: string;
  /** Id of this subscription, because a late unsubscription must not end a newer subscription of the same session. */
  readonly token: string;
  /** The version that the subscriber has. */
  readonly known: number;
  /** The number of sessions that a relay serves. */
  readonly serves?: number;
  /** A relay that has just refused the subscriber. */
  readonly full?: string;
}

/** The methods of a shared object, over RPC. A caller may repeat each call when the answer was lost. */
export interface SharedObject {
  /** Returns the value, unless the caller has this version. */
  read(known: number): Promise<Snapshot>;
  subscribe(subscriber: Subscriber): Promise<Subscribed>;
  unsubscribe(who: string, token: string): Promise<void>;
  /** Applies `op` once for each id. @param known the caller's version. @returns the value after it, or a newer one. */
  write(id: string, op: Op, known?: number): Promise<Written>;
  /**
   * Returns the chunks of the job from `from` on, or all retained chunks of the job that has replaced it.
   *
   * @param to the number of chunks that the caller knows of.
   */
  chunks(job: string, from: number, to: number): Promise<Tail>;
  /** Takes a push of the root. @returns the number of sessions that the relay serves; 0 ends the subscription. */
  changed(push: Push): Promise<number>;
}

/** The methods of a session object that shared objects call, over RPC. */
export interface SharedListener {
  /**
   * Takes a push of a shared object.
   *
   * @returns 1 while a page is watched, or 0 to end the subscription.
   */
  sharedChanged(push: Push): Promise<number>;
}

/** Returns true for the name of a shared job, or of a relay of one. */
export function isJob(name: string): boolean {
  return name.startsWith('job:');
}

/** Returns the name of the shared object for a name of `storage.general`, which no author's name of `shared` meets by accident. */
export function generalName(name: string): string {
  return `@general/${name}`;
}

/** Returns true for the name of a shared list or map, or of a relay of one. */
export function isCollection(name: string): boolean {
  return /^(list|map):/.test(name);
}

/** Returns the author's expression for a shared object: `shared('level')` for `signal:level` and its relays. */
export function calledBy(name: string): string {
  const [, type = 'signal', general, given] = /^(signal|job|list|map):(@general\/)?([^#]*)/.exec(name) ?? [];
  const by = general === undefined ? 'shared' : 'storage.general';
  return `${type === 'signal' ? by : `${by}.${type}`}('${given ?? name}')`;
}

/** Returns the name of a relay's root. Relays of `signal:progress` are `signal:progress#1`, `#2` and so on. */
export function rootOf(name: string): string {
  return name.split('#')[0] as string;
}
