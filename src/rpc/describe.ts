import { types } from 'node:util';

/** Most characters of a quoted text. */
const longest = 200;

/**
 * Describes any value in a few words, for an error message. It never throws, even if a getter or a Proxy handler does.
 */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  try {
    if (isProxy(value)) return 'a Proxy';
    if (typeof value === 'function') return isClass(value) ? 'a class' : 'a function';
    if (typeof value !== 'object' || value === null) return String(value);
    if (!isError(value)) return Object.prototype.toString.call(value);
    return short(`${value.name}: ${value.message}`);
  } catch {
    return 'an object that cannot be read';
  }
}

/** True for a Proxy of any target. */
export const { isProxy } = types;

/** True for an error, also one of another realm or with a changed prototype. It never throws. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false; // a revoked Proxy, or one whose handler throws
  }
}

/**
 * Returns the thrown value if it can be read, or else an error that describes it. A value whose name, message or class
 * throws when it is read would break the code that reports it.
 */
export function readable(thrown: unknown): unknown {
  try {
    if (thrown instanceof Error) for (const key of ['name', 'message', 'stack'] as const) String(thrown[key]);
    else if (typeof thrown === 'object' && thrown !== null) String(thrown);
    return thrown;
  } catch {
    return new Error(`Code threw ${describe(thrown)}, whose name or message throws when it is read.`);
  }
}

function isClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith('class');
}

function quoted(text: string): string {
  return text.length > longest ? `${JSON.stringify(text.slice(0, longest))}…` : JSON.stringify(text);
}

function short(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
