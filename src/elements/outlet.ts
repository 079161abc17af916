import { limits } from '../protocol/index.ts';
import { type State, untracked } from '../reactive/index.ts';
import { slot, type TreeNode } from '../tree/index.ts';
import { type Outlet, type PageLocation, type Surrounding, surrounding } from './location.ts';
import { NotFound, Redirect, thrownOutcome } from './outcome.ts';
import { type PageHost, pageHost } from './page-host.ts';
import { type Part, part } from './part.ts';
import { matchPath, type PathParams, queryOf, segmentsOf } from './path.ts';
import { heading } from './text/heading.ts';
import { label } from './text/label.ts';
import { link } from './text/link.ts';

/** Number of sub pages that were left and stay as they are. */
const mostLeft = 5;

/** A sub page, as its function receives it. */
export class SubPage<Pattern extends string = string> {
  /** Decoded parameters of the path. */
  readonly params: PathParams<Pattern>;
  /** Path and query of the whole page, such as `/item/7?tab=log`. */
  readonly path: string;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
  readonly #shown: Shown;
  readonly #location: PageLocation;

  /** @internal */
  constructor(params: Readonly<Record<string, string>>, shown: Shown, location: PageLocation) {
    // Safe, because the pattern matched.
    this.params = params as PathParams<Pattern>;
    this.path = shown.at;
    this.query = new URLSearchParams(queryOf(shown.at));
    this.#shown = shown;
    this.#location = location;
  }

  /** Title of the document while the sub page is shown. @default that of the page */
  get title(): string {
    return this.#shown.title ?? '';
  }

  set title(title: string) {
    this.#shown.title = title;
    if (!this.#shown.building) this.#location.shown();
  }
}

/** A function that describes a sub page by calls of `ui`. */
export type SubPageBuilder<Pattern extends string = string> = (page: SubPage<Pattern>) => unknown;

/** Describes what stands in the place of a sub page that does not exist. */
export type NotFoundBuilder = (page: SubPage, message: string) => unknown;

interface Route {
  readonly pattern: string;
  readonly build: SubPageBuilder;
}

/** A sub page in memory: the one that is shown, or one that was left. */
interface Shown extends Surrounding {
  /** Names its part: the path and query with which it was built. */
  readonly id: string;
  at: string;
  node: TreeNode | undefined;
  title: string | undefined;
  /** True when there is nothing at its path. */
  missing: boolean;
  /** True while its function runs. */
  building: boolean;
}

/** Shows one of several sub pages in the part of an element, by the address. */
export class SubPageOutlet implements Outlet {
  readonly #routes: readonly Route[];
  readonly #notFound: NotFoundBuilder;
  readonly #base: readonly string[];
  readonly #part: Part;
  readonly #host: PageHost;
  /** Sub pages, the one that is shown last. */
  #all: Shown[] = [];
  #current: Shown | undefined;
  readonly #stored: State<readonly (readonly [id: string, at: string])[]>;

  /**
   * @param node the element.
   * @param notFound describes what stands in the place of a sub page that does not exist.
   */
  constructor(
    node: TreeNode,
    routes: Readonly<Record<string, SubPageBuilder>>,
    notFound: NotFoundBuilder = nothingHere,
  ) {
    const host = pageHost.require('ui.subPages');
    const { tree, location } = host;
    this.#host = host;
    this.#routes = Object.entries(routes).map(([pattern, build]) => ({ pattern, build }));
    this.#notFound = notFound;
    const around = surrounding.get() ?? location;
    this.#base = segmentsOf(around.base);
    this.#stored = host.state({ node, structural: true }, [], 'shown');
    this.#part = slot.run({ node, structural: true }, () => part('ui.subPages'));
    if (tree.isDryRun) return;
    for (const child of this.#part.node.parked) tree.remove(child, true);
    around.outlets.add(this);
    tree.own(node, () => around.outlets.delete(this));
    this.#restore(around.at);
    this.go(around.at);
    location.shown();
  }

  get title(): string | undefined {
    const inside = [...(this.#current?.outlets ?? [])].map((outlet) => outlet.title);
    return inside.findLast((title) => title !== undefined) ?? this.#current?.title;
  }

  get missing(): boolean {
    return (
      this.#current !== undefined && (this.#current.missing || [...this.#current.outlets].some((one) => one.missing))
    );
  }

  accepts(path: string): boolean {
    const found = this.#match(path);
    return found?.route === undefined || found.route.build.constructor.name !== 'AsyncFunction';
  }

  go(path: string): void {
    const found = this.#match(path);
    // Because an outlet of a sub page that was left hears of addresses that are not in it.
    if (!found) return;
    const { base } = found;
    const same = (shown: Shown) => shown.base === base && (shown.outlets.size > 0 || shown.id === base + queryOf(path));
    const known = this.#all.find((shown) => same(shown) && !shown.missing);
    const next = known ?? {
      id: base + queryOf(path),
      base,
      at: path,
      outlets: new Set<Outlet>(),
      node: undefined,
      title: undefined,
      missing: false,
      building: false,
    };
    if (!known) this.#build(next, found);
    else if (known.at !== path) {
      for (const outlet of known.outlets) outlet.go(path);
      known.at = path;
    }
    this.#become(next);
  }

  /** Puts another sub page into the place of the shown one. */
  #become(next: Shown): void {
    const before = this.#current;
    if (before !== next) {
      if (before?.missing) this.#drop(before);
      else if (before?.node) this.#park(before.node, true);
      if (next.node) this.#park(next.node, false);
    }
    this.#current = next;
    this.#all = [...this.#all.filter((shown) => shown !== next), next];
    while (this.#all.length > 1 && (this.#all.length > mostLeft + 1 || this.#host.tree.size > limits.nodes / 2)) {
      this.#drop(this.#all[0] as Shown);
    }
    this.#stored.value = this.#all.filter(({ missing }) => !missing).map(({ id, at }) => [id, at] as const);
  }

  #park(node: TreeNode, leave: boolean): void {
    if (leave) this.#host.tree.park(node);
    else this.#host.tree.unpark(node);
    this.#timersChanged(node);
  }

  /** A timer of a sub page runs while the sub page is shown. */
  #timersChanged(node: TreeNode): void {
    if (node.kind === 'timer') this.#host.timerChanged(node);
    for (const child of node.children) this.#timersChanged(child);
  }

