import type { VNode } from 'preact';
import type { MirrorNode, PropsOf } from '../../src/protocol/index.ts';
import { isAttached } from '../tree/index.ts';
import type { ElementComponent, ElementProps } from './types.ts';

type Given = Omit<ElementProps<'label'>, 'props' | 'children'>;

/** Returns the component of a node with its children inside, and beside it what is attached to it. */
export function elementOf(component: unknown, given: Given, vnodeFor: (node: MirrorNode) => VNode): VNode {
  const { kind, props, children } = given.node;
  // The root and fragments are no elements, so nothing stands beside them.
  const beside = kind === 'root' || kind === 'fragment' ? [] : children.filter(isAttached);
  const inside = beside.length > 0 ? children.filter((child) => !isAttached(child)) : children;
  const Shown = component as ElementComponent<'label'>;
  const element = (
    <Shown {...given} props={props as unknown as PropsOf<'label'>}>
      {inside.map(vnodeFor)}
    </Shown>
  );
  if (beside.length === 0) return element;
  return (
    <>
      {element}
      {beside.map(vnodeFor)}
    </>
  );
}
