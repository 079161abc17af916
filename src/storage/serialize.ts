import { parse, stringify } from 'devalue';
import { type FileData, FileRef } from '../file-ref/index.ts';

/** Characters of the longest JSON of an object. Longer ones have devalue's form, which writes a repeated text once. */
const longestJson = 100_000;

/**
 * Returns the text of a value: JSON where that gives back the same value, which takes a third of the time, and devalue's form
 * after a `~` otherwise (undefined, NaN, -0, Map, Set, Date, BigInt, bytes, cycles, repeated objects).
 *
 * @param what the start of the error sentence, or returns it: 'The state "todos"'.
 * @throws {TypeError} with the path of the part that cannot be stored.
 */
export function encode(value: unknown, what: string | (() => string)): string {
  try {
    const json = jsonOf(value);
    if (json !== undefined) return json;
    let errors = false;
    const text = stringify(value, {
      ...fileText,
      Error(part) {
        if (!(part instanceof Error)) return false;
        errors = true;
        return flat(part);
      },
    });
    // Because the text of an error that is a part of itself cannot be read.
    if (errors && !isReadable(text)) throw new Error('an error that is a part of itself');
    return `~${text}`;
  } catch (error) {
    const { path = '', message, value: part } = error as Error & { path?: string; value?: PromiseLike<unknown> };
    const is = typeof part?.then === 'function' ? 'a promise, which has to be awaited before' : describe(message);
    throw new TypeError(
      `${typeof what === 'function' ? what() : what} cannot be stored: the value${path} is ${is}. ` +
        'Store plain data (objects, arrays, Map, Set, Date, bytes) and leave functions and class instances out.',
    );
  }
}

/** Returns the JSON of a value when parsing it gives back the same value; otherwise undefined. */
export function jsonOf(value: unknown): string | undefined {
  if (!isPlain(value)) return undefined;
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return typeof value === 'object' && text.length > longestJson ? undefined : text;
}

/** @param known the objects so far: JSON would make two of one that is repeated. */
function isPlain(value: unknown, known?: Set<object>): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || known?.has(value) || (value as { toJSON?: unknown }).toJSON !== undefined)
    return false;
  const seen = known ?? new Set();
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    if (prototype !== Array.prototype) return false;
    // By number, because a hole is undefined.
    for (let index = 0; index < value.length; index++) if (!isPlain(value[index], seen)) return false;
    return true;
  }
  if (prototype !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const key in value) {
    if (key === '__proto__' || !isPlain((value as Record<string, unknown>)[key], seen)) return false;
  }
  return true;
}

function isReadable(text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

/** Returns the value of a text of {@link encode}. */
export function decode(text: string): unknown {
  return text.startsWith('~') ? read(text.slice(1)) : (JSON.parse(text) as unknown);
}

/** A file is stored as its data. */
const fileText = { FileRef: (part: unknown) => part instanceof FileRef && part.toJSON() };

function read(text: string): unknown {
  return parse(text, {
    FileRef: (data: FileData) => new FileRef(data),
    Error: ({ name, message, stack, cause, own }) =>
      Object.defineProperties(new Error(message, { cause }), {
        ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, property(value, true)])),
        name: property(name, false),
        stack: property(stack, false),
      }),
  });
}

/** Returns true when two texts are of equal values: also of errors with other stacks, and when an earlier build has written one. */
export function isSameText(one: string | undefined, other: string | undefined): boolean {
  return one === other || comparableText(one && decode(one)) === comparableText(other && decode(other));
}

/** Returns an equal value that shares no object with the given one. @throws {TypeError} when it cannot be stored. */
export function copyOf<T>(value: T, what: string): T {
  if (typeof value !== 'object' || value === null) return value;
  return decode(encode(value, what)) as T;
}

/**
 * Returns a text for comparison only, equal for equal values. It contains only the class name of a
 * value without a text, such as a `Request`, and no stack of an error. It does not say which parts are
 * one object, because a restart restores what two states share as an object of each.
 *
 * @returns undefined for a value that cannot be read, such as one with a getter that throws.
 */
export function comparableText(value: unknown): string | undefined {
  const shapes = new Map<string, number>();
  const numbers = new Map<object, number>();
  let depth = 0;
  const refer = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return leaf(part);
    const known = numbers.get(part);
    if (known !== undefined) return `#${known}`;
    numbers.set(part, --depth); // Because it may be a part of itself.
    const shape = shapeOf(part, refer);
    const number = shapes.get(shape) ?? shapes.size;
    shapes.set(shape, number);
    numbers.set(part, number);
    depth++;
    return `#${number}`;
  };
  try {
    const whole = refer(value);
    return JSON.stringify([...shapes.keys(), whole]);
  } catch {
    return undefined;
  }
}

function shapeOf(value: object, refer: (part: unknown) => string): string {
  if (Array.isArray(value)) return `[${value.map(refer)}`;
  if (value instanceof Map) return `Map ${[...value].flat().map(refer)}`;
  if (value instanceof Set) return `Set ${[...value].map(refer)}`;
  if (value instanceof Error) return `Error ${refer({ ...flat(value), stack: undefined })}`;
  if (isOpaque(value) || Object.prototype.toString.call(value) !== '[object Object]') return leaf(value);
  return `{${Object.entries(value).map(([key, part]) => JSON.stringify(key) + refer(part))}`;
}

function leaf(value: unknown): string {
  return stringify(value, { ...fileText, Opaque: (part) => isOpaque(part) && className(part) });
}

function isOpaque(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return true;
  if (typeof value !== 'object' || value === null) return false;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag !== 'Object') return !known.has(tag) && !ArrayBuffer.isView(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/** The classes with a text that {@link shapeOf} does not know, besides views of bytes. */
const known = new Set('ArrayBuffer BigInt Boolean Date Number RegExp String URL URLSearchParams'.split(' '));

function className(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'Object') || 'unnamed' : typeof value;
}

function flat(error: Error): { readonly stack: string | undefined } {
  const { name, message, stack, cause } = error;
  // Because an own property may hide the name of the class; errors restored from data have no such
  // property.
  const own = Object.entries(error).filter(([key]) => !(key in { name, message, stack, cause }));
  return { name, message, stack, cause, own: Object.fromEntries(own) } as { readonly stack: string | undefined };
}

function property(value: unknown, enumerable: boolean): PropertyDescriptor {
  return { value, enumerable, configurable: true, writable: true };
}

function describe(message: string): string {
  if (message === 'an error that is a part of itself') return message;
  // Because restoring it could set a prototype.
  if (message.includes('__proto__')) return 'an object with the key __proto__';
  return /function/i.test(message) ? 'a function' : 'an instance of a class';
}
