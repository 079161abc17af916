import type { ParamKeys } from 'hono/types';
import manifest from '#manifest';
import { pageHost } from '../elements/index.ts';
import type { PageRequest } from '../session/index.ts';
import type { Tree } from '../tree/index.ts';

/** The parameters of a path pattern: `/report/:id/:tab?` gives `{ id: string; tab?: string }`. */
export type PathParams<Pattern extends string> = string extends Pattern
  ? Readonly<Record<string, string>>
  : { readonly [K in ParamKeys<Pattern> as K extends `${string}?` ? never : K]: string } & {
        readonly [K in ParamKeys<Pattern> as K extends `${infer Name}?` ? Name : never]?: string;
      } extends infer Params
    ? { readonly [K in keyof Params]: Params[K] }
    : never;

/** The session's data for a page. */
export interface PageSurroundings<Bindings> {
  readonly env: Bindings;
  readonly session: string;
  /** @default false */
  readonly development?: boolean;
}

/** The argument of a page function. Handlers may use it too, for as long as the page exists. */
export class PageContext<Pattern extends string = string, Bindings = unknown> {
  /** Decoded parameters of the path. */
  readonly params: PathParams<Pattern>;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
  /** Path and query, such as `/report/7?year=2026`. */
  readonly path: string;
  /** The bindings of the Worker. */
  readonly env: Bindings;
  /** Name of the visitor's session: the same for all pages of one browser, unique among visitors. */
  readonly session: string;
  /**
   * True on the developer's own machine: the local server runs the application and the visitor is on the same
   * machine. Never true in a deployment.
   */
  readonly development: boolean;
  readonly #tree: Tree;

  /**
   * Runs inside the page's scope only.
   * @internal
   */
  constructor(request: PageRequest, surroundings: PageSurroundings<Bindings>) {
    // Safe, because the router filled in every parameter of the pattern.
    this.params = request.params as PathParams<Pattern>;
    this.query = request.query;
    this.path = request.path;
    this.env = surroundings.env;
    this.session = surroundings.session;
    this.development = surroundings.development ?? false;
    this.#tree = pageHost.require('A page function').tree;
    this.#tree.set(this.#tree.root, 'styles', manifest.styles, 'derived');
  }

  /** Title of the document. */
  get title(): string {
    const title = this.#tree.value(this.#tree.root, 'title');
    return title === undefined ? '' : String(title);
  }

  set title(title: string) {
    this.#tree.set(this.#tree.root, 'title', title, 'author');
  }
}

/** A page function. It describes the page by calls of `ui`, runs again at each rebuild, and may be async. */
export type PageBuilder<Pattern extends string, Bindings> = (page: PageContext<Pattern, Bindings>) => unknown;
