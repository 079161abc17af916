import type { Choice, Json } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { ChoiceControl } from '../choice-control.ts';
import type { Choices, Chosen } from '../choices.ts';
import { type FieldOptions, fieldProps } from '../control.ts';
import { own } from '../element.ts';

/** Options of `ui.select`. */
export interface SelectOptions<T> extends FieldOptions<T> {
  /** Names the select. @default none */
  readonly label?: string;
  /** True lets the user choose several options; the value is a list. @default false */
  readonly multiple?: boolean;
  /** True shows a field that filters the options by what is typed. @default false */
  readonly withInput?: boolean;
  /** True takes typed texts that are no option as values, too. @default false */
  readonly newValues?: boolean;
}

/** A choice of one of several options, or of several with `multiple`. */
export class Select<T extends Json> extends ChoiceControl<T> {
  constructor(choices: MaybeReactive<Choices>, options: SelectOptions<T> = {}) {
    const { label, multiple, clearable, newValues } = options;
    const props = own<'select'>({
      options: [],
      value: '',
      ...fieldProps(label, options),
      ...(multiple && { multiple }),
      ...((options.withInput || newValues) && { search: true }),
      ...(newValues && { additions: true }),
    });
    super('select', choices, props, options, ([first]) => {
      if (multiple) return [];
      return clearable || newValues ? null : (first?.value ?? '');
    });
  }
}

/**
 * Lets the user choose one of several options, or several. A native select; a combobox with a list (APG: combobox) when it is
 * `multiple`, `clearable`, has `withInput` or takes `newValues`.
 *
 * @example
 * ui.select(['small', 'large'], { label: 'Size', onChange: (size) => ui.notify(size) });
 * ui.select({ de: 'Deutsch', en: 'English' }, { value: 'en' });
 * ui.select([[10, 'ten'], [2, 'two']], { multiple: true, withInput: true, label: 'Numbers' });
 *
 * @param choices the values, pairs of a value and its text, or texts by value.
 */
export function select<V extends Choice = string>(
  choices: MaybeReactive<Choices<V>>,
  options: SelectOptions<Chosen<V>[]> & { readonly multiple: true },
): Select<Chosen<V>[]>;
/** Lets the user choose one of several options, or none. */
export function select<V extends Choice = string>(
  choices: MaybeReactive<Choices<V>>,
  options: SelectOptions<Chosen<V> | null> & ({ readonly clearable: true } | { readonly newValues: true }),
): Select<Chosen<V> | null>;
/** Lets the user choose one of several options. */
export function select<V extends Choice = string>(
  choices: MaybeReactive<Choices<V>>,
  options?: SelectOptions<Chosen<V>>,
): Select<Chosen<V>>;
export function select(choices: MaybeReactive<Choices>, options?: object): unknown {
  return new Select(choices, options);
}
