import type { Listener } from '../../tree/index.ts';

const known = new WeakMap<Listener['author'], boolean>();
/** The same by their texts: a page that wakes makes its functions again. */
const texts = new Map<string, boolean>();

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
  let nothing = known.get(author);
  if (nothing === undefined) {
    const text = Function.prototype.toString.call(author);
    texts.set(text, (nothing = texts.get(text) ?? (callless.test(text) && !others.test(text))));
    known.set(author, nothing);
  }
  return nothing;
}
