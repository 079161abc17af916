// What the client has to know of every kind. The rules themselves, which the session reads, would be three times as much.

import { attached } from './attached.gen.ts';

const known: { [kind: string]: readonly string[] } = Object.create(null);

/** Learns the two-way props of kinds. No core component has any, so the list of the others brings them. */
export function learn(writes: { readonly [kind: string]: readonly string[] }): void {
  Object.assign(known, writes);
}

/** Returns the props of a kind that the person also writes, such as the value of an input. */
export function twoWayProps(kind: string): readonly string[] {
  return known[kind] ?? [];
}

/** Returns true for a part of the element around it, which stands beside that element in the document. */
export function isAttached({ kind }: { readonly kind: string }): boolean {
  return attached.includes(kind);
}
