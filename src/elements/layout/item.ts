import { type ElementOptions, type Handler, TextElement } from '../element.ts';

/** One item of a list. */
export class Item extends TextElement {
  constructor(content: string | (() => void) = '', onClick?: Handler<Item>, options: ElementOptions = {}) {
    super('item', typeof content === 'string' ? content : '', {}, options, true);
    if (onClick) this.on('click', onClick as Handler<this>);
    if (typeof content === 'function') this.add(content);
  }

  /** Adds a handler of clicks. Enter and Space click, too. */
  onClick(handler: Handler<this>): this {
    return this.on('click', handler);
  }
}

/**
 * Shows one item of `ui.itemList`. It has the role `listitem`; one with a handler is a button as well, which Enter and Space click.
 *
 * @example
 * ui.item('Sign out', signOut);
 *
 * @param content the item's text, or a function that makes its elements beside each other.
 */
export function item(content?: string | (() => void), onClick?: Handler<Item>, options?: ElementOptions): Item {
  return new Item(content, onClick, options);
}
