import { type ElementOptions, own, ValueElement } from '../element.ts';

export interface DialogOptions extends ElementOptions {
  /** Names the dialog for assistive technology. @default none */
  readonly label?: string;
}

/** A window over the page, closed at first. Its `value` is true while it is open. */
export class Dialog extends ValueElement<boolean> {
  constructor(build?: () => void, options: DialogOptions = {}) {
    const { label } = options;
    super('dialog', own<'dialog'>({ open: false, ...(label && { label }) }), false, options, 'open');
    if (build) this.add(build);
  }

  /** Opens the dialog; the page behind it cannot be used until it is closed. */
  open(): void {
    this.value = true;
  }

  /** Closes the dialog. The user can close it, too. */
  close(): void {
    this.value = false;
  }
}

/**
 * Makes a window over the page, closed at first. The user closes it with Escape or by a click beside it.
 *
 * @example
 * const dialog = ui.dialog(() => {
 *   ui.label('Delete the order?');
 *   ui.button('Delete', () => dialog.close(), { color: 'error' });
 * });
 * ui.button('Delete …', () => dialog.open());
 *
 * @param build makes the elements inside, at once.
 */
export function dialog(build?: () => void, options?: DialogOptions): Dialog {
  return new Dialog(build, options);
}
