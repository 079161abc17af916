/** Frames that are looked at: a page function may be deep in helpers. */
const frames = 100;

/** The types of the language do not know it. */
const engine = Error as ErrorConstructor & { stackTraceLimit?: number | undefined };

/**
 * Names the branches of `Promise.all`, `allSettled` and `any` that the running code goes on in after an await; '' in none. Branches go
 * on in the order in which what they wait for comes, which is another one each time. Their places in the list stay, and the engine's
 * stack tells them. Without such a stack this is always ''.
 */
export function branch(): string {
  const limit = engine.stackTraceLimit;
  engine.stackTraceLimit = frames;
  const stack = new Error().stack ?? '';
  engine.stackTraceLimit = limit;
  const indices = [...stack.matchAll(/ async Promise\.(?:all|allSettled|any) \(index (\d+)\)/g)].map(
    ([, index]) => index,
  );
  return indices.length === 0 ? '' : `@${indices.reverse().join('.')}`;
}
