import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.dropdownButton`. */
export interface DropdownButtonOptions extends ElementOptions, LookOptions {
  /** Names the button for assistive technology, where it has only an icon. @default the text */
  readonly label?: string;
}

/** A button that opens a menu. */
export class DropdownButton extends TextElement {
  constructor(text: MaybeReactive<string | number>, build?: () => void, options: DropdownButtonOptions = {}) {
    const { label } = options;
    super('dropdownButton', text, label ? { label } : {}, options, true);
    if (build) this.add(build);
  }
}

/**
 * Shows a button that opens a list of what `build` makes. A click within it closes it, as do Escape and a click elsewhere. A native
 * popover (APG: disclosure), which opens before any code has arrived.
 *
 * @example
 * ui.dropdownButton('More', () => {
 *   ui.button('Rename', rename, { variant: 'ghost', block: true });
 *   ui.button('Delete', remove, { variant: 'ghost', block: true, color: 'error' });
 * });
 */
export function dropdownButton(
  text: MaybeReactive<string | number>,
  build?: () => void,
  options?: DropdownButtonOptions,
): DropdownButton {
  return new DropdownButton(text, build, options);
}
