import { type MaybeReactive, read } from '../../reactive/index.ts';
import { journal } from '../../tasks/index.ts';
import { slot } from '../../tree/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.log`. */
export interface LogOptions extends ElementOptions {
  /** Number of lines to retain, at most 10,000. One line counts the dropped ones. @default 1_000 */
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
   * Shows the items of a signal, one line for each, such as the output of a job: `ui.log().follow(job.chunks)`. Only appended items
   * travel to the browser. Call it in the page function, and do not combine it with `push`. An array with a `first`, the number of
   * its first item, may drop old items; their lines stay as long as `max` allows.
   */
  follow(source: MaybeReactive<readonly unknown[] & { readonly first?: number }>): this {
    const { node } = this;
    return this.track(
      'lines',
      () => read(source),
      (items) => this.tree.follow(node, items.map(String), (items.first ?? 0) + items.length),
    );
  }

  /**
   * Appends lines. A text with line breaks becomes several lines. Lines that a handler or a timer appends are stored. Those of the
   * page function are not, because it runs again after a restart and appends them again.
   */
  push(...lines: unknown[]): this {
    // Because a page function runs again after a restart, and appends its lines again, also after an await.
    const repeated = slot.get()?.structural === true && journal.get() === undefined;
    const texts = lines.flatMap((line) => String(line).split('\n'));
    this.tree.append(this.node, texts, repeated);
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
