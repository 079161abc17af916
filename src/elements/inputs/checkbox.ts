import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';

/** Options of `ui.checkbox`. */
export interface CheckboxOptions extends ElementOptions {
  /** The first value, or a signal that the box is bound to in both directions. @default false */
  readonly value?: MaybeReactive<boolean>;
  /** Called after the user has ticked or unticked the box. @default none */
  readonly onChange?: (value: boolean) => unknown;
}

/** A check box. Its `value` is true while it is ticked. */
export class Checkbox extends ValueElement<boolean> {
  constructor(text: string, options: CheckboxOptions = {}) {
    super('checkbox', own<'checkbox'>({ text, value: false }), options.value ?? false, options);
    const { onChange } = options;
    if (onChange) this.onChange((event) => onChange(event.value));
  }
}

/**
 * Shows a check box with a text beside it.
 *
 * @example
 * const done = ui.state(false);
 * ui.checkbox('Done', { value: done });
 */
export function checkbox(text: string, options?: CheckboxOptions): Checkbox {
  return new Checkbox(text, options);
}
