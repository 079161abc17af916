import type { CommonProps, MirrorNode } from '../../src/protocol/index.ts';
import type { Listeners } from './listeners.ts';
import { safeAttributes } from './sanitize.ts';

/** Props of an element as Preact takes them. */
export type Attributes = Record<string, unknown>;

/** The common props of a node as attributes, for components that show them on one element or share them between two. */
export interface OwnAttributes {
  /** Of the outer element: identity, classes, style, hidden. */
  outer(classes?: string): Attributes;
  /** Of the element that acts: attributes, listeners, busy, disabled. */
  readonly inner: Attributes;
  /** Of an element that is both and has no `disabled` of its own: it is inert instead. */
  whole(classes?: string): Attributes;
}

export function ownAttributes(node: MirrorNode, listeners: Listeners): OwnAttributes {
  const { class: classes, style, hidden, disabled, busy, attrs } = node.props as CommonProps;
  const inner: Attributes = {
    ...(attrs && safeAttributes(attrs)),
    ...listeners.props(),
    ...(busy && { 'aria-busy': 'true' }),
    ...(disabled && { disabled: true }),
  };
  const outer = (own?: string): Attributes => ({
    'data-id': node.id,
    class: own && classes ? `${own} ${classes}` : own || classes,
    ...(style && { style }),
    ...(hidden && { hidden: true }),
  });
  return {
    outer,
    inner,
    whole(own) {
      const { disabled: _, ...rest } = inner;
      return { ...rest, ...outer(own), ...(disabled && { inert: true, 'aria-disabled': 'true' }) };
    },
  };
}
