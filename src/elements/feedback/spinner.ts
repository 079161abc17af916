import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.spinner`. */
export interface SpinnerOptions extends ElementOptions {
  /** @default 'md' */
  readonly size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl';
  /** The name of the activity for assistive technology. @default 'Loading' */
  readonly label?: string;
}

/** A turning wheel. */
export class Spinner extends Element {
  constructor({ size, label, ...options }: SpinnerOptions = {}) {
    super('spinner', own<'spinner'>({ ...(size && { size }), ...(label !== undefined && { label }) }), options);
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
