import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Options of `ui.inputChips`. */
export interface InputChipsOptions extends FieldOptions<readonly string[]> {
  /** Texts that the browser suggests while the user types. @default none */
  readonly autocomplete?: readonly string[];
  /** Maximum of characters of a chip. @default no limit of its own */
  readonly maxLength?: number;
}

/** Texts that the user adds and removes. Its `value` is a list of texts, each at most once. */
export class InputChips extends Control<readonly string[]> {
  constructor(label: string, options: InputChipsOptions = {}) {
    const { value = [], autocomplete, maxLength } = options;
    const props = own<'inputChips'>({
      value: [],
      ...fieldProps(label, options),
      ...(autocomplete && { suggestions: autocomplete }),
      ...(maxLength !== undefined && { maxlength: maxLength }),
    });
    super('inputChips', props, value, options);
  }
}

/**
 * Shows a field to which the user adds texts. Enter and a comma add one, Backspace in the empty field removes the last one. A native
 * text field beside a list of buttons.
 *
 * @example
 * ui.inputChips('Tags', { value: tags, autocomplete: ['urgent', 'later'] });
 *
 * @param label names the field; '' shows none.
 */
export function inputChips(label = '', options?: InputChipsOptions): InputChips {
  return new InputChips(label, options);
}
