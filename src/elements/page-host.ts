import { ContextKey } from '../context/index.ts';
import type { State } from '../reactive/index.ts';
import type { Slot, Tree, TreeNode } from '../tree/index.ts';

/** The schedule of a timer. */
export interface TimerSpec {
  /** Milliseconds between the end of one run and the start of the next. */
  readonly interval: number;
  readonly once: boolean;
}

/** The port of the elements to the live page. The session implements it. */
export interface PageHost {
  readonly tree: Tree;
  /** True turns on warnings for authors. */
  readonly development: boolean;
  /** Returns a durable signal that belongs to the slot. `name` identifies its value when the code around it changes. */
  state<T>(slot: Slot, initial: T, name: string | undefined): State<T>;
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
  /** True when a handler waits for an event of the node. */
  awaits(node: TreeNode, event: string): boolean;
  /**
   * Resolves the waits of all handlers for an event of the node.
   *
   * @throws {TypeError} for a value that cannot be stored.
   */
  answer(node: TreeNode, event: string, value: unknown): void;
  /** Records that the node has a listener that cannot survive hibernation. The page stays awake while somebody watches. */
  holdAwake(node: TreeNode): void;
  /** Sends {@link tickEvent} to the node repeatedly while it exists, is not disabled, and somebody watches the page. */
  timer(node: TreeNode, spec: TimerSpec): void;
  /** Called after a timer's `disabled` has changed. */
  timerChanged(node: TreeNode): void;
  /** Reports an error of an author's code: a notice in the page and a line in the log. */
  report(error: unknown, node: TreeNode | undefined): void;
  /** Logs advice for the author, in development only and once for each text. */
  advise(text: string): void;
}

/** The page of the running code. */
export const pageHost = new ContextKey<PageHost>('page');
