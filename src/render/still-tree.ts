import type { ComponentTree } from '../../client/tree/index.ts';
import { systemClock } from '../clock/index.ts';
import type { MirrorNode, NodeLiteral, Props } from '../protocol/index.ts';

/** A tree that is rendered once: it never changes, and nobody acts on it. */
export class StillTree implements ComponentTree {
  readonly clock = systemClock;
  readonly root: MirrorNode;

  constructor(tree: NodeLiteral) {
    this.root = nodeOf(tree, undefined);
  }

  get(): undefined {}
  use(): void {}
  watch(): void {}
  unwatch(): void {}
  emit(): void {}
  edit(): void {}
  move(): void {}
  flush(): void {}
  call(): void {}
}

function nodeOf([id, kind, props, literals]: NodeLiteral, parent: MirrorNode | undefined): MirrorNode {
  const children: MirrorNode[] = [];
  const node = { id, kind, props: props as Props, children, parent };
  if (literals) for (const literal of literals) children.push(nodeOf(literal, node));
  return node;
}
