import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.rating`. */
export interface RatingOptions extends ControlOptions<number | null>, Pick<LookOptions, 'color' | 'size'> {
  /** Names the rating. @default 'Rating' */
  readonly label?: string;
  /** The number of stars. @default 5 */
  readonly max?: number;
}

/** Stars. Its `value` is a number of them, or null. */
export class Rating extends Control<number | null> {
  constructor(options: RatingOptions = {}) {
    const { label, value = null, max = 5 } = options;
    if (!(max >= 1 && max <= 20)) throw new RangeError(`ui.rating has max ${max}; it shows 1 to 20 stars.`);
    super('rating', own<'rating'>({ value: null, max, ...(label && { label }) }), value, options);
  }
}

/**
 * Lets the user give a number of stars. A click on the present number takes it back. Native radio buttons (APG: radio group).
 *
 * @example
 * ui.rating({ value: stars, label: 'How was it?', color: 'warning' });
 *
 * @throws {RangeError} when `max` is not from 1 to 20.
 */
export function rating(options?: RatingOptions): Rating {
  return new Rating(options);
}
