import { encode } from '../storage/index.ts';
import { sharedLimits } from './limits.ts';

/** Encodes a value and checks its size. @throws {RangeError} above the limit. */
export function checkedText(value: unknown, what: string): string {
  const text = encode(value, what);
  if (text.length <= sharedLimits.value) return text;
  throw new RangeError(
    `${what} would have ${text.length} characters; the limit is ${sharedLimits.value}. ` +
      'Store large data in R2 or a database, and share its key.',
  );
}
