import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, TextElement } from '../element.ts';

/** Options of `ui.itemLabel`. */
export interface ItemLabelOptions extends ElementOptions {
  /** True for a smaller text below another one. @default false */
  readonly caption?: boolean;
  /** True for a text above the items of a list. @default false */
  readonly header?: boolean;
}

/** A text of an item. */
export class ItemLabel extends TextElement {
  constructor(text: MaybeReactive<string | number>, { caption, header, ...options }: ItemLabelOptions = {}) {
    const { text: _, ...look } = own<'itemLabel'>({ text: '', ...(caption && { caption }), ...(header && { header }) });
    super('itemLabel', text, look, options);
  }
}

/**
 * Shows a text of an item.
 *
 * @example
 * ui.itemLabel('Alice');
 * ui.itemLabel(() => `Mails: ${mails.value.length}`, { caption: true });
 */
export function itemLabel(text: MaybeReactive<string | number>, options?: ItemLabelOptions): ItemLabel {
  return new ItemLabel(text, options);
}
