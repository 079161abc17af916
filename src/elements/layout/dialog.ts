import type { MaybeReactive } from '../../reactive/index.ts';
import { checkWait, type WaitOptions, waitFor } from '../../tasks/index.ts';
import { channelOf } from '../../tree/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';

/** Options of `ui.dialog`. */
export interface DialogOptions extends ElementOptions {
  /** Names the dialog for assistive technology. @default none */
  readonly label?: string;
  /** True leaves it open when the user presses Escape or clicks beside it. A handler closes it. @default false */
  readonly persistent?: boolean;
  /** True fills the window. @default false */
  readonly maximized?: boolean;
  /** Whether it is open: a value, or a signal that it is bound to in both directions. @default false */
  readonly value?: MaybeReactive<boolean>;
}

/** A window over the page, closed at first. Its `value` is true while it is open. `T` is the type of its answer. */
export class Dialog<T = unknown> extends ValueElement<boolean> {
  constructor(build?: () => void, options: DialogOptions = {}) {
    const { label, persistent, maximized, value = false } = options;
    const flags = { ...(persistent && { persistent }), ...(maximized && { maximized }) };
    super('dialog', own<'dialog'>({ open: false, ...(label && { label }), ...flags }), value, options, 'open');
    if (build) this.add(build);
  }

  /** Opens the dialog. The user cannot use the page behind it until the dialog closes. */
  open(): void {
    this.value = true;
  }

  /** Closes the dialog. A handler that waits for its result gets undefined. The user can close the dialog, too. */
  close(): void {
    this.value = false;
  }

  /**
   * Closes the dialog and returns an answer to the handler that waits for its result.
   *
   * @throws {TypeError} when the value is no plain data.
   */
  submit(value: T): void {
    this.answer('open', value);
    this.close();
  }

  /**
   * Opens the dialog, waits in a handler for its answer, and returns it. Returns undefined when the dialog is closed without an
   * answer, or removed. The wait survives restarts, deploys and reloads, and may last for days.
   *
   * @throws {Error} outside of a handler.
   * @throws {TimeoutError} (rejects) when nobody answers within `timeout`. The dialog then closes.
   * @throws {CancelledError} (rejects) when another run replaces the handler's.
   */
  result(options: WaitOptions = {}): Promise<T | undefined> {
    checkWait('dialog.result', options);
    const { node } = this;
    const open = () => {
      this.open();
      // Because no handler waits for the answer any more, the dialog closes.
      const close = (replayed: boolean) => {
        if (!replayed && this.value && !this.awaited('open')) this.close();
      };
      return {
        channel: channelOf(node.key, 'open'),
        there: node.alive,
        gone: { ok: true, value: undefined } as const,
        close,
        resumed: () => {
          if (!this.value) this.open();
        },
      };
    };
    return waitFor<T | undefined>({ type: 'dialog', what: 'dialog.result', timeout: options.timeout, open });
  }

  /** @internal */
  protected override changed(prop: string): void {
    if (prop === 'open' && !this.tree.constructing && !this.value) this.answer('open', undefined);
  }
}

/**
 * Makes a window over the page, closed at first. The user closes it with Escape or by a click beside it.
 *
 * @example
 * const dialog = ui.dialog<'all' | 'one'>(() => {
 *   ui.label('Delete which?');
 *   ui.button('All of them', () => dialog.submit('all'));
 *   ui.button('This one', () => dialog.submit('one'));
 * });
 * ui.button('Delete …', async () => {
 *   const which = await dialog.result(); // undefined when it was closed
 *   if (which) await run.ioBound(remove, which);
 * });
 *
 * @param build makes the elements inside, synchronously.
 */
export function dialog<T = unknown>(build?: () => void, options?: DialogOptions): Dialog<T> {
  return new Dialog<T>(build, options);
}
