import { FileRef } from '../file-ref/index.ts';
import { describe, isProxy } from './describe.ts';
import { taskLimits } from './limits.ts';

/** A value in a message that the platform cannot clone or that throws when it is read. */
class Uncloneable {
  readonly problem: string;
  /** Path segments from the value outwards; each level of the walk appends its own. */
  readonly path: string[] = [];

  constructor(problem: string) {
    this.problem = problem;
  }
}

/** The outcome of {@link checkCloneable}. */
export type Cloneable =
  | { readonly ok: true /** Approximate size in bytes. */; readonly bytes: number }
  | {
      readonly ok: false /** A clause without a full stop, such as `args[0].rows[3].onClick is a function`. */;
      readonly problem: string;
    };

/**
 * Checks whether a value can be sent to another Worker, and measures it, in one walk. It exists because the platform's
 * own error ("#<Object> could not be cloned") does not say where. It refuses functions and class instances, although RPC
 * could carry some as stubs: a stub dies with the call, and a job outlives it. It refuses a Proxy too, because RPC takes
 * a Proxy for a stub. It never throws.
 *
 * @param written true for a value that is serialised to text before it is sent, which accepts a Proxy. @default false
 * @param files true where a file may be sent. @default false
 */
export function checkCloneable(value: unknown, root: string, { written = false, files = false } = {}): Cloneable {
  try {
    return { ok: true, bytes: walk(value, new Walk(written, files), 0) };
  } catch (thrown) {
    const { path, problem } = thrown instanceof Uncloneable ? thrown : unreadable(thrown);
    return { ok: false, problem: `${root}${shortPath(path.reverse().join(''))} ${problem}` };
  }
}

/** Returns the problem of a value whose getter or Proxy handler threw. */
function unreadable(thrown: unknown): Uncloneable {
  return new Uncloneable(`cannot be read, because reading it throws ${describe(thrown)}`);
}

/** The objects that a walk has visited. */
class Walk {
  readonly written: boolean;
  readonly files: boolean;
  #first: object | undefined;
  /** Made for the second object, because most values have one or none. */
  #others: Set<object> | undefined;

  constructor(written: boolean, files: boolean) {
    this.written = written;
    this.files = files;
  }

  /** @returns false for an object that was visited before. */
  visit(value: object): boolean {
    if (!this.#first) this.#first = value;
    else if (value === this.#first || this.#others?.has(value)) return false;
    else (this.#others ??= new Set()).add(value);
    return true;
  }
}

function walk(value: unknown, seen: Walk, depth: number): number {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return 1;
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 30 ? 4 : 9;
    case 'string':
      return 4 + textSize(value);
    case 'bigint':
      return 4 + value.toString(16).length / 2;
    case 'function':
      throw new Uncloneable(`is ${describe(value)}`);
    case 'symbol':
      throw new Uncloneable('is a symbol');
    case 'object':
      return value === null ? 1 : walkObject(value, seen, depth);
  }
}

function walkObject(value: object, seen: Walk, depth: number): number {
  if (!seen.visit(value)) return 4;
  if (depth > taskLimits.depth) throw new Uncloneable(`is nested deeper than ${taskLimits.depth} levels`);
  if (!seen.written && isProxy(value)) throw new Uncloneable('is a Proxy: send a plain copy of its target');
  if (Array.isArray(value)) {
    let size = 8;
    for (let index = 0; index < value.length; index++) {
      size += child(value[index], seen, depth, () => `[${index}]`);
    }
    return size;
  }
  if (ArrayBuffer.isView(value)) return 8 + walkObject(value.buffer, seen, depth);
  if (value instanceof ArrayBuffer) return 8 + value.byteLength;
  if (value instanceof Date || value instanceof RegExp || isBoxed(value)) return 16;
  if (value instanceof Map) {
    let size = 8;
    for (const [key, item] of value) {
      size += child(key, seen, depth, () => ` (the key ${short(key)} of the Map)`);
      size += child(item, seen, depth, () => `.get(${short(key)})`);
    }
    return size;
  }
  if (value instanceof Set) {
    let size = 8;
    for (const item of value) size += child(item, seen, depth, () => ` (an item of the Set)`);
    return size;
  }
  if (value instanceof Error) {
    return (
      16 +
      textSize(String(value.message)) +
      textSize(String(value.stack ?? '')) +
      ('cause' in value ? child(value.cause, seen, depth, () => '.cause') : 0) +
      walkKeys(value, seen, depth)
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || isForeignObjectPrototype(prototype)) {
    return 4 + walkKeys(value, seen, depth);
  }
  if (seen.files && value instanceof FileRef) return 64 + textSize(value.name);
  return platformObject(value);
}

function walkKeys(value: object, seen: Walk, depth: number): number {
  let size = 0;
  for (const key of Object.keys(value)) {
    const segment = () => (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
    let item: unknown;
    try {
      item = (value as Record<string, unknown>)[key];
    } catch (thrown) {
      throw within(unreadable(thrown), segment);
    }
    size += 3 + key.length + child(item, seen, depth, segment);
  }
  return size;
}

function child(value: unknown, seen: Walk, depth: number, segment: () => string): number {
  try {
    return walk(value, seen, depth + 1);
  } catch (thrown) {
    throw within(thrown instanceof Uncloneable ? thrown : unreadable(thrown), segment);
  }
}

function within(problem: Uncloneable, segment: () => string): Uncloneable {
  problem.path.push(segment());
  return problem;
}

/** Accepts streams and the like, and throws for any other object with advice on what to send. */
function platformObject(value: object): number {
  const name = value.constructor?.name || 'an unnamed class';
  switch (Object.prototype.toString.call(value).slice(8, -1)) {
    case 'ReadableStream':
    case 'WritableStream':
    case 'Request':
    case 'Response':
    case 'Headers':
    case 'Blob':
      return 64;
    case 'Promise':
      throw new Uncloneable('is a promise: await it first');
    case 'URL':
      throw new Uncloneable('is a URL: send its href');
    case 'URLSearchParams':
      throw new Uncloneable('is a URLSearchParams: send it as a string');
    case 'WeakMap':
    case 'WeakSet':
    case 'WeakRef':
      throw new Uncloneable(`is a ${name}`);
    default:
      throw new Uncloneable(`is an instance of ${name}: send a plain object with its data`);
  }
}

function textSize(text: string): number {
  return /[^\0-\xff]/.test(text) ? text.length * 2 : text.length;
}

function isBoxed(value: object): boolean {
  return value instanceof Number || value instanceof String || value instanceof Boolean;
}

/** True for the `Object.prototype` of another realm. Test runners have several realms. */
function isForeignObjectPrototype(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

function shortPath(path: string): string {
  return path.length > 200 ? `${path.slice(0, 100)} … ${path.slice(-60)}` : path;
}

function short(key: unknown): string {
  const text = typeof key === 'string' ? JSON.stringify(key) : typeof key === 'object' ? 'object' : String(key);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
