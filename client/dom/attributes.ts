import type { CommonProps, MirrorNode } from '../../src/protocol/index.ts';
import type { Listeners } from './listeners.ts';
import type { safeAttributes } from './sanitize.ts';

/** Props of an element for Preact. */
export type Attributes = Record<string, unknown>;

/** The common props of a node as attributes, for components that set them on one or two elements. */
export class OwnAttributes {
  /** Attributes of the inner, interactive element: attributes, listeners, busy, disabled. */
  readonly inner: Attributes;
  readonly #node: MirrorNode;

  /** @param safe needed for a node with attributes of its author's. */
  constructor(node: MirrorNode, listeners: Pick<Listeners, 'props'>, safe?: typeof safeAttributes) {
    const { disabled, busy, attrs, on } = node.props as CommonProps;
    this.#node = node;
    this.inner = {
      ...(attrs && safe?.(attrs)),
      ...(on && listeners.props()),
      ...(busy && { 'aria-busy': 'true' }),
      ...(disabled && { disabled: true }),
      ...(node.children.length > 0 && attached(node)),
    };
  }

  /** Returns the attributes of the outer element: identity, classes, style, hidden. */
  outer(own?: string): Attributes {
    const { class: classes, style, hidden } = this.#node.props as CommonProps;
    return {
      'data-id': this.#node.id,
      class: own && classes ? `${own} ${classes}` : own || classes,
      ...(style && { style }),
      ...(hidden && { hidden: true }),
    };
  }

  /** Returns the attributes of an element that is both. It becomes inert, because it has no `disabled` of its own. */
  whole(own?: string): Attributes {
    const whole: Attributes = { ...this.inner, ...this.outer(own) };
    if (!('disabled' in whole)) return whole;
    delete whole.disabled;
    return this.#node.props.disabled ? { ...whole, inert: true, 'aria-disabled': 'true' } : whole;
  }
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
