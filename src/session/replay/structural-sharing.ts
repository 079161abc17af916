import { comparableText as text } from '../../storage/index.ts';

/** The most levels that are compared, because values may have cycles. */
const deepest = 16;

/** The rule by which the parts of another value are reused. */
export interface Reuse {
  /** Returns the text by which an object is compared; undefined when it has none. */
  text(part: unknown): string | undefined;
  /** Returns whether a value is what an object was before it was changed in place. */
  isEarlier(value: object, part: object): boolean;
  /** Returns whether an object may take the place of one that is equal to it. */
  replaces(value: object, part: object): boolean;
}

/**
 * Returns an equal value that reuses the equal parts of `like`. A value that is restored from text
 * consists of new objects, but code may compare with `===` what it put into a list.
 */
export function reuseEqual<T>(value: T, like: unknown, rule: Reuse = always, depth = 0): T {
  if (!isObject(value) || !isObject(like) || value === like || depth > deepest) return value;
  const same = text(value) === rule.text(like) || rule.isEarlier(value, like);
  if (same && rule.replaces(value, like)) return like as T;
  return (partsReused(value, like, rule, depth) ?? value) as T;
}

const always: Reuse = { text, isEarlier: () => false, replaces: () => true };

/** Returns the value with parts of `like`; undefined when it has none of them. */
function partsReused(value: object, like: object, rule: Reuse, depth: number): object | undefined {
  if (Array.isArray(value)) return Array.isArray(like) ? ofList(value, like, rule, depth) : undefined;
  if (value instanceof Map) {
    const entries = like instanceof Map ? ofList([...value], [...like], rule, depth + 1) : undefined;
    return entries && new Map(entries as [unknown, unknown][]);
  }
  if (value instanceof Set) {
    const items = like instanceof Set ? ofList([...value], [...like], rule, depth) : undefined;
    return items && new Set(items);
  }
  if (!isPlain(value) || !isPlain(like)) return undefined;
  const parts = Object.entries(value).map(
    ([key, part]) => [key, reuseEqual(part, partOf(like, key), rule, depth + 1)] as const,
  );
  return parts.some(([key, part]) => part !== value[key]) ? Object.fromEntries(parts) : undefined;
}

/** Matches items at the same index first, then anywhere in the list. Returns undefined when no item is of `like`. */
function ofList(
  value: readonly unknown[],
  like: readonly unknown[],
  rule: Reuse,
  depth: number,
): unknown[] | undefined {
  const found: unknown[] = [...value];
  const texts = value.map(text);
  const others = like.map(rule.text);
  // Because equal items can only be distinguished by their index.
  const stayed = (index: number) => index < others.length && texts[index] === others[index];
  const take = (index: number, other: unknown) => {
    const item = value[index];
    if (isObject(item) && isObject(other) && rule.replaces(item, other)) found[index] = other;
  };
  const moved = new Map<string, object[]>();
  like.forEach((item, index) => {
    if (!isObject(item)) return;
    const other = others[index];
    if (stayed(index)) take(index, item);
    else if (other !== undefined) moved.set(other, [...(moved.get(other) ?? []), item]);
  });
  value.forEach((item, index) => {
    if (stayed(index)) return;
    const other = like[index];
    const same = moved.get(texts[index] ?? '')?.shift();
    if (same) take(index, same);
    else if (rule === always || Array.isArray(item)) found[index] = reuseEqual(item, other, rule, depth + 1);
    // Because an item of live code that differs is another one, which its maker compares with `===`.
    else if (isObject(item) && isObject(other) && rule.isEarlier(item, other)) take(index, other);
  });
  return found.some((item, index) => item !== value[index]) ? found : undefined;
}

/** Returns every object in a value, itself included. */
export function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (!isObject(value) || found.has(value)) return found;
  found.add(value);
  if (value instanceof Map) for (const entry of value) for (const part of entry) objectsIn(part, found);
  else if (value instanceof Set) for (const part of value) objectsIn(part, found);
  else for (const key of Object.keys(value)) objectsIn(partOf(value, key), found);
  return found;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns a part of an object; undefined for a getter that throws. */
function partOf(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
