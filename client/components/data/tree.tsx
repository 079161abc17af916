import { Component, type ComponentChildren } from 'preact';
import type { TreeItem } from '../../../src/protocol/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

interface Shown {
  readonly item: TreeItem;
  readonly parent: TreeItem | undefined;
}

/** One node at a time is in the order of the Tab key: the one that had the focus last, or the selected one. */
export class Tree extends Component<ElementProps<'tree'>, { readonly at?: string }> {
  get #all(): Shown[] {
    const { nodes, expanded } = this.props.props;
    const visit = (items: readonly TreeItem[], parent?: TreeItem): Shown[] =>
      items.flatMap((item) => [
        { item, parent },
        ...(item.children && expanded.includes(item.id) ? visit(item.children, item) : []),
      ]);
    return visit(nodes);
  }

  #toggle({ id }: TreeItem): void {
    const { node, props, replica } = this.props;
    const { expanded } = props;
    replica.emit(node, 'expanded', expanded.includes(id) ? expanded.filter((one) => one !== id) : [...expanded, id]);
  }

  #select({ id }: TreeItem): void {
    const { node, props, replica } = this.props;
    replica.emit(node, 'value', props.value === id ? null : id);
  }

  #tick(item: TreeItem): void {
    const { node, props, replica } = this.props;
    const those = props.tick === 'leaf' ? leaves(item) : [item.id];
    const others = props.ticked.filter((id) => !those.includes(id));
    replica.emit(node, 'ticked', this.#checked(item) === true ? others : [...others, ...those]);
  }

  #checked(item: TreeItem): boolean | 'mixed' {
    const { tick, ticked } = this.props.props;
    const those = tick === 'leaf' ? leaves(item) : [item.id];
    const count = those.filter((id) => ticked.includes(id)).length;
    return count === those.length ? true : count > 0 && 'mixed';
  }

  #focus(shown: Shown | undefined): void {
    if (!shown) return;
    this.setState({ at: shown.item.id });
    document.getElementById(this.#idOf(shown.item))?.focus();
  }

  #idOf({ id }: TreeItem): string {
    return `e${this.props.node.id}-${id}`;
  }

  #pressed = (event: KeyboardEvent): void => {
    const all = this.#all;
    const at = all.findIndex(({ item }) => this.#idOf(item) === (event.target as HTMLElement).id);
    const now = all[at];
    if (!now) return;
    const { item, parent } = now;
    const open = item.children && this.props.props.expanded.includes(item.id);
    const actions: Record<string, () => void> = {
      ArrowDown: () => this.#focus(all[at + 1]),
      ArrowUp: () => this.#focus(all[at - 1]),
      Home: () => this.#focus(all[0]),
      End: () => this.#focus(all.at(-1)),
      ArrowRight: () => (open ? this.#focus(all[at + 1]) : item.children && this.#toggle(item)),
      ArrowLeft: () => (open ? this.#toggle(item) : this.#focus(all.find((one) => one.item === parent))),
      Enter: () => this.#select(item),
      ' ': () => (this.props.props.tick ? this.#tick(item) : this.#select(item)),
    };
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  };

  /** Levels are said by numbers: an item that had the items below it within would have their texts in its name. */
  #list(items: readonly TreeItem[], stop: string | undefined, level: number): ComponentChildren {
    const { value, expanded, tick } = this.props.props;
    return items.map((item, index) => {
      const open = item.children && expanded.includes(item.id);
      const checked = tick && this.#checked(item);
      return (
        <li key={item.id} role="none">
          <div
            class={item.id === value ? 'edgewise-tree-node edgewise-tree-chosen' : 'edgewise-tree-node'}
            id={this.#idOf(item)}
            role="treeitem"
            tabIndex={item.id === stop ? 0 : -1}
            aria-level={level}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            aria-expanded={item.children && open}
            aria-selected={item.id === value}
            aria-checked={checked}
          >
            <span class="edgewise-tree-arrow" aria-hidden="true" onClick={() => item.children && this.#toggle(item)}>
              {item.children && icon(open ? 'chevron-down' : 'chevron-right')}
            </span>
            {tick && (
              <input
                type="checkbox"
                class="checkbox checkbox-xs"
                tabIndex={-1}
                aria-hidden="true"
                checked={checked === true}
                ref={(box) => {
                  if (box) box.indeterminate = checked === 'mixed';
                }}
                onClick={() => this.#tick(item)}
              />
            )}
            <span class="edgewise-tree-text" onClick={() => this.#select(item)}>
              {icon(item.icon)}
              {item.text}
            </span>
          </div>
          {open && <ul role="none">{this.#list(item.children ?? [], stop, level + 1)}</ul>}
        </li>
      );
    });
  }

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const all = this.#all.map(({ item }) => item.id);
    const stop = [this.state.at, props.value].find((id) => id && all.includes(id)) ?? all[0];
    return (
      <div {...own.whole('edgewise-tree')}>
        <ul
          role="tree"
          aria-label={props.label}
          aria-multiselectable={props.tick ? 'true' : undefined}
          onKeyDown={this.#pressed}
        >
          {this.#list(props.nodes, stop, 1)}
        </ul>
      </div>
    );
  }
}

function leaves({ id, children }: TreeItem): string[] {
  return children ? children.flatMap(leaves) : [id];
}
