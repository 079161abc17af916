import { parse, stringify } from 'devalue';

/**
 * Returns the text of a value: JSON for plain values, devalue's form (Map, Set, Date, BigInt, bytes, cycles) after a `~`.
 *
 * @param what begins the sentence of the error: "The state `todos`".
 * @throws {TypeError} with the path of the part that cannot be stored.
 */
export function encode(value: unknown, what: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  // JSON has no -0.
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return JSON.stringify(value);
  try {
    return `~${stringify(value, { Error: (error) => error instanceof Error && flat(error) })}`;
  } catch (error) {
    const path = (error as { path?: string }).path ?? '';
    throw new TypeError(
      `${what} cannot be kept: the value${path} is ${describe((error as Error).message)}. ` +
        'Keep plain data (objects, arrays, Map, Set, Date, bytes) and leave functions and class instances out.',
    );
  }
}

/** Returns the value of a text of {@link encode}. */
export function decode(text: string): unknown {
  if (!text.startsWith('~')) return JSON.parse(text) as unknown;
  return parse(text.slice(1), {
    Error: ({ name, message, stack, cause, own }) =>
      Object.defineProperties(new Error(message, { cause }), {
        ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, property(value, true)])),
        name: property(name, false),
        stack: property(stack, false),
      }),
  });
}

/** The text of a value without the stacks of the errors in it: two errors may be the same one, made again. */
export function withoutStacks(text: string): string {
  if (!text.includes('["Error",')) return text;
  return stringify(decode(text), { Error: (error) => error instanceof Error && { ...flat(error), stack: undefined } });
}

/**
 * A text that is the same for equal values: to compare, not to read again. What has no text, such as a Request, is told by its class
 * only, and an error is told without its stack.
 *
 * @returns undefined for a value that cannot be looked at, for instance because reading it throws.
 */
export function comparableText(value: unknown): string | undefined {
  try {
    return stringify(value, {
      Error: (part) => part instanceof Error && { ...flat(part), stack: undefined },
      Opaque: (part) => isOpaque(part) && className(part),
    });
  } catch {
    return undefined;
  }
}

function isOpaque(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return true;
  if (typeof value !== 'object' || value === null) return false;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag !== 'Object') return !known.has(tag) && !ArrayBuffer.isView(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/** What has a text besides plain objects and views of bytes. */
const known = new Set(
  'Array ArrayBuffer BigInt Boolean Date Map Number RegExp Set String URL URLSearchParams'.split(' '),
);

function className(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'Object') || 'unnamed' : typeof value;
}

function flat(error: Error): { readonly stack: string | undefined } {
  const { name, message, stack, cause } = error;
  // A class may have its name as an own property; an error that is made again from data has not.
  const own = Object.entries(error).filter(([key]) => !(key in { name, message, stack, cause }));
  return { name, message, stack, cause, own: Object.fromEntries(own) } as { readonly stack: string | undefined };
}

function property(value: unknown, enumerable: boolean): PropertyDescriptor {
  return { value, enumerable, configurable: true, writable: true };
}

function describe(message: string): string {
  // Because reading it again could set a prototype.
  if (message.includes('__proto__')) return 'an object with the key __proto__';
  return /function/i.test(message) ? 'a function' : 'an instance of a class';
}
