import { Component, type ComponentChildren, createRef } from 'preact';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { elementAround, hearAround } from './surroundings.ts';
import type { ElementProps } from './types.ts';

/**
 * The menu pattern of the WAI: arrow keys, Home, End and first letters move between the items, Escape closes. The browser's popover
 * closes it by a click elsewhere and gives the focus back. Without items it is a plain box over the page, for any elements.
 */
export abstract class MenuView<K extends 'menu' | 'contextMenu'> extends Component<ElementProps<K>> {
  protected readonly list = createRef<HTMLDivElement>();
  protected readonly look: string = 'edgewise-popup edgewise-menu';
  readonly #ends: (() => void)[] = [];

  override componentDidMount(): void {
    this.props.methods.current = {
      open: () => this.open(),
      close: () => this.close(),
      toggle: () => (this.isOpen ? this.close() : this.open()),
    };
    // The browser may have opened it before the code was there.
    if (this.isOpen) this.#focus(0);
  }

  override componentWillUnmount(): void {
    for (const end of this.#ends) end();
  }

  /** Hears an event of the element around the menu while the menu exists. */
  protected hear(type: string, hear: (event: never, around: HTMLElement) => void): void {
    this.#ends.push(hearAround(this.props.node, type, hear as (event: Event, around: HTMLElement) => void));
  }

  protected get isOpen(): boolean {
    return this.list.current?.matches(':popover-open') === true;
  }

  open(from = elementAround(this.props.node)): void {
    const list = this.list.current;
    if (!list || this.isOpen) return;
    list.showPopover(from ? ({ source: from } as never) : undefined);
    this.#focus(0);
  }

  close(): void {
    if (this.isOpen) this.list.current?.hidePopover();
  }

  /** The items of this menu, without those of the menus inside. */
  get #items(): HTMLElement[] {
    const list = this.list.current;
    const all = list?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled, [hidden])') ?? [];
    return [...all].filter((item) => item.closest('[popover]') === list);
  }

  #focus(index: number): void {
    this.#items.at(index)?.focus();
  }

  #pressed = (event: KeyboardEvent): void => {
    const items = this.#items;
    const list = this.list.current;
    if ((event.target as Element).closest('[popover]') !== list) return;
    const at = items.indexOf(document.activeElement as HTMLElement);
    const { key } = event;
    if (at < 0) return;
    let goal: HTMLElement | undefined;
    if (key === 'ArrowDown') goal = items[(at + 1) % items.length];
    else if (key === 'ArrowUp') goal = items.at(at - 1);
    else if (key === 'Home') goal = items[0];
    else if (key === 'End') goal = items.at(-1);
    else if (key === 'ArrowRight' && items[at]?.hasAttribute('popovertarget')) items[at]?.click();
    else if ((key === 'ArrowLeft' || key === 'Escape') && list?.parentElement?.closest('[popover]')) {
      this.close();
      goal = elementAround(this.props.node) ?? undefined;
    } else if (key === 'Tab') this.close();
    else if (key.length === 1 && key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = key.toLocaleLowerCase();
      goal = [...items.slice(at + 1), ...items].find((item) =>
        item.innerText.trim().toLocaleLowerCase().startsWith(letter),
      );
    } else return;
    if (key !== 'Tab') event.preventDefault();
    event.stopPropagation();
    goal?.focus();
  };

  #clicked = (event: MouseEvent): void => {
    const item = (event.target as Element).closest('[role="menuitem"]');
    if (item && !item.hasAttribute('data-stays') && !item.hasAttribute('popovertarget')) this.close();
  };

  #toggled = (event: { readonly newState: string }): void => {
    // The browser opened it by its button, without this code.
    const list = this.list.current;
    if (event.newState === 'open' && !list?.contains(document.activeElement)) this.#focus(0);
  };

  override render(): ComponentChildren {
    const { node, own, props, children } = this.props;
    const items = hasItems(node);
    return (
      <div
        {...own.whole(this.look)}
        popover="auto"
        id={`e${node.id}`}
        role={items ? 'menu' : undefined}
        aria-label={props.label}
        ref={this.list}
        onKeyDown={this.#pressed}
        onClick={this.#clicked}
        onToggle={this.#toggled}
      >
        {children}
      </div>
    );
  }
}

function hasItems({ children }: MirrorNode): boolean {
  return children.some((child) => child.kind === 'menuItem' || (child.kind === 'fragment' && hasItems(child)));
}
