import { capture } from '../context/index.ts';
import { effect, type MaybeReactive, read, unrecorded, untracked } from '../reactive/index.ts';
import { journal, unjournaled } from '../tasks/index.ts';
import { type Slot, slot, type Tree, type TreeNode } from '../tree/index.ts';
import { type PageHost, pageHost } from './page-host.ts';

/** A part of a page that is rebuilt when a signal that it read changes. */
interface Part {
  readonly node: TreeNode;
  readonly tree: Tree;
  /** Runs `fn` in the context in which the part was made. New elements go into `into`. */
  inside(into: TreeNode, fn: () => unknown): void;
  /** Makes a fragment in the part. */
  fragment(segment: string, index: number, keyed?: boolean): TreeNode;
  /** Runs `fn` and reports its error. While a builder runs, the builder gets the error instead. */
  attempt(at: TreeNode, fn: () => void): void;
  /** Runs the function that `begin` returns, now and whenever a signal that it read changes. Each `begin` starts with fresh state. */
  follow(begin: () => () => void): void;
}

function part(what: string): Part {
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
    inScope(() => (view ? journal.run(view, () => unrecorded(build)) : build()));
  };
  const fragment = (segment: string, index: number, keyed = false) =>
    tree.create(into(node), 'fragment', {}, { segment, index, keyed });
  const attempt = (at: TreeNode, fn: () => void) => {
    // The first build throws to the builder, because the error is the builder's.
    const building = tree.constructing;
    try {
      fn();
    } catch (error) {
      if (building) throw error;
      untracked(() => host.report(error, at));
    }
  };
  const follow = (begin: () => () => void) => {
    if (tree.isDryRun) {
      begin()();
      return;
    }
    if (structural && !node.dynamic) node.rebuild = () => begin()();
    const change = begin();
    // The function runs in the page's context, because it may read shared values, and those belong to a session.
    const now = () => attempt(node, () => pageHost.run(host, change));
    // A replay builds the part at once, because the handler's next steps need its elements. It follows signals when the replay ends.
    if (tree.replaying) now();
    tree.own(
      node,
      host.following(() => effect(now)),
    );
  };
  return { node, tree, inside, fragment, attempt, follow };
}

/**
 * Shows one part for each item of a list. While a key stays in the list, its part retains its elements, wherever it moves. When
 * another object takes over a key, the part is rebuilt in place. So is a part whose index changes, when `build` takes the index.
 *
 * @example
 * const todos = ui.state([{ id: 1, text: 'Milk' }]);
 * ui.each(todos, (todo) => todo.id, (todo) => ui.label(todo.text));
 *
 * @param list an array, a signal of one, or a function that returns one.
 * @param key returns the item's name: unique in the list, and the same for the same thing.
 * @param build makes the elements of one item.
 * @throws {Error} when two items have the same key.
 */
export function each<T>(
  list: MaybeReactive<readonly T[]>,
  key: (item: T, index: number) => string | number,
  build: (item: T, index: number) => unknown,
): void {
  const { node, tree, inside, fragment, follow, attempt } = part('ui.each');
  const counts = build.length > 1;
  // A key that is made of the index names a position in the list, not an item.
  const keyed = key.length < 2;
  follow(() => {
    const shown = new Map<string, { readonly fragment: TreeNode; item: T; index: number }>();
    return () => update(read(list), shown);
  });
  function update(items: readonly T[], shown: Map<string, { readonly fragment: TreeNode; item: T; index: number }>) {
    untracked(() => {
      // The keys become texts, because 1 and '1' name the same fragment.
      const keys = items.map((item, index) => `${key(item, index)}`);
      const wanted = new Set(keys);
      if (wanted.size !== keys.length) {
        const twice = keys.find((one, index) => keys.indexOf(one) !== index);
        throw new Error(
          `Two items of ui.each have the key ${JSON.stringify(twice)}. Return a different key for each item.`,
        );
      }
      for (const [one, { fragment }] of shown) {
        if (wanted.has(one)) continue;
        tree.remove(fragment, true);
        shown.delete(one);
      }
      const places = new Map(node.children.map((child, index) => [child, index]));
      const stay = staying(
        keys.map((one) => {
          const known = shown.get(one);
          return known ? (places.get(known.fragment) ?? -1) : -1;
        }),
      );
      let before = -1;
      items.forEach((item, index) => {
        const one = keys[index] as string;
        const known = shown.get(one);
        if (!known) {
          const made = tree.construct(() => fragment(`#${one}`, before + 1, keyed));
          if (made.alive) before++;
          shown.set(one, { fragment: made, item, index });
          attempt(made, () => tree.rebuild(made, () => inside(made, () => build(item, index))));
          return;
        }
        if (stay.has(index)) before = node.children.indexOf(known.fragment, before + 1);
        else if (known.fragment.alive) {
          const from = node.children.indexOf(known.fragment);
          // Removing a node from before its new position shifts the nodes between by one.
          if (from > before) before++;
          tree.move(known.fragment, before);
        }
        if (known.item !== item || (counts && known.index !== index)) {
          Object.assign(known, { item, index });
          attempt(known.fragment, () =>
            tree.rebuild(known.fragment, () => inside(known.fragment, () => build(item, index))),
          );
        }
      });
    });
  }
}

/**
 * Shows one part while a condition is true, and optionally another part while it is false. The elements of the other part do not
 * exist. To hide an existing element instead, use `element.show(condition)`.
 *
 * @example
 * const open = ui.state(false);
 * ui.show(open, () => ui.label('Welcome!'), () => ui.label('Closed.'));
 *
 * @param condition a value, a signal of one, or a function that computes it; a truthy value shows the first part.
 * @param build makes the elements of the first part, synchronously.
 * @param otherwise makes the elements of the second part, synchronously. Default nothing.
 */
export function show(condition: MaybeReactive<unknown>, build: () => unknown, otherwise?: () => unknown): void {
  const { node, tree, inside, fragment, follow } = part('ui.show');
  follow(() => {
    let shown: boolean | undefined;
    return () => {
      const holds = Boolean(read(condition));
      untracked(() => {
        if (holds === shown) return;
        if (shown !== undefined) tree.clear(node, true);
        shown = holds;
        const branch = holds ? build : otherwise;
        if (!branch) return;
        tree.construct(() => {
          const made = fragment(holds ? 'then' : 'else', 0);
          tree.rebuild(made, () => inside(made, branch));
        });
      });
    };
  });
}

/**
 * Builds a part, and rebuilds it whenever a signal changes that it read while building. Elements that a rebuild makes again stay in
 * place, with the text that the user typed.
 *
 * @example
 * const sizes = ui.state(['S', 'M']);
 * ui.region(() => {
 *   for (const size of sizes.value) ui.button(size, undefined, { key: size });
 * });
 *
 * @param build makes the elements of the part, synchronously.
 */
export function region(build: () => unknown): void {
  const { node, tree, inside, follow } = part('ui.region');
  const run = () => inside(node, build);
  follow(() => {
    let built = false;
    return () => {
      if (built) tree.rebuild(node, run);
      else tree.construct(run);
      built = true;
    };
  });
}

/** Returns the positions of a longest increasing subsequence, ignoring -1: the children that need not move. */
export function staying(indices: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: number[] = new Array<number>(indices.length).fill(-1);
  indices.forEach((value, position) => {
    if (value < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((indices[tails[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[position] = tails[low - 1] as number;
    tails[low] = position;
  });
  const run = new Set<number>();
  for (let position = tails.at(-1) ?? -1; position >= 0; position = previous[position] as number) run.add(position);
  return run;
}
