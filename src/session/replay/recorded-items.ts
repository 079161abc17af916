import { decodeItems, encodeItems, Item, type ItemChange, Items } from '../../collection/index.ts';
import { encode } from '../../storage/index.ts';

/**
 * Returns a function that makes the text of a read of all items, as they are now.
 *
 * @param known the version that the run knows. With it, the text has only what has changed since.
 */
export function itemsText(live: Items, known: number | undefined): () => string {
  const keys = known === undefined ? undefined : live.since(known);
  const read = keys ? keys.map((key) => live.get(key) ?? key) : [...live.all];
  // Made when it is needed: most handlers end without a call, and then nobody needs it.
  return () => {
    const changes = read.map(
      (item): ItemChange => (typeof item === 'string' ? [item] : [item.key, item.order, item.text]),
    );
    return `${keys ? '+' : '='}${encodeItems(changes)}`;
  };
}

/**
 * Returns the items of a recorded read.
 *
 * @param known the items that the run knew before, which this changes.
 * @param live the present items. An equal one stays the same object.
 */
export function itemsFromText(text: string, known: unknown, live: Items): Items {
  const items = text.startsWith('+') && known instanceof Items ? known : new Items();
  for (const [key, order, value] of decodeItems(text.slice(1))) {
    if (order === undefined || value === undefined) items.remove(key);
    else items.put(sameAs(live.get(key), new Item(key, order, value)));
  }
  return items;
}

/** Returns the live items as a run knows them that has read or written single ones. */
export function itemsWith(live: Items, known: readonly (readonly [key: string, value: unknown])[]): Items {
  const items = live.copy();
  for (const [key, value] of known) {
    if (value === undefined) items.remove(key);
    else items.apply(['=', key, encode(value, 'An item')], value);
  }
  return items;
}

function sameAs(live: Item | undefined, item: Item): Item {
  return live?.text === item.text ? live.movedTo(item.order) : item;
}
