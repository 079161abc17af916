import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';

/** Options of `ui.checkbox`. */
export interface CheckboxOptions extends ElementOptions {
  /** Whether it is ticked at first, or a signal that follows the user and is followed. @default false */
  readonly value?: MaybeReactive<boolean>;
  /** Called after the user ticked it or not. @default none */
  readonly onChange?: (value: boolean) => unknown;
}

/** A box that is ticked or not. */
export class Checkbox extends ValueElement<boolean> {
  constructor(text: string, options: CheckboxOptions = {}) {
    super('checkbox', own<'checkbox'>({ text, value: false }), options.value ?? false, options);
    const { onChange } = options;
    if (onChange) this.onChange((event) => onChange(event.value));
  }
}

/**
 * Shows a box that the user ticks or not, with a text beside it.
 *
 * @example
 * const done = ui.state(false);
 * ui.checkbox('Done', { value: done });
 */
export function checkbox(text: string, options?: CheckboxOptions): Checkbox {
  return new Checkbox(text, options);
}
