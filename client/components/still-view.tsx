import type { VNode } from 'preact';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { OwnAttributes, safeAttributes } from '../dom/index.ts';
import type { ComponentTree } from '../tree/index.ts';
import { all } from './all.gen.ts';
import { elementOf } from './node-element.tsx';

/** Returns the virtual node of a tree that is rendered once. Its nodes need no view that could render them again. */
export function stillView(replica: ComponentTree): VNode {
  const methods = {};
  const vnodeFor = (node: MirrorNode): VNode => {
    if (!Object.hasOwn(all, node.kind)) return <></>;
    const own = new OwnAttributes(node, silent, safeAttributes);
    return elementOf(all[node.kind as keyof typeof all], { node, own, replica, methods }, vnodeFor);
  };
  return vnodeFor(replica.root);
}

/** Nobody listens on the server: its HTML has no functions. */
const silent = { props: () => ({}) };
