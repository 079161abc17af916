import type { Signal } from '../../reactive/index.ts';
import type { ChunkReplica } from './chunk-replica.ts';
import type { Subscription } from './subscription.ts';
import type { WriteQueue } from './write-queue.ts';

/** What a session knows of one shared object. */
export interface Share {
  /** Name of the shared object. */
  readonly name: string;
  /** What it begins with; undefined until somebody who uses it says so. */
  initial: unknown;
  /** What pages see: the value of the shared object with this session's own writes on top. */
  readonly signal: Signal<unknown>;
  /** The value of the shared object. */
  version: number;
  text: string | null;
  /** The text of what pages see; null for the initial value. */
  shown: string | null;
  readonly subscription: Subscription;
  /** What this session has written and was not answered. */
  readonly outgoing: WriteQueue;
  /** What the job has yielded, as soon as a page wants to see it. */
  following: ChunkReplica | undefined;
  readonly users: Set<ShareUser>;
}

/** A page that uses it. */
export interface ShareUser {
  /** True while a browser shows the page. */
  readonly watched: boolean;
  /** True when it shows what the job yields. */
  follows(share: Share): boolean;
  /** The value is about to change, by whomever. */
  changes(share: Share, value: unknown): void;
}
