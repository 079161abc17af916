import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.colorPicker`. */
export interface ColorPickerOptions extends ControlOptions<string>, Pick<LookOptions, 'size'> {
  /** Names the button. @default 'Colour' */
  readonly label?: string;
  /** Called after the user has picked a colour. @default none */
  readonly onPick?: (color: string) => unknown;
}

/** A button in the colour that it picks. Its `value` is a text such as `'#1e90ff'`. */
export class ColorPicker extends Control<string> {
  constructor(options: ColorPickerOptions = {}) {
    const { label, value = '#000000', onPick } = options;
    super('colorPicker', own<'colorPicker'>({ value: '#000000', ...(label && { label }) }), value, options);
    if (onPick) this.onChange((event) => onPick(event.value));
  }
}

/**
 * Shows a button that picks a colour. A native colour field.
 *
 * @example
 * ui.colorPicker({ value: '#1e90ff', onPick: (color) => card.style(`background: ${color}`) });
 */
export function colorPicker(options?: ColorPickerOptions): ColorPicker {
  return new ColorPicker(options);
}
