import type { MaybeReactive } from '../../reactive/index.ts';
import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.checkbox`. */
export interface CheckboxOptions extends ControlOptions<boolean>, Pick<LookOptions, 'color' | 'size'> {
  /** True shows that the box is neither ticked nor unticked, such as above a list of which some are. @default false */
  readonly mixed?: MaybeReactive<boolean>;
}

/** A check box. Its `value` is true while it is ticked. */
export class Checkbox extends Control<boolean> {
  constructor(text: string, options: CheckboxOptions = {}) {
    const { mixed = false } = options;
    super('checkbox', own<'checkbox'>({ text, value: false }), options.value ?? false, options);
    if (mixed !== false) this.bind('mixed', mixed, (now) => now || undefined);
  }
}

/**
 * Shows a check box with a text beside it. A native check box.
 *
 * @example
 * const done = ui.state(false);
 * ui.checkbox('Done', { value: done });
 */
export function checkbox(text = '', options?: CheckboxOptions): Checkbox {
  return new Checkbox(text, options);
}
