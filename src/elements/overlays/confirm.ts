import { checkWait, type WaitOptions } from '../../tasks/index.ts';
import { own } from '../element.ts';
import { ask } from '../question.ts';

/** Options of `ui.confirm`. */
export interface ConfirmOptions extends WaitOptions {
  /** Text of the button that answers true. @default 'OK' */
  readonly ok?: string;
  /** Text of the button that answers false. @default 'Cancel' */
  readonly cancel?: string;
  /** True for an action that cannot be undone: the first button is red, and the other one has the focus. @default false */
  readonly danger?: boolean;
}

/**
 * Asks the user a question and returns true or false. The wait survives restarts, deploys and reloads, and may last for days.
 * Escape answers false.
 *
 * @example
 * ui.button('Delete', async () => {
 *   if (await ui.confirm('Delete the order?', { danger: true })) await run.ioBound(remove, id);
 * });
 *
 * @throws {TypeError} when an option is misspelt or wrong.
 * @throws {Error} outside of a handler.
 * @throws {TimeoutError} (rejects) when nobody answers within `timeout`.
 * @throws {CancelledError} (rejects) when another run replaces the handler's.
 */
export function confirm(text: string, options: ConfirmOptions = {}): Promise<boolean> {
  checkWait('ui.confirm', options, ['ok', 'cancel', 'danger']);
  const { ok = 'OK', cancel = 'Cancel', danger } = options;
  return ask('confirm', own<'confirm'>({ text: String(text), ok, cancel, ...(danger && { danger }) }), options);
}
