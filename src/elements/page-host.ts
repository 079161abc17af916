import { ContextKey } from '../context/index.ts';
import type { State } from '../reactive/index.ts';
import type { Slot, Tree, TreeNode } from '../tree/index.ts';

/** How often and how a timer runs. */
export interface TimerSpec {
  /** Milliseconds between the end of one run and the start of the next. */
  readonly interval: number;
  readonly once: boolean;
}

/** What elements need from the live page; the session fills it. */
export interface PageHost {
  readonly tree: Tree;
  /** True turns on warnings for authors. */
  readonly development: boolean;
  /** A durable signal that belongs to the slot. `name` keeps its value when the code around it changes. */
  state<T>(slot: Slot, initial: T, name: string | undefined): State<T>;
  /** Milliseconds since the epoch, the same again in a handler that is continued after a restart. */
  now(): number;
  /** A number from 0 up to, not including, 1, the same again in such a handler. */
  random(): number;
  /**
   * Starts what follows signals: now, or, while a handler does again what it did before a restart, when it has come to where it was.
   * @returns how to end it.
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
   * Answers the handlers that wait for an event of the node.
   *
   * @throws {TypeError} for a value that cannot be kept.
   */
  answer(node: TreeNode, event: string, value: unknown): void;
  /** The node hears with a function that cannot outlive the object: the page stays awake while somebody watches. */
  holdAwake(node: TreeNode): void;
  /** Has the node hear {@link tickEvent} again and again while it lives, is not disabled, and somebody watches the page. */
  timer(node: TreeNode, spec: TimerSpec): void;
  /** A timer's `disabled` changed. */
  timerChanged(node: TreeNode): void;
  /** Says that an author's code threw: a notice in the page and a line in the log. */
  report(error: unknown, node: TreeNode | undefined): void;
  /** Tells the author something, in development only and once for each text. */
  advise(text: string): void;
}

/** The page of the code that runs. */
export const pageHost = new ContextKey<PageHost>('page');
