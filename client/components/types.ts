import type { ComponentType, VNode } from 'preact';
import type { Kind, MirrorNode, PropsOf } from '../../src/protocol/index.ts';
import type { OwnAttributes } from '../dom/index.ts';
import type { ComponentTree } from '../tree/index.ts';

/** Props of the component of a kind. It renders exactly one element, with `own` on it, unless the kind has none. */
export interface ElementProps<K extends Kind> {
  readonly node: MirrorNode;
  /** The present values, in a new object after each change. */
  readonly props: PropsOf<K>;
  readonly own: OwnAttributes;
  readonly replica: ComponentTree;
  readonly children: VNode[];
  /** A component whose methods the session calls puts them here when it is mounted. */
  readonly methods: { current?: ComponentMethods };
}

/** Methods by their names on the wire. */
export type ComponentMethods = { readonly [method: string]: (...args: never[]) => unknown };

export type ElementComponent<K extends Kind> = ComponentType<ElementProps<K>>;

/** One component for each kind. */
export type ComponentTable = { readonly [K in Kind]: ElementComponent<K> };

/** A module with the component of a kind. Its name is that of the kind with a capital letter. */
export type ComponentModule<K extends Kind> = { readonly [Name in Capitalize<K>]: ElementComponent<K> };

/** The loaders of the components outside of `Core`. A missing one does not compile. */
export type LazyComponents<Core> = {
  readonly [K in Exclude<Kind, keyof Core>]: () => Promise<ComponentModule<K>>;
};
