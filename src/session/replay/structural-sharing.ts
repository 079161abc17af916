import { encode } from '../../storage/index.ts';

/** The most levels that are compared, because values may have cycles. */
const deepest = 16;

/**
 * Returns an equal value that reuses the equal parts of `like`. A value that is restored from text
 * consists of new objects, but code may compare with `===` what it put into a list.
 *
 * @param takes returns whether a part may be reused. Default: any part.
 */
export function reuseEqual<T>(value: T, like: unknown, takes: (part: object) => boolean = () => true, depth = 0): T {
  if (!isParted(value) || !isParted(like) || value === like || depth > deepest) return value;
  if (takes(like) && text(value) === text(like)) return like as T;
  if (Array.isArray(value)) return (Array.isArray(like) ? ofList(value, like, takes, depth) : value) as T;
  if (Array.isArray(like)) return value;
  const parts = Object.entries(value).map(
    ([key, part]) => [key, reuseEqual(part, like[key], takes, depth + 1)] as const,
  );
  return parts.some(([key, part]) => part !== value[key]) ? (Object.fromEntries(parts) as T) : value;
}

/** Matches items at the same index first, then anywhere in the list. */
function ofList(
  value: readonly unknown[],
  like: readonly unknown[],
  takes: (part: object) => boolean,
  depth: number,
): unknown[] {
  const found: unknown[] = [...value];
  const texts = value.map(text);
  const others = like.map(text);
  // Because equal items can only be distinguished by their index.
  const stayed = (index: number) => index < others.length && texts[index] === others[index];
  const moved = new Map<string, object[]>();
  like.forEach((item, index) => {
    if (!isParted(item) || !takes(item)) return;
    const other = others[index] as string;
    if (stayed(index)) found[index] = item;
    else moved.set(other, [...(moved.get(other) ?? []), item]);
  });
  value.forEach((item, index) => {
    if (!stayed(index))
      found[index] = moved.get(texts[index] as string)?.shift() ?? reuseEqual(item, like[index], takes, depth + 1);
  });
  return found.some((item, index) => item !== value[index]) ? found : (value as unknown[]);
}

/** Returns every object in a value, itself included. */
export function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (!isParted(value) || found.has(value)) return found;
  found.add(value);
  for (const part of Object.values(value)) objectsIn(part, found);
  return found;
}

function isParted(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function text(value: unknown): string {
  return encode(value, 'A value');
}
