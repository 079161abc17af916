import { checkCloneable, type SettledResult, toError, toRejected } from '../../rpc/index.ts';
import { comparableText, decode, encode, jsonOf } from '../../storage/index.ts';
import { checksum } from '../../tree/index.ts';

/** Arguments above this many bytes are compared by their size only. */
const mostDigested = 65_536;

export function settledFrom(text: string | undefined): SettledResult | undefined {
  return text === undefined ? undefined : (decode(text) as SettledResult);
}

export function endOf(ending: SettledResult): string {
  if (ending.ok) return 'value';
  return 'error' in ending ? ending.error.name : 'something thrown';
}

/** Returns the text of a settled result; undefined when it has none. */
export function textOf(value: unknown): string | undefined {
  try {
    return encode(value, 'A value');
  } catch {
    return undefined;
  }
}

/** Returns the text of how a call settled; undefined when it has none. */
export function settledText(outcome: SettledResult): string | undefined {
  const json = isSimple(outcome) ? jsonOf(outcome.value) : undefined;
  return json === undefined ? textOf(outcome) : `{"ok":true,"value":${json}}`;
}

/** True for a value that is no object, so that its copy is itself. */
export function isSimple(outcome: SettledResult): outcome is SettledResult & { readonly ok: true } {
  return outcome.ok && (typeof outcome.value !== 'object' || outcome.value === null);
}

/** Returns a copy of the value, or the value itself when it has no text. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const text = textOf(value);
  return text === undefined ? value : (decode(text) as T);
}

export function copied(outcome: SettledResult & { readonly ok: true }): SettledResult {
  return { ok: true, value: copy(outcome.value) };
}

/**
 * Returns a hash of the arguments of a call; undefined when they have no text. Equal arguments have
 * equal hashes.
 */
export function digest(args: readonly unknown[]): number | undefined {
  const checked = checkCloneable(args, '');
  if (checked.ok && checked.bytes > mostDigested) return checked.bytes;
  const text = comparableText(args);
  return text === undefined ? undefined : checksum(text);
}

/** Returns the text of a value read from a signal; undefined when it has none. An error retains its class. */
export function packed(value: unknown): string | undefined {
  return textOf(value instanceof Error ? { thrown: toRejected(value) } : { value });
}

export function unpacked(text: string): unknown {
  const { thrown, value } = decode(text) as { readonly thrown?: SettledResult; readonly value?: unknown };
  return thrown && !thrown.ok ? toError(thrown) : value;
}
