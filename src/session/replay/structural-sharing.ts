import { encode } from '../../storage/index.ts';

/** Levels that are looked into: values may have circles. */
const deepest = 16;

/**
 * The same value, made of those parts of `like` that equal its own. A value that was kept as text comes back as other objects, and
 * code may compare with `===` what it put into a list and what it finds there.
 *
 * @param takes whether a part may be taken. Default: any.
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

/** Items are found where they were, or wherever they have moved. */
function ofList(
  value: readonly unknown[],
  like: readonly unknown[],
  takes: (part: object) => boolean,
  depth: number,
): unknown[] {
  const found: unknown[] = [...value];
  const texts = value.map(text);
  const others = like.map(text);
  // Equal ones are told apart by their place.
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

/** Every object in a value, itself too. */
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
