import { defaultPolicy, type PageRequest, type SessionApplication } from '../session/index.ts';

/** Page functions by path: a test without an application. */
export type Builders = Readonly<Record<string, (request: PageRequest) => unknown>>;

/** An application with its pages: an `App` of `edgewise`. */
export interface TestedApplication {
  /** @internal */
  readonly sessions: SessionApplication<object>;
}

/** The pages of a test: an `App`, or page functions by path. */
export type Pages = TestedApplication | Builders;

/** The pages as sessions see them. */
export type Application = SessionApplication<object>;

/** @param build the version's name; another one means that builders may have changed. */
export function applicationOf(pages: Pages, build: string): Application {
  // Checks the shape, because an application may come from another copy of the package.
  const { sessions } = pages;
  if (typeof sessions === 'object') return { ...sessions, build };
  const builders = pages as Builders;
  return {
    build,
    policy: defaultPolicy,
    development: () => true,
    match: (path) => {
      const [name = '/', search = ''] = path.split('?');
      const builder = Object.hasOwn(builders, name) ? builders[name] : undefined;
      if (!builder) return undefined;
      return {
        definition: { pattern: name, build: builder },
        request: { path, params: {}, query: new URLSearchParams(search) },
      };
    },
  };
}
