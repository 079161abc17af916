import type { ComponentChildren, ComponentType } from 'preact';
import type { Kind, MirrorNode, PropsOf } from '../../src/protocol/index.ts';
import type { Own } from '../hooks/index.ts';
import type { Replica } from '../tree/index.ts';

/** What the component of a kind gets. It shows exactly one element, with `own` on it, unless the kind has none. */
export interface Shown<K extends Kind> {
  readonly node: MirrorNode;
  /** Present values; a new object whenever one changed. */
  readonly props: PropsOf<K>;
  readonly own: Own;
  readonly store: Replica;
  readonly children: ComponentChildren;
}

export type Show<K extends Kind> = ComponentType<Shown<K>>;

/** One component for each kind: forgetting one does not compile. */
export type Table = { readonly [K in Kind]: Show<K> };
