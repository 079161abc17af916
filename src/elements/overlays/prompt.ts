import type { WaitOptions } from '../../tasks/index.ts';
import { own } from '../element.ts';
import { ask } from '../question.ts';

/** Options of `ui.prompt`. */
export interface PromptOptions extends WaitOptions {
  /** What stands in the field at first. @default '' */
  readonly value?: string;
  /** What stands in the field while it is empty. @default none */
  readonly placeholder?: string;
  /** Characters at the most; the session refuses more. @default no limit of its own */
  readonly maxLength?: number;
  /** Text of the button that answers with what was typed. @default 'OK' */
  readonly ok?: string;
  /** Text of the button that answers null. @default 'Cancel' */
  readonly cancel?: string;
}

/**
 * Asks the user of the page for a line of text, and waits for it: the question outlives restarts, deploys, reloads and days, with what
 * was typed so far. Escape answers null.
 *
 * @example
 * const name = await ui.prompt('What shall the board be called?', { value: 'Untitled' });
 * if (name !== null) title.value = name;
 *
 * @throws {Error} outside of a handler.
 * @throws {TimeoutError} (rejects) when nobody answers within `timeout`.
 * @throws {CancelledError} (rejects) when another run takes the handler's place.
 */
export function prompt(text: string, options: PromptOptions = {}): Promise<string | null> {
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
