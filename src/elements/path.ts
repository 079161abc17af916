/** The parameters of a path pattern: `/report/:id/:tab?` gives `{ id: string; tab?: string }`. */
export type PathParams<Pattern extends string> = string extends Pattern
  ? Readonly<Record<string, string>>
  : (
        Pattern extends `${infer Segment}/${infer Rest}`
          ? PathParams<Segment> & PathParams<Rest>
          : Pattern extends `:${infer Name}{${string}}?`
            ? { readonly [K in Name]?: string }
            : Pattern extends `:${infer Name}{${string}`
              ? { readonly [K in Name]: string }
              : Pattern extends `:${infer Name}?`
                ? { readonly [K in Name]?: string }
                : Pattern extends `:${infer Name}`
                  ? { readonly [K in Name]: string }
                  : unknown
      ) extends infer Params
    ? { readonly [K in keyof Params]: Params[K] }
    : never;

/** A pattern at the beginning of a path. */
export interface PathMatch {
  readonly params: Readonly<Record<string, string>>;
  /** Number of segments that the pattern has consumed. */
  readonly used: number;
}

/** Returns the segments of a path, as they are written. */
export function segmentsOf(path: string): string[] {
  return path
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter((segment) => segment !== '');
}

/** Returns the query of a path with its question mark; empty without one. */
export function queryOf(path: string): string {
  return /\?[^#]*/.exec(path)?.[0] ?? '';
}

/** Matches a pattern such as `/item/:id{[0-9]+}` or `/files/*` with the first segments of a path. */
export function matchPath(pattern: string, segments: readonly string[]): PathMatch | undefined {
  const params: Record<string, string> = {};
  let used = 0;
  for (const part of segmentsOf(pattern.replaceAll('?', '\0')).map((one) => one.replaceAll('\0', '?'))) {
    if (part === '*') return { params, used: segments.length };
    const segment = segments[used];
    const [, name, regex, optional] = /^:(\w+)(?:\{(.+)\})?(\?)?$/.exec(part) ?? [];
    const fits =
      segment !== undefined &&
      (name === undefined
        ? segment === part
        : regex === undefined || new RegExp(`^(?:${regex})$`).test(decoded(segment)));
    if (!fits) {
      if (optional) continue;
      return undefined;
    }
    if (name !== undefined) params[name] = decoded(segment);
    used++;
  }
  return { params, used };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
