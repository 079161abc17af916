import type { CommonProps, MirrorNode } from '../../src/protocol/index.ts';
import type { Listeners } from './listeners.ts';
import { safeAttributes } from './sanitize.ts';

/** Props of an element for Preact. */
export type Attributes = Record<string, unknown>;

/** Returns the common props of a node as attributes, for components that set them on one or two elements. */
export interface OwnAttributes {
  /** Attributes of the outer element: identity, classes, style, hidden. */
  outer(classes?: string): Attributes;
  /** Attributes of the inner, interactive element: attributes, listeners, busy, disabled. */
  readonly inner: Attributes;
  /** Attributes of an element that is both. It becomes inert, because it has no `disabled` of its own. */
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
