import type { Signal } from '../../reactive/index.ts';
import type { ChunkReplica } from './chunk-replica.ts';
import type { SharedItems } from './shared-items.ts';
import type { Subscription } from './subscription.ts';
import type { WriteQueue } from './write-queue.ts';

/** A session's state of one shared object. */
export interface Share {
  /** Name of the shared object. */
  readonly name: string;
  /** The initial value; undefined until a user of the name gives it. */
  initial: unknown;
  /** The signal that pages read: the object's value with this session's unacknowledged writes applied. */
  readonly signal: Signal<unknown>;
  /** The value of the shared object. */
  version: number;
  text: string | null;
  /** The items of a list or map; undefined for another value. */
  readonly items: SharedItems | undefined;
  /** The text of that value; null for the initial one. */
  shown: string | null;
  readonly subscription: Subscription;
  /** This session's unacknowledged writes. */
  readonly outgoing: WriteQueue;
  /** The updates that have not ended, and when the last of them has. */
  readonly updates: { open: number; last: Promise<void> };
  /** The job's chunks; undefined until a page shows them. */
  following: ChunkReplica | undefined;
  readonly users: Set<ShareUser>;
}

/** A page that uses a share. */
export interface ShareUser {
  /** True while a browser shows the page. */
  readonly watched: boolean;
  /** True when the page shows the job's chunks. */
  follows(share: Share): boolean;
  /** Called before the value changes. */
  changed(share: Share, value: unknown): void;
  /** Called before an item of a list or map changes. */
  itemChanging(share: Share, key: string, value: unknown): void;
  /** Called after items have changed. */
  itemsChanged(share: Share): void;
}
