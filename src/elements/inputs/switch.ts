import { Control, type ControlOptions } from '../control.ts';
import { own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.switch`. */
export interface SwitchOptions extends ControlOptions<boolean>, Pick<LookOptions, 'color' | 'size'> {}

/** A switch. Its `value` is true while it is on. */
export class Switch extends Control<boolean> {
  constructor(text: string, options: SwitchOptions = {}) {
    super('switch', own<'switch'>({ text, value: false }), options.value ?? false, options);
  }
}

/**
 * Shows a switch with a text beside it. A native check box with the role of a switch (APG: switch).
 *
 * @example
 * ui.switch('Dark mode', { value: dark });
 */
function switchOf(text = '', options?: SwitchOptions): Switch {
  return new Switch(text, options);
}

export { switchOf as switch };
