export { Item } from './item.ts';
export { decodeItems, encodeItems, gone, type ItemChange, Items, itemsOf } from './items.ts';
export { type ItemsJournal, type ItemsSource, JournaledItems } from './journaled.ts';
export { Collection, EntryMap, type KeyOf, keyOfItem, List } from './list.ts';
export { type ItemOp, resultOf, sizeOfOp } from './ops.ts';
export { RowedItems, type RowStore, type StoredRows } from './rowed-items.ts';
