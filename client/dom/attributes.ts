import type { CommonProps, MirrorNode } from '../../src/protocol/index.ts';
import type { Listeners } from './listeners.ts';
import type { safeAttributes } from './sanitize.ts';

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

/** @param safe needed for a node with attributes of its author's. */
export function ownAttributes(node: MirrorNode, listeners: Listeners, safe?: typeof safeAttributes): OwnAttributes {
  const { class: classes, style, hidden, disabled, busy, attrs } = node.props as CommonProps;
  const inner: Attributes = {
    ...(attrs && safe?.(attrs)),
    ...listeners.props(),
    ...(busy && { 'aria-busy': 'true' }),
    ...(disabled && { disabled: true }),
    ...attached(node),
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

/** Returns what an element says of its menu and its tooltip. A button opens its menu by it, before this code is there. */
function attached({ id, props, children }: MirrorNode): Attributes {
  const menu = children.find(({ kind }) => kind === 'menu');
  const tooltip = children.find(({ kind }) => kind === 'tooltip');
  // A field has a message as well; see `labelling`.
  const message = props.error || props.hint ? `e${id}-m ` : '';
  return {
    ...(tooltip && { 'aria-describedby': `${message}e${tooltip.id}` }),
    ...(menu && {
      'aria-haspopup': menu.children.some(({ kind }) => kind === 'menuItem') ? 'menu' : 'dialog',
      popovertarget: `e${menu.id}`,
    }),
  };
}
