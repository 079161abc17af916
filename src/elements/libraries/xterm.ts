import { journal } from '../../tasks/index.ts';
import { slot } from '../../tree/index.ts';
import { Element, type ElementOptions, own, type UiEvent } from '../element.ts';

/** Options of `ui.xterm`. */
export interface XtermOptions extends ElementOptions {
  /** What the terminal shows, for those who cannot see it. @default 'Terminal' */
  readonly label?: string;
  /** Number of written pieces to retain, at most 10,000. A page that returns writes them again. @default 1_000 */
  readonly max?: number;
  /** Handler of what a person types. Without one, the terminal takes no input. @default none */
  readonly onData?: (event: UiEvent<Xterm> & { readonly value: string }) => unknown;
  /** Handler of a changed size, in characters. @default none */
  readonly onResize?: (event: UiEvent<Xterm> & { readonly cols: number; readonly rows: number }) => unknown;
}

/** A terminal. */
export class Xterm extends Element {
  constructor(options: XtermOptions = {}) {
    const { label = 'Terminal', max = 1_000, onData, onResize } = options;
    if (!Number.isInteger(max) || max < 1 || max > 10_000) {
      throw new RangeError(`The option max of ui.xterm is a whole number from 1 to 10,000, not ${max}.`);
    }
    super(
      'xterm',
      own<'xterm'>({ label, lines: [], max, total: 0, ...(!onData && { readonly: true }) }),
      options,
      label,
    );
    if (onData) {
      this.listen('data', (event) => onData({ ...event, value: String(event.value), sender: this }), 'queue', onData);
    }
    if (onResize) {
      const hear = (event: UiEvent) =>
        onResize({ ...event, ...(event.value as unknown as { cols: number; rows: number }), sender: this });
      this.listen('resize', hear, 'parallel', onResize);
    }
  }

  /** Writes text, with escape sequences for colours and the cursor. A new line is `\r\n`. Only the new text travels to the browser. */
  write(...texts: readonly string[]): this {
    const repeated = slot.get()?.structural === true && journal.get() === undefined;
    this.tree.append(this.node, texts, repeated);
    return this;
  }

  /** Writes text and begins a new line. */
  writeln(text = ''): this {
    return this.write(`${text}\r\n`);
  }
}

/**
 * Shows a terminal. What was written is stored, up to `max` pieces. The application installs the packages:
 * `npm install @xterm/xterm @xterm/addon-fit`. Pattern: a text field with a live region.
 *
 * @example
 * const terminal = ui.xterm({ onData: ({ value }) => terminal.write(value) });
 * terminal.writeln('Type something.');
 *
 * @throws {RangeError} when `max` is not a whole number from 1 to 10,000.
 */
export function xterm(options?: XtermOptions): Xterm {
  return new Xterm(options);
}
