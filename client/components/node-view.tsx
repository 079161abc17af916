import { Component, type ComponentChildren, createElement, type VNode } from 'preact';
import type { Json, MirrorNode, PropsOf } from '../../src/protocol/index.ts';
import { Listeners, ownAttributes, safeUrl } from '../dom/index.ts';
import type { Replica } from '../tree/index.ts';
import type { ComponentRegistry } from './registry.ts';
import type { ElementComponent } from './types.ts';

/** Renders the nodes of one page. It owns their shared state, and one virtual node for each. */
export class Renderer {
  readonly replica: Replica;
  readonly registry: ComponentRegistry;
  /** The virtual nodes, which are reused because Preact skips a virtual node that it has rendered. */
  readonly #vnodes = new WeakMap<MirrorNode, VNode>();
  #made = 0;

  constructor(replica: Replica, registry: ComponentRegistry) {
    this.replica = replica;
    this.registry = registry;
  }

  /** Returns the virtual node of a node, the same one while the node exists. */
  vnodeFor(node: MirrorNode): VNode {
    let vnode = this.#vnodes.get(node);
    if (!vnode) {
      // The key belongs to the node object, not to its id, because a removed and recreated node with the same id is another one.
      vnode = <NodeView key={++this.#made} node={node} renderer={this} />;
      this.#vnodes.set(node, vnode);
    }
    return vnode;
  }
}

interface NodeViewProps {
  readonly node: MirrorNode;
  readonly renderer: Renderer;
}

/** The methods of every element, beside those of its component. */
const methods = new Set(['focus', 'blur', 'select', 'scrollIntoView']);

/** Shows one node. Only this component renders again when the node changes. */
class NodeView extends Component<NodeViewProps> {
  readonly #listeners = new Listeners(this.props.renderer.replica, this.props.node);

  override componentDidMount(): void {
    this.props.renderer.replica.watch(this.props.node, this);
  }

  override componentWillUnmount(): void {
    this.props.renderer.replica.unwatch(this.props.node, this);
    this.#listeners.stop();
  }

  override shouldComponentUpdate(): boolean {
    return false; // Because only `changed` renders again, by force.
  }

  changed = (): void => this.forceUpdate();

  called(method: string, args: readonly Json[]): void {
    // The call follows Preact's own microtask, which shows earlier changes.
    queueMicrotask(() => queueMicrotask(() => this.#call(method, args)));
  }

  #call(method: string, [first]: readonly Json[]): void {
    const { node } = this.props;
    if (node.kind === 'root') {
      const url = typeof first === 'string' ? safeUrl(first) : undefined;
      if (method === 'navigate' && url) location.assign(url);
      if (method === 'reload') location.reload();
      return;
    }
    if (!methods.has(method)) return;
    const element = document.getElementById(`e${node.id}`) ?? document.querySelector(`[data-id="${node.id}"]`);
    (element as unknown as Record<string, (() => void) | undefined> | null)?.[method]?.();
  }

  override render({ node, renderer }: NodeViewProps): ComponentChildren {
    const component = renderer.registry.lookup(node.kind, this.changed);
    if (typeof component === 'string') {
      if (component === 'unknown') return null;
      const failing = component === 'failing' && 'A part of this page did not load. Trying again …';
      return (
        <div data-id={node.id} role="status" class="edgewise-missing">
          {failing}
        </div>
      );
    }
    return createElement(component as unknown as ElementComponent<'label'>, {
      node,
      props: node.props as unknown as PropsOf<'label'>,
      own: ownAttributes(node, this.#listeners),
      replica: renderer.replica,
      children: node.children.map((child) => renderer.vnodeFor(child)),
    });
  }
}
