import { ContextKey } from '../context/index.ts';
import { batch, type State } from '../reactive/index.ts';
import type { Tree, TreeNode } from '../tree/index.ts';
import { queryOf, segmentsOf } from './path.ts';

/** What shows one of several parts by the address of the page: an element of `ui.subPages`. */
export interface Outlet {
  /** Returns true when it can show a path without the page being built again. */
  accepts(path: string): boolean;
  /** Shows the part for a path. */
  go(path: string): void;
  /** The title that its part has set, or a part in that one. */
  readonly title: string | undefined;
  /** True when there is nothing at the path. */
  readonly missing: boolean;
}

/** A part that an outlet shows, and what may be inside of it. */
export interface Surrounding {
  /** The path that the part has matched, without what is left for outlets inside of it. */
  readonly base: string;
  /** Path and query that the part shows. */
  readonly at: string;
  readonly outlets: Set<Outlet>;
}

/** The part around the running code. */
export const surrounding = new ContextKey<Surrounding>('sub page');

/** Where a page is: its path, and the outlets that follow it. */
export class PageLocation implements Surrounding {
  readonly outlets = new Set<Outlet>();
  readonly base: string;
  readonly #tree: Tree;
  readonly #state: () => State<string>;
  #at: string;
  #path: State<string> | undefined;
  #title: string | undefined;

  /**
   * @param pattern the one under which the page was registered: what stands before its `*` is the page's own.
   * @param state makes the durable state of the path.
   */
  constructor(tree: Tree, pattern: string, at: string, state: () => State<string>) {
    this.#tree = tree;
    this.#state = state;
    this.#at = at;
    const own = segmentsOf(pattern).filter((segment) => segment !== '*').length;
    this.base = `/${segmentsOf(at).slice(0, own).join('/')}`;
    this.#title = tree.value(tree.root, 'title') as string | undefined;
  }

  /** Path and query. */
  get at(): string {
    return this.#at;
  }

  /** Path and query, for code that follows it. */
  get path(): string {
    this.#path ??= this.#state();
    return this.#path.value;
  }

  /** Returns true when the page can show another path without being built again. */
  accepts(path: string): boolean {
    return this.outlets.size > 0 && [...this.outlets].every((outlet) => outlet.accepts(path));
  }

  /** Shows another path. What a sub page throws leaves the page as it was. */
  move(path: string): void {
    const before = this.#at;
    batch(() => {
      // First, because the sub pages may read it.
      this.#become(path);
      try {
        for (const outlet of this.outlets) outlet.go(path);
      } catch (error) {
        this.#become(before);
        throw error;
      }
    });
    this.shown();
    markLinks(this.#tree, this.#tree.root, path);
  }

  #become(path: string): void {
    this.#at = path;
    this.#path ??= this.#state();
    this.#path.value = path;
  }

  /** The page itself has set the title. A title of a sub page comes first. */
  titled(title: string): void {
    this.#title = title;
    this.shown();
  }

  /** Sets the title and the status by what the outlets show. */
  shown(): void {
    if (this.outlets.size === 0) return;
    const { root } = this.#tree;
    const outlets = [...this.outlets];
    const title = outlets.map((outlet) => outlet.title).findLast((one) => one !== undefined) ?? this.#title;
    this.#tree.set(root, 'title', title, 'passing');
    this.#tree.set(root, 'path', this.#at, 'passing');
    this.#tree.set(root, 'status', outlets.some((outlet) => outlet.missing) ? 404 : undefined, 'passing');
  }
}

/** Returns true when an address leads to the path that is shown. */
export function leadsTo(address: string, path: string): boolean {
  const [plain = ''] = address.split('#');
  if (plain.startsWith('/')) return plain === path;
  return plain.startsWith('?') && plain === queryOf(path);
}

/** Marks the links that lead to the shown path. */
function markLinks(tree: Tree, node: TreeNode, path: string): void {
  if (node.kind === 'link') {
    const href = tree.value(node, 'href');
    tree.set(node, 'current', (typeof href === 'string' && leadsTo(href, path)) || undefined, 'passing');
  }
  for (const child of node.children) markLinks(tree, child, path);
  for (const child of node.parked) markLinks(tree, child, path);
}
