import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';
import { type StepOptions, stepProps } from '../steps.ts';

/** Two numbers, the lower one first. */
export type Span = readonly [from: number, to: number];

/** Options of `ui.range`. */
export interface RangeOptions extends ControlOptions<Span>, Partial<StepOptions>, Pick<LookOptions, 'color'> {
  /** Names the range. @default none */
  readonly label?: string;
  /** True shows the numbers beside the sliders. @default false */
  readonly showValue?: boolean;
}

/** Two sliders on one line. Its `value` is a pair of numbers, the lower one first. */
export class Range extends Control<Span> {
  constructor(options: RangeOptions = {}) {
    const steps = stepProps('ui.range', options, { min: 0, max: 100, step: 1 });
    const { label, value = [steps.min, steps.max], showValue } = options;
    const props = own<'range'>({
      value: [steps.min, steps.max],
      ...steps,
      ...(label && { label }),
      ...(showValue && { shown: true }),
    });
    super('range', props, value, options);
  }
}

/**
 * Lets the user choose a lower and an upper number. Two native ranges on one line (APG: slider, multi-thumb).
 *
 * @example
 * ui.range({ min: 0, max: 500, value: prices, label: 'Price', onChange: ([from, to]) => filter(from, to) });
 *
 * @throws {RangeError} when `min` is not below `max`, or `step` is not above 0.
 */
export function range(options?: RangeOptions): Range {
  return new Range(options);
}
