import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';
import { type StepOptions, stepProps } from '../steps.ts';

/** Options of `ui.knob`. */
export interface KnobOptions extends ControlOptions<number>, Partial<StepOptions>, Pick<LookOptions, 'color' | 'size'> {
  /** Names the knob. @default none */
  readonly label?: string;
  /** True shows the number in its middle. @default false */
  readonly showValue?: boolean;
}

/** A round slider. Its `value` is a number. */
export class Knob extends Control<number> {
  constructor(initial: number | undefined, options: KnobOptions = {}) {
    const steps = stepProps('ui.knob', options, { min: 0, max: 1, step: 0.01 });
    const { label, value = initial ?? steps.min, showValue } = options;
    const props = own<'knob'>({ value: 0, ...steps, ...(label && { label }), ...(showValue && { shown: true }) });
    super('knob', props, value, options);
  }
}

/**
 * Lets the user choose a number by a round slider. A native range within a ring (APG: slider).
 *
 * @example
 * ui.knob(0.3, { label: 'Gain', showValue: true, onChange: setGain });
 *
 * @param value the first value, a number from `min` to `max`: from 0 to 1 by default.
 * @throws {RangeError} when `min` is not below `max`, or `step` is not above 0.
 */
export function knob(value?: number, options?: KnobOptions): Knob {
  return new Knob(value, options);
}
