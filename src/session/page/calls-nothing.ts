import type { Listener } from '../../tree/index.ts';

/** What is known of texts: a page that wakes makes its functions again. */
const known = new Map<string, boolean>();

/** An arrow function with at most one parameter, without a bracket or a backtick in its body, so that it calls nothing. */
const callless = /^(?:\(\s*(?:[\w$]+|\{[\w$\s,]*\})?\s*\)|[\w$]+)\s*=>[^(`]*$/;
/** What runs other code without a bracket, or later. */
const others = /\b(?:new|await|yield|import)\b/;

/**
 * True for a function whose text calls nothing: it is done when it returns, and no code of it runs later. Most handlers that
 * only set a state are such functions. Others may be, too, but their text does not prove it.
 *
 * @example
 * callsNothing(() => count.value++);      // true
 * callsNothing(() => save());             // false: what it calls may await
 */
export function callsNothing(author: Listener['author']): boolean {
  const text = Function.prototype.toString.call(author);
  let nothing = known.get(text);
  if (nothing === undefined) known.set(text, (nothing = callless.test(text) && !others.test(text)));
  return nothing;
}
