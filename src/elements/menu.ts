import { Element, type ElementOptions, own } from './element.ts';

/** Options of `ui.menu` and `ui.contextMenu`. */
export interface MenuOptions extends ElementOptions {
  /** Names the menu for assistive technology. @default none */
  readonly label?: string;
}

/** A menu of the element around it. Whether it is open belongs to the browser: a reload closes it. */
export class Menu extends Element {
  /** @internal */
  constructor(kind: 'menu' | 'contextMenu', build?: () => void, { label, ...options }: MenuOptions = {}) {
    super(kind, own<'menu'>({ ...(label && { label }) }), options);
    if (build) this.add(build);
  }

  /** Opens the menu. */
  open(): void {
    this.call('open');
  }

  /** Closes the menu. */
  close(): void {
    this.call('close');
  }

  /** Opens the menu when it is closed, and closes it when it is open. */
  toggle(): void {
    this.call('toggle');
  }
}
