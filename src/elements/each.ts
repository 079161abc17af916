import { type ItemsSource, List } from '../collection/index.ts';
import { type MaybeReactive, untracked } from '../reactive/index.ts';
import { shown } from '../tasks/index.ts';
import type { TreeNode } from '../tree/index.ts';
import { checkBuild } from './build-given.ts';
import { contentsOf, hasContents } from './contents.ts';
import { isReactive } from './element.ts';
import { type Part, part } from './part.ts';

/**
 * Shows one part for each item of a list. While a key stays in the list, its part retains its elements, wherever it moves. When
 * another object takes over a key, or the object has changed in place, the part is rebuilt in place. So is a part whose index
 * changes, when `build` takes the index.
 *
 * @example
 * const todos = ui.state([{ id: 1, text: 'Milk' }]);
 * ui.each(todos, (todo) => todo.id, (todo) => ui.label(todo.text));
 *
 * @example
 * const todos = ui.list([{ id: 1, text: 'Milk' }], 'id');
 * ui.each(todos, (todo) => ui.label(todo.text));
 *
 * @param list a list of `ui.list`, `shared.list` or `storage`; an array, a signal of one, or a function that returns one.
 * @param key returns the item's name: unique in the list, and the same for the same thing. A list has its own.
 * @param build makes the elements of one item.
 * @throws {Error} when two items have the same key.
 */
export function each<T>(list: List<T>, build: (item: T, index: number) => unknown): void;
/**
 * Shows one part for each item of an array, a signal of one, or a function that returns one; the same with a key.
 *
 * @throws {TypeError} when there is no function for keys.
 */
export function each<T>(
  list: MaybeReactive<readonly T[]>,
  key: (item: T, index: number) => string | number,
  build: (item: T, index: number) => unknown,
): void;
export function each<T>(
  list: List<T> | MaybeReactive<readonly T[]>,
  ...functions: [first: (item: T, index: number) => unknown, build?: (item: T, index: number) => unknown]
): void {
  const [first, build = first] = functions;
  checkBuild('ui.each', build);
  const here = part('ui.each');
  if (list instanceof List) {
    // A list knows its keys, and which items have changed.
    here.follow(() => {
      const parts = new ItemParts<T>(here, build, true);
      return (anew) => parts.follow(list.source, anew);
    });
    return;
  }
  if (typeof first !== 'function' || functions.length < 2) {
    throw new TypeError(
      'ui.each of an array takes two functions: ui.each(rows, (row) => row.id, (row) => ui.label(row.name)).',
    );
  }
  const key = first as (item: T, index: number) => string | number;
  // A key that is made of the index names a position in the list, not an item.
  const keyed = key.length < 2;
  const present = here.reading('The array of a ui.each', list);
  here.follow(() => {
    const parts = new ItemParts<T>(here, build, keyed);
    return (anew) => {
      const items = present();
      if (!Array.isArray(items)) {
        throw new TypeError(
          `ui.each takes a ui.list or an array; it was given ${shown(items)}. While there is none, give it [].`,
        );
      }
      // The keys become texts, because 1 and '1' name the same fragment.
      untracked(() =>
        parts.update(
          items.map((item, index) => [`${key(item, index)}`, item] as const),
          anew,
        ),
      );
    };
  }, isReactive(list));
}

/** The part of one item. */
interface ItemPart<T> {
  readonly fragment: TreeNode;
  item: T;
  index: number;
  /** What the item held when the part was built. */
  contents: readonly unknown[];
}

/** The parts that an `each` shows, by key. */
class ItemParts<T> {
  readonly #part: Part;
  readonly #build: (item: T, index: number) => unknown;
  /** True when a part depends on its index. */
  readonly #counts: boolean;
  readonly #keyed: boolean;
  readonly #shown = new Map<string, ItemPart<T>>();
  /** The version of the list that is shown; undefined before the first. */
  #version: number | undefined;

  constructor(part: Part, build: (item: T, index: number) => unknown, keyed: boolean) {
    this.#part = part;
    this.#build = build;
    this.#counts = build.length > 1;
    this.#keyed = keyed;
  }

