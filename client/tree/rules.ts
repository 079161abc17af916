// What the client has to know of every kind. The rules themselves, which the session reads, would be three times as much.

import { attached, writers } from './rules.gen.ts';

const props = new Map<string, string[]>();
for (const [prop, kinds] of Object.entries(writers)) {
  for (const kind of kinds.split(' ')) props.set(kind, [...twoWayProps(kind), prop]);
}

/** Returns the props of a kind that the person also writes, such as the value of an input. */
export function twoWayProps(kind: string): readonly string[] {
  return props.get(kind) ?? [];
}

/** Returns true for a part of the element around it, which stands beside that element in the document. */
export function isAttached({ kind }: { readonly kind: string }): boolean {
  return attached.includes(kind);
}
