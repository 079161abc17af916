import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.buttonGroup`. */
export interface ButtonGroupOptions extends ElementOptions {
  /** Names the group for assistive technology. @default none */
  readonly label?: string;
}

/** Buttons beside each other, as one group. */
export class ButtonGroup extends Element {
  constructor(build?: () => void, options: ButtonGroupOptions = {}) {
    const { label } = options;
    super('buttonGroup', own<'buttonGroup'>({ ...(label && { label }) }), options);
    if (build) this.add(build);
  }
}

/**
 * Joins the buttons that `build` makes. A group (role `group`).
 *
 * @example
 * ui.buttonGroup(() => {
 *   ui.button('Undo', undo);
 *   ui.button('Redo', redo);
 * });
 */
export function buttonGroup(build?: () => void, options?: ButtonGroupOptions): ButtonGroup {
  return new ButtonGroup(build, options);
}
