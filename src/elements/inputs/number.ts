import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Options of `ui.number`. */
export interface NumberOptions extends FieldOptions<number | null> {
  /** The least number, in the unit of the value. The session refuses lower ones. @default none */
  readonly min?: number;
  /** The greatest number, in the unit of the value. The session refuses greater ones. @default none */
  readonly max?: number;
  /** By how much the arrow keys change it, in the unit of the value. @default 1 */
  readonly step?: number;
  /** The number of digits after the point to which the value is rounded; -1 rounds to tens. @default none */
  readonly precision?: number;
  /** How the value is shown while nobody types: `'%.2f'` with two digits after the point, `'%d'` without. @default as it is */
  readonly format?: string;
}

/** A number that the user writes. Its `value` is null while the field is empty. */
export class NumberField extends Control<number | null> {
  constructor(label: string, options: NumberOptions = {}) {
    const { value = null, min, max, step, precision, format } = options;
    super(
      'number',
      own<'number'>({
        value: null,
        ...fieldProps(label, options),
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...(step !== undefined && { step }),
        ...(precision !== undefined && { precision }),
        ...(format !== undefined && { decimals: decimalsOf(format) }),
      }),
      value,
      options,
    );
  }
}

/** @throws {TypeError} for another format than that of digits after the point. */
function decimalsOf(format: string): number {
  const [, digits] = /^%(?:\.(\d{1,2}))?f$/.exec(format) ?? [];
  if (format === '%d') return 0;
  if (/^%(\.\d{1,2})?f$/.test(format)) return Number(digits ?? 6);
  throw new TypeError(
    `The format of ui.number is '%d', '%f' or '%.2f', not ${JSON.stringify(format)}. Use prefix and suffix for texts.`,
  );
}

/**
 * Shows a field for a number. While the typed text is no number between `min` and `max`, the value stays; leaving the field puts the
 * nearest such number there. A native number field (APG: spinbutton).
 *
 * @example
 * ui.number('Amount', { value: amount, min: 0, max: 100, step: 0.5, format: '%.2f', suffix: 'kg' });
 *
 * @param label names the field; '' shows none.
 */
export function number(label = '', options?: NumberOptions): NumberField {
  return new NumberField(label, options);
}
