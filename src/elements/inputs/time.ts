import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Options of `ui.time`. */
export interface TimeOptions extends FieldOptions<string> {
  /** The first time that can be chosen. @default none */
  readonly min?: string;
  /** The last time that can be chosen. @default none */
  readonly max?: string;
  /** Seconds between two times that can be chosen; below 60 it shows seconds, too. @default 60 */
  readonly step?: number;
}

/** A time of the day that the user chooses. Its `value` is a text such as `'08:30'`, '' for none. */
export class TimeField extends Control<string> {
  constructor(label: string, options: TimeOptions = {}) {
    const { value = '', min, max, step } = options;
    const props = own<'time'>({
      value: '',
      ...fieldProps(label, options),
      ...(min && { min }),
      ...(max && { max }),
      ...(step !== undefined && { step }),
    });
    super('time', props, value, options);
  }
}

/**
 * Lets the user choose a time of the day. A native time field, in the format of the user's language.
 *
 * @example
 * ui.time('Alarm', { value: alarm, step: 900 });
 *
 * @param label names the field; '' shows none.
 */
export function time(label = '', options?: TimeOptions): TimeField {
  return new TimeField(label, options);
}
