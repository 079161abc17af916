import { types } from 'node:util';

/** Characters of a text that is quoted in a sentence. */
const longest = 200;

/**
 * Says in a few words what any value is: what somebody threw, or what stands where something else was expected. Never throws, although a
 * getter or a Proxy may.
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

/** Whether a value is a Proxy, of whatever. */
export const { isProxy } = types;

/** Whether a value is an error, also one without its class's prototype, or of another realm. Never throws. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || types.isNativeError(value);
  } catch {
    return false; // a Proxy that was revoked, or whose handler throws
  }
}

/**
 * What was thrown, as something that anybody can look at: itself as a rule. What throws when its name, its message or its class is read
 * would break whoever reports it, and is replaced by an error that says so.
 */
export function readable(thrown: unknown): unknown {
  try {
    if (thrown instanceof Error) for (const key of ['name', 'message', 'stack'] as const) String(thrown[key]);
    else if (typeof thrown === 'object' && thrown !== null) String(thrown);
    return thrown;
  } catch {
    return new Error(`Code threw ${describe(thrown)}, which cannot be read.`);
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
