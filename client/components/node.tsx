import { Component, type ComponentChildren, createElement, type VNode } from 'preact';
import type { Json, MirrorNode, PropsOf } from '../../src/protocol/index.ts';
import { Listeners, ownAttributes, safeUrl } from '../hooks/index.ts';
import type { Replica } from '../tree/index.ts';
import type { Finder } from './lazy.ts';
import type { Show } from './shown.ts';

/** What all nodes of a page share, and the one rendered form of each of them. */
export class Page {
  readonly store: Replica;
  readonly finder: Finder;
  /** A node keeps its form: Preact passes over a form it has seen, so a change below or beside costs nothing here. */
  readonly #forms = new WeakMap<MirrorNode, VNode>();
  #made = 0;

  constructor(store: Replica, finder: Finder) {
    this.store = store;
    this.finder = finder;
  }

  form(node: MirrorNode): VNode {
    let form = this.#forms.get(node);
    if (!form) {
      // The key is the node object's, not its id: a node removed and made anew under the same id is another one.
      form = <NodeView key={++this.#made} node={node} page={this} />;
      this.#forms.set(node, form);
    }
    return form;
  }
}

interface NodeViewProps {
  readonly node: MirrorNode;
  readonly page: Page;
}

/** Methods any element has, beside those of its component. */
const methods = new Set(['focus', 'blur', 'select', 'scrollIntoView']);

/** Shows one node, and is the only thing that renders again when the node changes. */
export class NodeView extends Component<NodeViewProps> {
  readonly #listeners = new Listeners(this.props.page.store, this.props.node);

  override componentDidMount(): void {
    this.props.page.store.watch(this.props.node, this);
  }

  override componentWillUnmount(): void {
    this.props.page.store.unwatch(this.props.node, this);
    this.#listeners.stop();
  }

  override shouldComponentUpdate(): boolean {
    return false; // Only `changed` renders again, by force.
  }

  changed = (): void => this.forceUpdate();

  called(method: string, args: readonly Json[]): void {
    // After Preact's own microtask, which shows what changed before.
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

  override render({ node, page }: NodeViewProps): ComponentChildren {
    const found = page.finder.find(node.kind, this.changed);
    if (typeof found === 'string') {
      if (found === 'unknown') return null;
      const failing = found === 'failing' && 'A part of this page could not be loaded. Trying again …';
      return (
        <div data-id={node.id} role="status" class="edgewise-missing">
          {failing}
        </div>
      );
    }
    return createElement(found as unknown as Show<'label'>, {
      node,
      props: node.props as unknown as PropsOf<'label'>,
      own: ownAttributes(node, this.#listeners),
      store: page.store,
      children: node.children.map((child) => page.form(child)),
    });
  }
}
