import type { Json } from '../../protocol/index.ts';
import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Two dates such as `'2026-11-29'`, the first one first; '' stands for none. */
export type DateSpan = readonly [from: string, to: string];

/** Options of `ui.date`. */
export interface DateOptions<T> extends FieldOptions<T> {
  /** True lets the user choose a first and a last day. @default false */
  readonly range?: boolean;
  /** The first day that can be chosen. @default none */
  readonly min?: string;
  /** The last day that can be chosen. @default none */
  readonly max?: string;
}

/** A date that the user chooses. Its `value` is a text such as `'2026-11-29'`, '' for none; a pair of these with `range`. */
export class DateField<T extends Json> extends Control<T> {
  constructor(label: string, options: DateOptions<T> = {}) {
    const { range, min, max } = options;
    const { value = (range ? ['', ''] : '') as unknown as T } = options;
    const props = own<'date'>({
      value: '',
      ...fieldProps(label, options),
      ...(range && { range }),
      ...(min && { min }),
      ...(max && { max }),
    });
    super('date', props, value, options);
  }
}

/**
 * Lets the user choose a date, or a range of dates. A native date field, in the format of the user's language.
 *
 * @example
 * ui.date('Departure', { value: day, min: '2026-01-01' });
 * ui.date('Holidays', { range: true, onChange: ([from, to]) => ui.notify(`${from} to ${to}`) });
 *
 * @param label names the field; '' shows none.
 */
export function date(label: string, options: DateOptions<DateSpan> & { readonly range: true }): DateField<DateSpan>;
/** Lets the user choose a date. */
export function date(label?: string, options?: DateOptions<string>): DateField<string>;
export function date(label = '', options?: object): unknown {
  return new DateField(label, options);
}
