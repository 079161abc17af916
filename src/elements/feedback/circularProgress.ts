import type { MaybeReactive } from '../../reactive/index.ts';
import type { LookOptions } from '../look.ts';
import { Progress, type ProgressOptions } from './progress.ts';

/** Options of `ui.circularProgress`. */
export interface CircularProgressOptions extends ProgressOptions, Pick<LookOptions, 'size'> {}

/** A ring that fills from 0 to 1. */
export class CircularProgress extends Progress {
  /** @internal */
  constructor(value?: MaybeReactive<number | null>, options?: CircularProgressOptions) {
    super(value, options, 'circularProgress');
  }
}

/**
 * Shows a ring that fills from 0 to 1, with its value in the middle.
 *
 * @example
 * ui.circularProgress(() => used.value / total, { color: 'warning' });
 *
 * @param value the progress, a signal of it, or a function that computes it. Null, the default, shows activity without a figure.
 */
export function circularProgress(
  value?: MaybeReactive<number | null>,
  options?: CircularProgressOptions,
): CircularProgress {
  return new CircularProgress(value, options);
}
