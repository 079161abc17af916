import { limits } from '../protocol/index.ts';

const encoder = new TextEncoder();

/**
 * Refuses a row that production would refuse. SQLite in a Durable Object takes at most 2 MB a row and refuses more only when
 * deployed. So every store checks it, also in tests and in development.
 *
 * @throws {RangeError} with the size, the limit and a way out.
 */
export function checkCellSize(key: string, value: string): void {
  const length = key.length + value.length;
  // A UTF-16 unit becomes at most three bytes, so most rows need no encoding.
  if (length * 3 <= limits.cellSize) return;
  const size = length > limits.cellSize ? length : encoder.encode(key).length + encoder.encode(value).length;
  if (size <= limits.cellSize) return;
  throw new RangeError(
    `The value of '${key}' takes ${size} bytes and a durable value has at most ${limits.cellSize}. ` +
      'Split it into several values, or keep large data in R2 or a database and only its key here.',
  );
}
