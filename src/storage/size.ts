import { limits } from '../protocol/index.ts';

const encoder = new TextEncoder();

/**
 * Returns the bytes that a text takes beside a socket. The platform stores a letter of Latin-1 as one byte, but two for each letter
 * of a text that has another one.
 */
export function bytesBeside(text: string): number {
  return /^[\x00-\xff]*$/.test(text) ? text.length : text.length * 2;
}

/**
 * Refuses a row that production would refuse. SQLite in a Durable Object limits a row to 2 MB, but
 * only once deployed. So every store checks the size, in tests and in development too.
 *
 * @throws {RangeError} with the size, the limit and a way out.
 */
export function checkCellSize(key: string, value: string): void {
  const length = key.length + value.length;
  // Because a UTF-16 unit becomes at most three bytes, most rows need no encoding.
  if (length * 3 <= limits.cellSize) return;
  const size = length > limits.cellSize ? length : encoder.encode(key).length + encoder.encode(value).length;
  if (size <= limits.cellSize) return;
  throw new RangeError(
    `The value of '${key}' takes ${size} bytes and a durable value takes at most ${limits.cellSize}. ` +
      'Split it into several values, or store large data in R2 or a database and only its key here.',
  );
}
