import { Element, type ElementOptions, own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.spinner`. */
export interface SpinnerOptions extends ElementOptions, Pick<LookOptions, 'color' | 'size'> {
  /** The name of the activity for assistive technology. @default 'Loading' */
  readonly label?: string;
}

/** A turning wheel. */
export class Spinner extends Element {
  constructor(options: SpinnerOptions = {}) {
    const { label } = options;
    super('spinner', own<'spinner'>({ ...(label !== undefined && { label }) }), options);
  }
}

/**
 * Shows a turning wheel while work is in progress.
 *
 * @example
 * ui.spinner({ size: 'sm', label: 'Loading orders' }).show(loading);
 */
export function spinner(options?: SpinnerOptions): Spinner {
  return new Spinner(options);
}