  #drop(shown: Shown): void {
    this.#all = this.#all.filter((one) => one !== shown);
    if (shown.node) this.#host.tree.remove(shown.node, true);
  }

  /** Builds again the sub pages that were left before a restart, because handlers of them may be open. */
  #restore(now: string): void {
    const own = this.#match(now);
    for (const [id, at] of this.#stored.present) {
      const found = this.#match(at);
      if (!found?.route || (own && id === own.base + queryOf(now))) continue;
      const shown: Shown = {
        id,
        base: found.base,
        at,
        outlets: new Set(),
        node: undefined,
        title: undefined,
        missing: false,
        building: false,
      };
      try {
        this.#build(shown, found);
      } catch {
        // What it showed is gone.
        shown.missing = true;
      }
      if (shown.missing && shown.node) this.#host.tree.remove(shown.node, true);
      if (shown.missing) continue;
      if (shown.node) this.#host.tree.park(shown.node);
      this.#all.push(shown);
    }
  }

  #build(shown: Shown, { route, params, rest }: Found): void {
    const { tree } = this.#host;
    const index = this.#part.node.children.length;
    const node = tree.construct(() => this.#part.fragment(`#${shown.id}`, index, true));
    shown.node = node;
    const page = new SubPage(params, shown, this.#host.location);
    const missing = (message: string) => {
      shown.missing = true;
      shown.title = undefined;
      tree.clear(node, true);
      this.#run(shown, () => this.#notFound(page, message));
    };
    // The first build throws to the page. One that was shown before stays usable.
    const first = tree.constructing && !this.#host.returning;
    const failed = (error: unknown) => {
      const gone = error instanceof NotFound;
      if (error instanceof Redirect || (first && !gone)) {
        tree.remove(node, true);
        throw error;
      }
      missing(gone ? error.message : 'This page could not be shown.');
      if (!gone) untracked(() => this.#host.report(error, node));
    };
    shown.building = true;
    try {
      const filling = route ? thrownOutcome(this.#run(shown, () => route.build(page))) : missing(defaultMessage);
      // Only what is inside of a sub page can take the rest of the path.
      const unused = () => route !== undefined && rest && shown.outlets.size === 0;
      if (!(filling instanceof Promise)) {
        if (unused()) missing(defaultMessage);
        return;
      }
      const filled = filling.then(thrownOutcome).then(() => unused() && missing(defaultMessage), failed);
      this.#host.fillSubPage(filled.then(() => this.#host.location.shown()));
    } catch (error) {
      failed(error);
    } finally {
      shown.building = false;
    }
  }

  /** Runs a function that fills a sub page, and returns its promise when it is async. */
  #run(shown: Shown, build: () => unknown): unknown {
    const node = shown.node as TreeNode;
    let result: unknown;
    this.#host.tree.rebuild(node, () =>
      this.#part.inside(node, () => {
        result = surrounding.run(shown, build);
      }),
    );
    return result;
  }

  /** Returns the sub page of a path; undefined for a path outside of the element's own. */
  #match(path: string): Found | undefined {
    const segments = segmentsOf(path);
    const own = this.#base;
    if (own.some((segment, at) => segments[at] !== segment)) return undefined;
    const left = segments.slice(own.length);
    let best: (Found & { readonly used: number }) | undefined;
    for (const route of this.#routes) {
      const match = matchPath(route.pattern, left);
      // What matches nothing of a path that has something left is no beginning of it.
      if (!match || (match.used === 0 && left.length > 0) || (best && best.used >= match.used)) continue;
      const base = `/${segments.slice(0, own.length + match.used).join('/')}`;
      best = { route, params: match.params, base, rest: match.used < left.length, used: match.used };
    }
    return best ?? { route: undefined, params: {}, base: `/${segments.join('/')}`, rest: false };
  }
}

interface Found {
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** The part of the path that the pattern has matched, with what stands before it. */
  readonly base: string;
  /** True when something of the path is left for sub pages inside. */
  readonly rest: boolean;
}

const defaultMessage = 'There is no page at this address.';

function nothingHere(_: SubPage, message: string): void {
  heading('Page not found', { level: 1 });
  label(message);
  link('Go to the start', '/');
}
