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

function flat(error: Error): object {
  const { name, message, stack, cause } = error;
  return { name, message, stack, cause, own: { ...error } };
}

function property(value: unknown, enumerable: boolean): PropertyDescriptor {
  return { value, enumerable, configurable: true, writable: true };
}

function describe(message: string): string {
  // Because reading it again could set a prototype.
  if (message.includes('__proto__')) return 'an object with the key __proto__';
  return /function/i.test(message) ? 'a function' : 'an instance of a class';
}
