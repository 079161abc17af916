import type { MaybeReactive } from '../../reactive/index.ts';
import { checkWait, type WaitOptions, waitFor } from '../../tasks/index.ts';
import type { WhileRunning } from '../../tree/index.ts';
import { type ElementOptions, type Handler, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.button`. */
export interface ButtonOptions extends ElementOptions, LookOptions {
  /**
   * Names the button for assistive technology, where it has only an icon.
   * @default the text, or the name of the icon
   */
  readonly label?: string;
  /** True submits the form that the button is in. @default false */
  readonly submit?: boolean;
  /** Policy for a second click while the handler runs. @default 'parallel' */
  readonly whileRunning?: WhileRunning;
}

/** A button. It has `aria-busy` while one of its handlers runs. */
export class Button extends TextElement {
  constructor(text: MaybeReactive<string | number>, onClick?: Handler<Button>, options: ButtonOptions = {}) {
    const { label, submit, whileRunning } = options;
    super('button', text, { ...(label && { label }), ...(submit && { submit }) }, options, true);
    if (onClick) this.on('click', onClick as Handler<this>, whileRunning ? { whileRunning } : {});
  }

  /** Adds a handler of clicks. */
  onClick(handler: Handler<this>, whileRunning?: WhileRunning): this {
    return this.on('click', handler, whileRunning ? { whileRunning } : {});
  }

  /**
   * Waits in a handler for the next click. The button's own handlers get the click, too. The wait survives restarts, deploys and
   * reloads, and may last for days.
   *
   * @example
   * const next = ui.button('Next');
   * ui.button('Start the tour', async () => {
   *   for (const step of steps) {
   *     text.value = step;
   *     await next.clicked();
   *   }
   * });
   *
   * @throws {Error} outside of a handler.
   * @throws {TimeoutError} (rejects) when nobody clicks within `timeout`.
   * @throws {CancelledError} (rejects) when the button is removed, or another run replaces the handler's.
   */
  async clicked(options: WaitOptions = {}): Promise<void> {
    checkWait('button.clicked', options);
    await waitFor({
      type: 'clicked',
      what: 'button.clicked',
      timeout: options.timeout,
      open: () => this.source('click'),
    });
  }
}

/**
 * Shows a button. A click runs the handler exactly once, even when the server is killed meanwhile.
 *
 * @example
 * ui.button('Save', async () => {
 *   await run.ioBound(save, draft.value);
 *   ui.notify('Saved');
 * }, { whileRunning: 'ignore' });
 *
 * @example
 * ui.button('', remove, { icon: 'delete', label: 'Delete', variant: 'ghost', round: true });
 *
 * @param text the text, a signal of it, or a function that computes it.
 * @param onClick called with the click. An async handler does not delay other events.
 */
export function button(
  text: MaybeReactive<string | number>,
  onClick?: Handler<Button>,
  options?: ButtonOptions,
): Button {
  return new Button(text, onClick, options);
}
