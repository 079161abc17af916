import type { Json } from '../protocol/index.ts';

/**
 * Returns a copy of a value without undefined parts: dates as texts, numbers that JSON does not have as null.
 *
 * @param path names the value in an error.
 * @param advice what an author may do instead.
 * @throws {TypeError} for code and class instances.
 */
export function plainData(value: unknown, path: string, advice: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return plainData([...(value as never)], path, advice);
  if (Array.isArray(value)) return value.map((each, index) => plainData(each ?? null, `${path}[${index}]`, advice));
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return Object.fromEntries(
      Object.entries(value as object)
        .filter(([, each]) => each !== undefined)
        .map(([name, each]) => [name, plainData(each, `${path}.${name}`, advice)]),
    );
  }
  const what = typeof value === 'object' ? 'an instance of a class' : `a ${typeof value}`;
  throw new TypeError(`${path} is ${what}. ${advice}`);
}
