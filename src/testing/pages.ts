import { defaultPolicy, type PageRequest, type SessionApplication } from '../session/index.ts';

/** Page functions by path: a test without an application. */
export type Builders = Readonly<Record<string, (request: PageRequest) => unknown>>;

/** An application with its pages: an `App` of `edgewise`. */
export interface TestedApplication {
  /** @internal */
  readonly sessions: SessionApplication<object>;
}

/** The pages of a test: an `App`, page functions by path, or the one page function. */
export type Pages = TestedApplication | Builders | Builders[string];

/** The pages as sessions see them. */
export type Application = SessionApplication<object>;

/** @param build the version's name; another one means that builders may have changed. */
export function applicationOf(pages: Pages, build: string): Application {
  // Checks the shape, because an application may come from another copy of the package.
  const { sessions } = pages as Partial<TestedApplication>;
  if (typeof sessions === 'object') return { ...sessions, build };
  const builders = Object.entries(typeof pages === 'function' ? { '/*': pages } : (pages as Builders)).map(
    ([pattern, build]) => ({ pattern, build, paths: new URLPattern({ pathname: pattern }) }),
  );
  return {
    build,
    policy: defaultPolicy,
    development: () => true,
    match: (path) => {
      const { pathname, searchParams } = new URL(path, 'http://test');
      for (const { pattern, build, paths } of builders) {
        const groups = paths.exec({ pathname })?.pathname.groups;
        if (!groups) continue;
        const params: Record<string, string> = {};
        for (const [name, value] of Object.entries(groups))
          if (value !== undefined) params[name] = decodeURIComponent(value);
        return { definition: { pattern, build }, request: { path, params, query: searchParams } };
      }
      return undefined;
    },
  };
}
