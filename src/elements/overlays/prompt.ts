import { checkWait, type WaitOptions } from '../../tasks/index.ts';
import { own } from '../element.ts';
import { ask } from '../question.ts';

/** Options of `ui.prompt`. */
export interface PromptOptions extends WaitOptions {
  /** The first text of the field. @default '' */
  readonly value?: string;
  /** The hint in the field while it is empty. @default none */
  readonly placeholder?: string;
  /** Maximum of characters. The session refuses longer texts. @default no limit of its own */
  readonly maxLength?: number;
  /** Text of the button that answers with the typed text. @default 'OK' */
  readonly ok?: string;
  /** Text of the button that answers null. @default 'Cancel' */
  readonly cancel?: string;
}

/**
 * Asks the user for a line of text and returns it. The question and the typed text survive restarts, deploys and reloads, and the
 * wait may last for days. Escape answers null.
 *
 * @example
 * const name = await ui.prompt('What shall the board be called?', { value: 'Untitled' });
 * if (name !== null) title.value = name;
 *
 * @throws {TypeError} when an option is misspelt or wrong.
 * @throws {Error} outside of a handler.
 * @throws {TimeoutError} (rejects) when nobody answers within `timeout`.
 * @throws {CancelledError} (rejects) when another run replaces the handler's.
 */
export function prompt(text: string, options: PromptOptions = {}): Promise<string | null> {
  checkWait('ui.prompt', options, ['value', 'placeholder', 'maxLength', 'ok', 'cancel']);
  const { value = '', placeholder, maxLength, ok = 'OK', cancel = 'Cancel' } = options;
  const props = own<'prompt'>({
    text: String(text),
    value,
    ok,
    cancel,
    ...(placeholder && { placeholder }),
    ...(maxLength !== undefined && { maxlength: maxLength }),
  });
  return ask('prompt', props, options);
}
