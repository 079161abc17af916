import type { ParamKeys, ParamKeyToRecord } from 'hono/types';
import manifest from '#manifest';
import { pageHost } from '../elements/index.ts';
import type { PageRequest } from '../session/index.ts';
import type { Tree } from '../tree/index.ts';

/** The parameters that a path pattern names: `/report/:id/:tab?` gives `{ id: string; tab?: string }`. */
export type PathParams<Pattern extends string> = string extends Pattern
  ? Readonly<Record<string, string>>
  : [ParamKeys<Pattern>] extends [never]
    ? Readonly<Record<never, string>>
    : Simplify<UnionToIntersection<Optional<ParamKeyToRecord<ParamKeys<Pattern>>>>>;

type Optional<T> = T extends unknown
  ? { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
      readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
    }
  : never;
type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
  ? I
  : never;
type Simplify<T> = { readonly [K in keyof T]: T[K] };

/** What a page learns from the session around it. */
export interface PageSurroundings<Bindings> {
  readonly env: Bindings;
  readonly session: string;
  /** Default false. */
  readonly development?: boolean;
}

/** What a page function is given. It stays valid as long as the page lives, so handlers may use it too. */
export class PageContext<Pattern extends string = string, Bindings = unknown> {
  /** Parameters of the path, decoded. */
  readonly params: PathParams<Pattern>;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
  /** Path and query, as in `/report/7?year=2026`. */
  readonly path: string;
  /** The bindings of the Worker. */
  readonly env: Bindings;
  /** Name of the visitor's session: the same for all pages of one browser, and nobody else's. */
  readonly session: string;
  /**
   * True on the developer's own machine: the local server runs the application, and the visitor is on the same machine. Never true of
   * a deployed application.
   */
  readonly development: boolean;
  readonly #tree: Tree;

  /** Must run inside the page's scope. */
  constructor(request: PageRequest, surroundings: PageSurroundings<Bindings>) {
    // The router that found the page has filled in what its pattern names.
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

/** A page function: describes the page by calling `ui`. It runs again whenever the page has to be rebuilt, and may be async. */
export type PageBuilder<Pattern extends string, Bindings> = (page: PageContext<Pattern, Bindings>) => unknown;
