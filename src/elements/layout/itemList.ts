import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.itemList`. */
export interface ItemListOptions extends ElementOptions {
  /** True shows a frame. @default false */
  readonly bordered?: boolean;
  /** True shows a line between the items. @default false */
  readonly separator?: boolean;
  /** True reduces the height of the items. @default false */
  readonly dense?: boolean;
  /** Names the list for assistive technology. @default none */
  readonly label?: string;
}

/** Items below each other. */
export class ItemList extends Element {
  constructor(build?: () => void, { bordered, separator, dense, label, ...options }: ItemListOptions = {}) {
    const flags = { ...(bordered && { bordered }), ...(separator && { separator }), ...(dense && { dense }) };
    super('itemList', own<'itemList'>({ ...flags, ...(label && { label }) }), options);
    if (build) this.add(build);
  }
}

/**
 * Shows items below each other, such as contacts or settings. It has the role `list`.
 *
 * @example
 * ui.itemList(
 *   () => {
 *     ui.item(
 *       () => {
 *         ui.itemSection(() => ui.icon('person'), { side: 'start' });
 *         ui.itemSection(() => {
 *           ui.itemLabel('Alice');
 *           ui.itemLabel('alice@example.com', { caption: true });
 *         });
 *       },
 *       () => ui.notify('Alice'),
 *     );
 *   },
 *   { bordered: true, separator: true },
 * );
 *
 * @param build makes the items.
 */
export function itemList(build?: () => void, options?: ItemListOptions): ItemList {
  return new ItemList(build, options);
}
