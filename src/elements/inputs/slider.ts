import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';
import { type StepOptions, stepProps } from '../steps.ts';

/** Options of `ui.slider`. */
export interface SliderOptions
  extends ControlOptions<number>,
    Partial<StepOptions>,
    Pick<LookOptions, 'color' | 'size'> {
  /** Names the slider. @default none */
  readonly label?: string;
  /** True shows the number beside the slider. @default false */
  readonly showValue?: boolean;
}

/** A slider. Its `value` is a number. */
export class Slider extends Control<number> {
  constructor(options: SliderOptions = {}) {
    const steps = stepProps('ui.slider', options, { min: 0, max: 100, step: 1 });
    const { label, value = steps.min, showValue } = options;
    const props = own<'slider'>({ value: 0, ...steps, ...(label && { label }), ...(showValue && { shown: true }) });
    super('slider', props, value, options);
  }
}

/**
 * Lets the user choose a number by a slider. While it moves, the value changes at most 20 times a second. A native range (APG:
 * slider).
 *
 * @example
 * ui.slider({ min: 0, max: 100, value: volume, label: 'Volume', showValue: true });
 *
 * @throws {RangeError} when `min` is not below `max`, or `step` is not above 0.
 */
export function slider(options?: SliderOptions): Slider {
  return new Slider(options);
}
