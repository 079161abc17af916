import { parse, stringify } from 'devalue';

/**
 * Returns the text of a value: JSON for plain values, devalue's form (Map, Set, Date, BigInt,
 * bytes, cycles) after a `~`.
 *
 * @param what the start of the error sentence: "The state `todos`".
 * @throws {TypeError} with the path of the part that cannot be stored.
 */
export function encode(value: unknown, what: string): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  // Because JSON has no -0.
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return JSON.stringify(value);
  try {
    return `~${stringify(value, { Error: (error) => error instanceof Error && flat(error) })}`;
  } catch (error) {
    const path = (error as { path?: string }).path ?? '';
    throw new TypeError(
      `${what} cannot be stored: the value${path} is ${describe((error as Error).message)}. ` +
        'Store plain data (objects, arrays, Map, Set, Date, bytes) and leave functions and class instances out.',
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

/**
 * Returns the text of a value without the stacks of its errors, because a replay creates equal
 * errors with other stacks.
 */
export function withoutStacks(text: string): string {
  if (!text.includes('["Error",')) return text;
  return stringify(decode(text), { Error: (error) => error instanceof Error && { ...flat(error), stack: undefined } });
}

/**
 * Returns a text for comparison only, equal for equal values. It contains only the class name of a
 * value without a text, such as a `Request`, and no stack of an error.
 *
 * @returns undefined for a value that cannot be read, such as one with a getter that throws.
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

/** The classes with a text, besides plain objects and views of bytes. */
const known = new Set(
  'Array ArrayBuffer BigInt Boolean Date Map Number RegExp Set String URL URLSearchParams'.split(' '),
);

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
  // Because restoring it could set a prototype.
  if (message.includes('__proto__')) return 'an object with the key __proto__';
  return /function/i.test(message) ? 'a function' : 'an instance of a class';
}
