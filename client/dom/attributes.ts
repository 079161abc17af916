import type { CommonProps, MirrorNode } from '../../src/protocol/index.ts';
import type { Listeners } from './listeners.ts';
import type { safeAttributes } from './sanitize.ts';

/** Props of an element for Preact. */
export type Attributes = Record<string, unknown>;

/** The common props of a node as attributes, for components that set them on one or two elements. */
export class OwnAttributes {
  readonly #node: MirrorNode;
  readonly #listeners: Pick<Listeners, 'props'>;
  readonly #safe: typeof safeAttributes | undefined;

  /** @param safe needed for a node with attributes of its author's. */
  constructor(node: MirrorNode, listeners: Pick<Listeners, 'props'>, safe?: typeof safeAttributes) {
    this.#node = node;
    this.#listeners = listeners;
    this.#safe = safe;
  }

  /** Returns the attributes of the outer element: identity, classes, style, hidden. */
  outer(own?: string): Attributes {
    const { id, props } = this.#node;
    const { class: classes, style, hidden } = props as CommonProps;
    return {
      'data-id': id,
      class: own && classes ? `${own} ${classes}` : own || classes,
      ...(style && { style }),
      ...(hidden && { hidden: true }),
    };
  }

  /** The attributes of the inner, interactive element: attributes, listeners, busy, disabled. */
  get inner(): Attributes {
    const { props, children } = this.#node;
    const { disabled, busy, attrs } = props as CommonProps;
    return {
      ...(attrs && this.#safe?.(attrs)),
      ...this.#listeners.props(),
      ...(busy && { 'aria-busy': 'true' }),
      ...(disabled && { disabled: true }),
      ...(children.length > 0 && attached(this.#node)),
    };
  }

  /** Returns the attributes of an element that is both. It becomes inert, because it has no `disabled` of its own. */
  whole(own?: string): Attributes {
    const { disabled: _, ...rest } = this.inner;
    const { disabled } = this.#node.props as CommonProps;
    return { ...rest, ...this.outer(own), ...(disabled && { inert: true, 'aria-disabled': 'true' }) };
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
