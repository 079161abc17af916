import { Component, type ComponentChildren, type VNode } from 'preact';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { Listeners, OwnAttributes } from '../dom/index.ts';
import type { ComponentTree, Watcher } from '../tree/index.ts';
import { type Abilities, needsOf } from './abilities.ts';
import { loaded } from './loaded.ts';
import { elementOf } from './node-element.tsx';
import type { ComponentRegistry } from './registry.ts';
import type { ComponentMethods } from './types.ts';

/** Renders the nodes of one page. It owns their shared state, and one virtual node for each. */
export class Renderer {
  readonly replica: ComponentTree;
  readonly registry: ComponentRegistry;
  /** The virtual nodes, which are reused because one that is shown is not rendered again: only `changed` renders. */
  readonly #vnodes = new WeakMap<MirrorNode, VNode>();
  #made = 0;

  constructor(replica: ComponentTree, registry: ComponentRegistry) {
    this.replica = replica;
    this.registry = registry;
  }

  /** Returns the virtual node of a node, the same one while the node exists. */
  readonly vnodeFor = (node: MirrorNode): VNode => {
    let vnode = this.#vnodes.get(node);
    if (!vnode) {
      // The key belongs to the node object, not to its id, because a removed and recreated node with the same id is another one.
      vnode = <NodeView key={++this.#made} node={node} renderer={this} />;
      this.#vnodes.set(node, vnode);
    }
    return vnode;
  };
}

interface NodeViewProps {
  readonly node: MirrorNode;
  readonly renderer: Renderer;
}

/** Shows one node. Only this component renders again when the node changes. */
class NodeView extends Component<NodeViewProps> {
  readonly #listeners = new Listeners(this.props.renderer.replica, this.props.node);
  readonly #methods: { current?: ComponentMethods } = {};
  /** The props at the last rendering. */
  #rendered: MirrorNode['props'] | undefined;

  override componentDidMount(): void {
    const { node, renderer } = this.props;
    renderer.replica.watch(node, this);
    // The component has taken over what a person did before, in its own `componentDidMount`, which ran first.
    if (node.props !== this.#rendered) this.changed();
  }

  override componentWillUnmount(): void {
    this.props.renderer.replica.unwatch(this.props.node, this);
    this.#listeners.stop();
  }

  changed = (): void => this.forceUpdate();

  async called(...call: Parameters<Watcher['called']>): Promise<unknown> {
    const { node, renderer } = this.props;
    const { registry } = renderer;
    const callMethod = await loaded(registry, '+methods');
    return typeof callMethod === 'function' && callMethod({ node, registry, methods: this.#methods }, ...call);
  }

  override render({ node, renderer }: NodeViewProps): ComponentChildren {
    this.#rendered = node.props;
    const { registry, replica } = renderer;
    const component = registry.lookup(node.kind, this.changed);
    const needs = needsOf(node.kind, node.props).map((name) => [name, registry.lookup(name, this.changed)] as const);
    const missing = [component, ...needs.map(([, found]) => found)].find((found) => typeof found === 'string');
    if (missing) {
      if (missing === 'unknown') return null;
      const failing = missing === 'failing' && 'A part of this page did not load. Trying again …';
      return (
        <div data-id={node.id} role="status" class="edgewise-missing">
          {failing}
        </div>
      );
    }
    const able = Object.fromEntries(needs) as Partial<Abilities>;
    if (able['+edits']) replica.use(able['+edits']);
    if (able['+modifiers']) this.#listeners.use(able['+modifiers']);
    const own = new OwnAttributes(node, this.#listeners, able['+attributes']);
    return elementOf(component, { node, own, replica, methods: this.#methods }, renderer.vnodeFor);
  }
}
