import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.itemSection`. */
export interface ItemSectionOptions extends ElementOptions {
  /** `'start'` for an icon or a picture before the text, `'end'` for what stands after it. @default none: the main part */
  readonly side?: 'start' | 'end';
}

/** A part of an item. */
export class ItemSection extends Element {
  constructor(build?: () => void, { side, ...options }: ItemSectionOptions = {}) {
    super('itemSection', own<'itemSection'>({ ...(side && { side }) }), options);
    if (build) this.add(build);
  }
}

/**
 * Shows a part of an item: its main part, which takes all room, or a part at one of its sides.
 *
 * @example
 * ui.item(() => {
 *   ui.itemSection(() => ui.itemLabel('Airplane mode'));
 *   ui.itemSection(() => ui.switch('', { value: airplane }), { side: 'end' });
 * });
 *
 * @param build makes the elements inside, below each other.
 */
export function itemSection(build?: () => void, options?: ItemSectionOptions): ItemSection {
  return new ItemSection(build, options);
}
