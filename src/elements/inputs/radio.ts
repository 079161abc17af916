import type { Choice } from '../../protocol/index.ts';
import type { MaybeReactive } from '../../reactive/index.ts';
import { ChoiceControl } from '../choice-control.ts';
import type { Choices, Chosen } from '../choices.ts';
import type { ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.radio`. */
export interface RadioOptions<T> extends ControlOptions<T>, Pick<LookOptions, 'color' | 'size'> {
  /** Names the group. @default none */
  readonly label?: string;
  /** True shows the options beside each other. @default false */
  readonly inline?: boolean;
}

/** A choice of one of several options, all of which are visible. Its `value` is null before the first choice. */
export class Radio<T extends Choice> extends ChoiceControl<T> {
  constructor(choices: MaybeReactive<Choices>, options: RadioOptions<T> = {}) {
    const { label, inline } = options;
    const props = own<'radio'>({ options: [], value: null, ...(label && { label }), ...(inline && { inline }) });
    super('radio', choices, props, options);
  }
}

/**
 * Lets the user choose one of several options, all of which are visible. Native radio buttons (APG: radio group).
 *
 * @example
 * ui.radio(['small', 'large'], { value: size, inline: true });
 * ui.radio({ de: 'Deutsch', en: 'English' }, { label: 'Language' });
 *
 * @param choices the values, pairs of a value and its text, or texts by value.
 */
export function radio<V extends Choice = string>(
  choices: MaybeReactive<Choices<V>>,
  options?: RadioOptions<Chosen<V> | null>,
): Radio<Chosen<V> | null> {
  return new Radio(choices, options);
}
