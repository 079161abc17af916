import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.progress`. */
export interface ProgressOptions extends ElementOptions, Pick<LookOptions, 'color'> {
  /** Shows the value as a percentage. @default true */
  readonly label?: boolean;
}

/** A progress bar from 0 to 1. With null it shows activity without a figure. */
export class Progress extends Element {
  /** @internal */
  constructor(
    value: MaybeReactive<number | null> = null,
    options: ProgressOptions = {},
    kind: 'progress' | 'circularProgress' = 'progress',
  ) {
    const first = firstOf(value, null);
    super(kind, own<'progress'>({ value: bounded(first), ...(options.label === false && { label: false }) }), options);
    if (typeof value === 'object' || typeof value === 'function') if (value !== null) this.value = value;
  }

  /** The progress from 0 to 1, or null while it is unknown. Numbers outside are clamped. */
  get value(): number | null {
    return this.get('value');
  }

  set value(value: MaybeReactive<number | null>) {
    this.bind('value', value, bounded);
  }
}

function bounded(value: number | null): number | null {
  return value === null || Number.isNaN(value) ? null : Math.min(1, Math.max(0, value));
}

/**
 * Shows a progress bar from 0 to 1.
 *
 * @example
 * const report = ui.job('report', tasks.report);
 * ui.progress(report.progress).show(report.running);
 *
 * @param value the progress, a signal of it, or a function that computes it. Null, the default, shows activity without a figure.
 */
export function progress(value?: MaybeReactive<number | null>, options?: ProgressOptions): Progress {
  return new Progress(value, options);
}
