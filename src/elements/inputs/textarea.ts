import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Options of `ui.textarea`. */
export interface TextareaOptions extends FieldOptions<string> {
  /** Lines that are visible while the text is short. @default 3 */
  readonly rows?: number;
  /** Maximum of characters. The session refuses longer texts. @default no limit of its own */
  readonly maxLength?: number;
}

/** Lines of text that the user writes. */
export class Textarea extends Control<string> {
  constructor(label: string, options: TextareaOptions = {}) {
    const { value = '', rows, maxLength } = options;
    super(
      'textarea',
      own<'textarea'>({
        value: '',
        ...fieldProps(label, options),
        ...(rows !== undefined && { rows }),
        ...(maxLength !== undefined && { maxlength: maxLength }),
      }),
      value,
      options,
    );
  }
}

/**
 * Shows a field for several lines of text, which grows with the text. A native text area.
 *
 * @example
 * ui.textarea('Remarks', { value: remarks, maxLength: 2_000 });
 *
 * @param label names the field; '' shows none.
 */
export function textarea(label = '', options?: TextareaOptions): Textarea {
  return new Textarea(label, options);
}
