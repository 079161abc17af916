import { capture } from '../context/index.ts';
import {
  effect,
  type MaybeReactive,
  read,
  readingOnce,
  type Signal,
  unrecorded,
  unrecordedInto,
  untracked,
} from '../reactive/index.ts';
import { journal, unjournaled } from '../tasks/index.ts';
import { type Slot, slot, type Tree, type TreeNode } from '../tree/index.ts';
import { type PageHost, pageHost } from './page-host.ts';

/** Makes a part. @param anew true also makes again what has not changed. */
type Build = (anew: boolean) => void;

/** A part of a page that is rebuilt when a signal that it read changes. */
export interface Part {
  readonly node: TreeNode;
  readonly tree: Tree;
  /** Runs `fn` in the context in which the part was made. New elements go into `into`. */
  inside(into: TreeNode, fn: () => unknown): void;
  /** Makes a fragment in the part. */
  fragment(segment: string, index: number, keyed?: boolean): TreeNode;
  /** Returns a function that reads what the part follows. In development, the author hears when it reads nothing and changes. */
  reading<T>(what: string, source: MaybeReactive<T>): () => T;
  /** Runs `fn` and reports its error. While a builder runs, the builder gets the error instead. */
  attempt(at: TreeNode, fn: () => void): void;
  /**
   * Runs the function that `begin` returns, now and whenever a signal that it read changes. Each `begin` starts with fresh state.
   *
   * @param changes false when it reads no signal. @default true
   */
  follow(begin: () => Build, changes?: boolean): void;
}

/**
 * Makes a part in the present slot.
 *
 * @param what the author's function, for messages.
 * @param follows true when the part is built again when something changes that its builder read.
 */
export function part(what: string, follows = false): Part {
  const host: PageHost = pageHost.require(what);
  const around = slot.require(what);
  const { tree } = host;
  const node = tree.create(around, 'fragment', {});
  const structural = around.structural;
  // Elements of a part are counted within it, also when a handler made the part.
  const into = (parent: TreeNode): Slot => ({ node: parent, structural: true });
  // Without the journal of the handler that makes the part, because later builds are not the handler's steps.
  const inScope = unjournaled(() => slot.run(into(node), capture));
  const inside = (parent: TreeNode, fn: () => unknown) => {
    const build = () =>
      slot.run(into(parent), () => {
        const result = fn();
        if (result instanceof Promise) {
          throw new TypeError(
            `The function given to ${what} is async. Build elements synchronously; load data in a handler or a timer.`,
          );
        }
      });
    // Because a dry run and a replay must see the page as it was, they build with the journal's view.
    const view = tree.isDryRun || tree.replaying ? journal.get() : undefined;
    const now = follows ? build : () => readingOnce(build);
    inScope(() => (view ? journal.run(view, () => unrecorded(build)) : now()));
  };
  const fragment = (segment: string, index: number, keyed = false) =>
    tree.create(into(node), 'fragment', {}, { segment, index, keyed });
  const reading = <T>(of: string, source: MaybeReactive<T>) => {
    const compute = () => read(source);
    if (!host.development || tree.isDryRun) return compute;
    let end: (() => void) | undefined;
    tree.own(node, () => end?.());
    return () => {
      end?.();
      const found = new Set<Signal>();
      const value = unrecordedInto(found, compute);
      end = found.size === 0 ? host.readNothing(of, value, compute) : undefined;
      return value;
    };
  };
  const attempt = (at: TreeNode, fn: () => void) => {
    // The first build throws to the builder, because the error is the builder's. A page that was shown before stays usable.
    const building = tree.constructing && !host.returning;
    try {
      fn();
    } catch (error) {
      if (building) throw error;
      untracked(() => host.report(error, at));
    }
  };
  const follow = (begin: () => Build, changes = true) => {
    // Functions run in the page's context, because they may read shared and stored values, and those belong to a session.
    const dry = () => pageHost.run(host, () => begin()(false));
    if (tree.isDryRun) {
      dry();
      return;
    }
    const build = begin();
    const make = (anew: boolean) => attempt(node, () => pageHost.run(host, () => build(anew)));
    const now = () => make(false);
    if (structural && !node.dynamic) {
      node.rebuild = dry;
      node.renew = () => unjournaled(() => unrecorded(() => untracked(() => make(true))));
    }
    // A replay builds the part at once, because the handler's next steps need its elements. It follows signals when the replay ends.
    if (tree.replaying) now();
    tree.own(
      node,
      host.following(() => effect(now)),
    );
    if (changes && node.dynamic && !tree.constructing)
      tree.own(node, host.holdAwake(node, `A handler made a ${what}.`));
  };
  return { node, tree, inside, fragment, reading, attempt, follow };
}
