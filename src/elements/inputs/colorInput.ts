import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Options of `ui.colorInput`. */
export interface ColorInputOptions extends FieldOptions<string> {}

/** A colour that the user writes or picks. Its `value` is a text such as `'#1e90ff'`, '' for none. */
export class ColorInput extends Control<string> {
  constructor(label: string, options: ColorInputOptions = {}) {
    super('colorInput', own<'colorInput'>({ value: '', ...fieldProps(label, options) }), options.value ?? '', options);
  }
}

/**
 * Shows a field for a colour, with a button that picks it. A native text field and a native colour field.
 *
 * @example
 * ui.colorInput('Background', { value: background });
 *
 * @param label names the field; '' shows none.
 */
export function colorInput(label = '', options?: ColorInputOptions): ColorInput {
  return new ColorInput(label, options);
}
