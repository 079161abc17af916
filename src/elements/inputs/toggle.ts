import type { Choice } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { ChoiceControl } from '../choice-control.ts';
import type { Choices, Chosen } from '../choices.ts';
import type { ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.toggle`. */
export interface ToggleOptions<T> extends ControlOptions<T>, Pick<LookOptions, 'color' | 'size'> {
  /** Names the group. @default none */
  readonly label?: string;
  /** True lets the user take the choice back; the value is then null. @default false */
  readonly clearable?: boolean;
}

/** Buttons beside each other, of which one is pressed. Its `value` is null while none is. */
export class Toggle<T extends Choice> extends ChoiceControl<T> {
  constructor(choices: MaybeReactive<Choices>, options: ToggleOptions<T> = {}) {
    const { label, clearable } = options;
    const props = own<'toggle'>({ options: [], value: null, ...(label && { label }), ...(clearable && { clearable }) });
    super('toggle', choices, props, options);
  }
}

/**
 * Lets the user choose one of several options by buttons beside each other. Native radio buttons that look like buttons (APG: radio
 * group).
 *
 * @example
 * ui.toggle([[1, 'Day'], [7, 'Week'], [30, 'Month']], { value: days });
 *
 * @param choices the values, pairs of a value and its text, or texts by value.
 */
export function toggle<V extends Choice = string>(
  choices: MaybeReactive<Choices<V>>,
  options?: ToggleOptions<Chosen<V> | null>,
): Toggle<Chosen<V> | null> {
  return new Toggle(choices, options);
}