  /** Shows the present items of a list. It looks only at those that have changed, when these are few. */
  follow(source: ItemsSource, anew: boolean): void {
    const items = source.all;
    const changed = this.#version === undefined || items !== source.live ? undefined : items.since(this.#version);
    this.#version = items.version;
    untracked(() => {
      const few = !anew && changed !== undefined && !this.#counts && changed.length * 8 < items.count + 8;
      // A part that a handler has removed has no place among the others.
      if (!few || this.#part.node.children.length !== this.#shown.size) {
        this.update(
          items.all.map(({ key, value }) => [key, value as T] as const),
          anew,
        );
        return;
      }
      const present = changed.map((key) => ({ key, index: items.indexOf(key) }));
      this.#remove(present.filter(({ index }) => index < 0).map(({ key }) => key));
      for (const { key, index } of present.sort((a, b) => a.index - b.index)) {
        if (index < 0) continue;
        const before = this.#shown.get(items.at(index - 1)?.key ?? '')?.fragment;
        this.#place(key, items.get(key)?.value as T, index, index === 0 ? undefined : before);
      }
    });
  }

  /**
   * Shows these items, in this order.
   *
   * @param anew true also builds again what has not changed.
   * @throws {Error} when two have the same key.
   */
  update(items: readonly (readonly [key: string, item: T])[], anew: boolean): void {
    const { node, tree } = this.#part;
    const wanted = new Set(items.map(([key]) => key));
    if (wanted.size !== items.length) {
      const twice = items.find(([key], index) => items.findIndex(([one]) => one === key) !== index)?.[0];
      throw new Error(
        `Two items of ui.each have the key ${JSON.stringify(twice)}. Return a different key for each item.`,
      );
    }
    this.#remove([...this.#shown.keys()].filter((key) => !wanted.has(key)));
    const stay = items.flatMap(([key]) => this.#shown.get(key)?.fragment ?? []).filter(({ alive }) => alive);
    if (stay.length === node.children.length) tree.arrange(node, stay);
    let before = 0;
    items.forEach(([key, item], index) => {
      const known = this.#shown.get(key);
      const { fragment } = known ?? this.#make(key, item, index, before);
      if (fragment.alive) before++;
      if (known) this.#refresh(known, item, index, anew);
    });
  }

  /** Makes, moves and refreshes the part of one item, whose neighbours are in place. */
  #place(key: string, item: T, index: number, before: TreeNode | undefined): void {
    const { node, tree } = this.#part;
    const { children } = node;
    const known = this.#shown.get(key);
    // Where nothing waits to be moved, the place is the index.
    const place = !before ? 0 : children[index - 1] === before ? index : children.indexOf(before) + 1;
    if (!known) {
      this.#make(key, item, index, place);
      return;
    }
    if (children[place] !== known.fragment) {
      const from = children.indexOf(known.fragment);
      // Taking a node out from before its new position shifts the nodes between by one.
      tree.move(known.fragment, from < place ? place - 1 : place);
    }
    this.#refresh(known, item, index);
  }

  #make(key: string, item: T, index: number, place: number): ItemPart<T> {
    const { tree, fragment, attempt, inside } = this.#part;
    const made = {
      fragment: tree.construct(() => fragment(`#${key}`, place, this.#keyed)),
      item,
      index,
      contents: contents(item),
    };
    this.#shown.set(key, made);
    tree.holds(made.fragment, item);
    attempt(made.fragment, () =>
      tree.rebuild(made.fragment, () => inside(made.fragment, () => this.#build(item, index))),
    );
    return made;
  }

  #refresh(known: ItemPart<T>, item: T, index: number, anew = false): void {
    const isSame = known.item === item && (!isObject(item) || hasContents(item, known.contents));
    if (!anew && isSame && (!this.#counts || known.index === index)) return;
    const { tree, attempt, inside } = this.#part;
    const { fragment } = known;
    Object.assign(known, { item, index, contents: contents(item) });
    attempt(fragment, () => tree.rebuild(fragment, () => inside(fragment, () => this.#build(item, index))));
  }

  #remove(keys: readonly string[]): void {
    const fragments = new Set(keys.flatMap((key) => this.#shown.get(key)?.fragment ?? []));
    for (const key of keys) this.#shown.delete(key);
    this.#part.tree.removeAll(this.#part.node, fragments);
  }
}

const noContents: readonly unknown[] = [];

function contents(item: unknown): readonly unknown[] {
  return isObject(item) ? contentsOf(item) : noContents;
}

function isObject(item: unknown): item is object {
  return typeof item === 'object' && item !== null;
}
