import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, type Handler, own, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.menuItem`. */
export interface MenuItemOptions extends ElementOptions, Pick<LookOptions, 'icon'> {
  /** False leaves the menu open after a click. @default true */
  readonly autoClose?: boolean;
}

/** An item of a menu. */
export class MenuItem extends TextElement {
  constructor(text: MaybeReactive<string | number>, onClick?: Handler<MenuItem>, options: MenuItemOptions = {}) {
    const { text: _, ...props } = own<'menuItem'>({ text: '', ...(options.autoClose === false && { stays: true }) });
    super('menuItem', text, props, options, true);
    if (onClick) this.on('click', onClick as Handler<this>);
  }

  /** Adds a handler of clicks. */
  onClick(handler: Handler<this>): this {
    return this.on('click', handler);
  }
}

/**
 * Shows an item of a menu (role `menuitem`). A click calls the handler and closes the menu.
 *
 * @example
 * ui.menuItem('Rename', rename, { icon: 'edit' });
 * ui.menuItem('Export').add(() => ui.menu(() => ui.menuItem('As PDF', exportPdf)));
 */
export function menuItem(
  text: MaybeReactive<string | number>,
  onClick?: Handler<MenuItem>,
  options?: MenuItemOptions,
): MenuItem {
  return new MenuItem(text, onClick, options);
}
