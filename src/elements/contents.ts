/** The most levels and values of an object that are compared, because values may have cycles. */
const deepest = 8;
const most = 1_000;

/** Returns what an object holds as a flat list, which differs when the object was changed in place. */
export function contentsOf(value: object): readonly unknown[] {
  const found: unknown[] = [];
  visit(value, 0, (each) => found.push(each) <= most);
  return found;
}

/** Returns whether an object still holds what it held. Changes beyond the first thousand values are not noticed. */
export function hasContents(value: object, contents: readonly unknown[]): boolean {
  let next = 0;
  visit(value, 0, (each) => next < contents.length && Object.is(contents[next], each) && ++next > 0);
  return next === contents.length;
}

/** Calls `see` with each part of a value, in a fixed order, until it returns false. */
function visit(value: unknown, depth: number, see: (part: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null || depth > deepest) return see(value);
  if (Array.isArray(value)) return see(value.length) && value.every((each) => visit(each, depth + 1, see));
  if (value instanceof Map || value instanceof Set) {
    if (!see(value.size)) return false;
    for (const each of value) if (!visit(each, depth + 1, see)) return false;
    return true;
  }
  if (value instanceof Date) return see(value.getTime());
  if (!isPlain(value)) return see(value);
  for (const key in value) {
    if (!see(key) || !visit((value as Record<string, unknown>)[key], depth + 1, see)) return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
