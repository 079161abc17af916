import type { Items, ItemsSource } from '../collection/index.ts';
import { ContextKey } from '../context/index.ts';
import type { FileData } from '../file-ref/index.ts';
import type { State } from '../reactive/index.ts';
import type { Slot, Tree, TreeNode } from '../tree/index.ts';
import type { PageLocation } from './location.ts';
import type { PageVisitor } from './visitor.ts';

/** The schedule of a timer. */
export interface TimerSpec {
  /** Milliseconds between the end of one run and the start of the next. */
  readonly interval: number;
  readonly once: boolean;
}

/** What a browser offers to upload. */
export interface OfferedFile {
  /** The browser's own name of the upload, unique in the element. */
  readonly key: string;
  /** Names the files that a person has chosen together. */
  readonly batch: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** What the file ends with. @default 'page' */
  readonly until?: 'page' | 'session';
}

/** Permission to upload one file. */
export interface UploadTicket {
  readonly ticket: string;
  /** Bytes of each part but the last. */
  readonly part: number;
  /** The name and the media type as they are stored. */
  readonly name: string;
  readonly type: string;
}

/** What a file is made of. A string is text, not an address. */
export type FileContent = string | Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | Response;

/** The files of a page. */
export interface PageFiles {
  /** Permits a browser to upload a file. @returns a sentence when there is no room for it. */
  offer(node: TreeNode, offered: OfferedFile): UploadTicket | string;
  /** Ends an upload of an element. */
  withdraw(node: TreeNode, key: string): void;
  /** Makes a file of what code gives. @throws {RangeError} (rejects) when it is too large. */
  make(
    content: FileContent,
    given: { readonly name: string; readonly type?: string; readonly until?: 'page' | 'session' },
  ): Promise<FileData>;
}

/** The port of the elements to the live page. The session implements it. */
export interface PageHost {
  readonly tree: Tree;
  /** The page's id, which nobody outside of its session can know. */
  readonly id: string;
  /** True turns on warnings for authors. */
  readonly development: boolean;
  readonly files: PageFiles;
  /** True while a page is built again that was shown before. An error of a part, or of a function for a prop, costs only that. */
  readonly returning: boolean;
  /**
   * Returns a durable signal that belongs to the slot.
   *
   * @param name identifies its value when the code around it changes. Another of the name is an error.
   * @param variable identifies its value too, together with the count of this variable's states in the slot.
   */
  state<T>(slot: Slot, initial: T, name: string | undefined, variable?: string): State<T>;
  /**
   * Returns the items of a durable list that belongs to the slot. The names are those of {@link PageHost.state}.
   *
   * @param initial makes the first items; called when none are stored.
   */
  list(slot: Slot, initial: () => Items, name: string | undefined, variable?: string): ItemsSource;
  /** Returns milliseconds since the epoch. A replay gets the recorded number. */
  now(): number;
  /** Returns a number from 0 up to, not including, 1. A replay gets the recorded number. */
  random(): number;
  /**
   * Starts an effect: now, or, during a replay, when the replay ends.
   * @returns a function that ends it.
   */
  following(start: () => () => void): () => void;
  /**
   * An async function fills an element: the page is not shown before it has returned.
   *
   * @param structural false when no builder fills it.
   * @throws {TypeError} where nothing waits for it: in a handler, and in a part that is built again while the page lives.
   */
  fill(node: TreeNode, structural: boolean, filling: Promise<unknown>): void;
  /** An async function fills a sub page: the page is not shown before it has returned. @throws {TypeError} once the page is built. */
  fillSubPage(filling: Promise<unknown>): void;
  /** The headers of the request by which a browser last loaded the page or connected to it. Empty without one since a restart. */
  readonly headers: Headers;
  /** The time zone that the last request has named; undefined when it named none. */
  readonly timeZone: string | undefined;
  /** What is known of the visitor. */
  readonly visitor: PageVisitor;
  /** Where the page is. */
  readonly location: PageLocation;
  /** True when a handler waits for an event of the node. */
  awaits(node: TreeNode, event: string): boolean;
  /**
   * Resolves the waits of all handlers for an event of the node.
   *
   * @throws {TypeError} for a value that cannot be stored.
   */
  answer(node: TreeNode, event: string, value: unknown): void;
  /**
   * Records that the node has a function that cannot survive hibernation. The page stays awake while somebody watches.
   *
   * @param what says so, for the author.
   * @returns a function that ends it.
   */
  holdAwake(node: TreeNode, what: string): () => void;
  /** Sends {@link tickEvent} to the node repeatedly while it exists, is not disabled, and somebody watches the page. */
  timer(node: TreeNode, spec: TimerSpec): void;
  /** Called after a timer's `disabled` has changed. */
  timerChanged(node: TreeNode): void;
  /** Reports an error of an author's code: a notice in the page and a line in the log. */
  report(error: unknown, node: TreeNode | undefined): void;
  /** Logs advice for the author, in development only and once for each text. */
  advise(text: string): void;
  /**
   * What the page shows was computed from nothing that changes. In development, the author hears when it would be another one.
   *
   * @param what its name, as at the beginning of a sentence.
   * @param first what was computed.
   * @param compute returns it as it would be now; undefined when something else is shown.
   * @returns a function that ends it.
   */
  readNothing(what: string, first: unknown, compute: () => unknown): (() => void) | undefined;
}

/** The page of the running code. */
export const pageHost = new ContextKey<PageHost>('page');
