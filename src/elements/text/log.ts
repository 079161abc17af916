import { type MaybeReactive, read } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.log`. */
export interface LogOptions extends ElementOptions {
  /** Lines that are retained, at most 10,000; a line that counts the older ones takes their place. @default 1_000 */
  readonly max?: number;
}

/** Lines of output, the newest at the end. */
export class Log extends Element {
  constructor(options: LogOptions = {}) {
    const { max = 1_000 } = options;
    if (!Number.isInteger(max) || max < 1 || max > 10_000) {
      throw new RangeError(`The option max of ui.log is a whole number from 1 to 10,000, not ${max}.`);
    }
    super('log', own<'log'>({ lines: [], max, total: 0 }), options);
  }

  /** The lines that are retained, oldest first. */
  get lines(): readonly string[] {
    return this.tree.lines(this.node);
  }

  /**
   * Shows what a signal holds, one line for each item, such as the output of a named or a shared job: `ui.log().follow(job.chunks)`. What is
   * appended to the list travels alone. Call it in the page function, and push nothing besides. An array with a `first`, the number
   * of its first item, may drop old ones: lines stay as long as `max` allows.
   */
  follow(source: MaybeReactive<readonly unknown[] & { readonly first?: number }>): this {
    const { node } = this;
    return this.track(
      'lines',
      () => read(source),
      (items) => this.tree.follow(node, items.map(String), (items.first ?? 0) + items.length),
    );
  }

  /** Appends lines; a text with line breaks is several. */
  push(...lines: unknown[]): this {
    this.tree.append(
      this.node,
      lines.flatMap((line) => String(line).split('\n')),
    );
    return this;
  }
}

/**
 * Shows lines of output, the newest at the end. It scrolls to the end until the user scrolls up.
 *
 * @example
 * const log = ui.log({ max: 200 });
 * ui.button('Convert', async () => {
 *   for await (const line of run.cpuBound(tasks.convert).chunks) log.push(line);
 * });
 *
 * @throws {RangeError} when `max` is not a whole number from 1 to 10,000.
 */
export function log(options?: LogOptions): Log {
  return new Log(options);
}
