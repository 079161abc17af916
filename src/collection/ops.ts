import { decode, encode } from '../storage/index.ts';

/**
 * An operation on a collection. Operations of several writers merge, because each says what it does and not what results.
 * Values are texts.
 */
export type ItemOp =
  /** Adds an item, at the end or in a place; one that is there gets the value. */
  | readonly ['+', key: string, text: string, order?: string]
  /** Sets an item, which may be there. */
  | readonly ['=', key: string, text: string]
  /** Sets fields of an item. */
  | readonly ['~', key: string, fields: string]
  /** Adds to an item that is a number. */
  | readonly ['#', key: string, amount: number]
  | readonly ['-', key: string]
  /** Moves an item, to the end or to a place. */
  | readonly ['>', key: string, order?: string]
  /** Removes all items. */
  | readonly ['x'];

/** Returns the text of an item after an operation on its key; undefined when it is gone. */
export function resultOf(op: ItemOp, item: { readonly text: string } | undefined): string | undefined {
  switch (op[0]) {
    case '+':
    case '=':
      return op[2];
    case '~': {
      const value = item && decode(item.text);
      if (typeof value !== 'object' || value === null) return item?.text;
      return encode({ ...value, ...(decode(op[2]) as object) }, 'An item');
    }
    case '#': {
      const value = item ? decode(item.text) : 0;
      return typeof value === 'number' ? encode(value + op[2], 'An item') : item?.text;
    }
    case '>':
      return item?.text;
    default:
      return undefined;
  }
}

/** Returns the size of an operation in characters. */
export function sizeOfOp(op: ItemOp): number {
  return op.reduce((sum: number, part) => sum + (typeof part === 'string' ? part.length : 8), 8);
}
