import { Component, type ComponentChildren, createRef } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** Milliseconds for which a dropped item waits in its new place for the session to put it there. */
const patience = 2_000;

/** The items of a list as they stood when one of them was taken. */
interface Drag {
  readonly pointer: number;
  /** Where the pointer was, in pixels from the top of the page. */
  readonly start: number;
  readonly items: readonly { readonly element: HTMLElement; readonly top: number; readonly height: number }[];
  readonly from: number;
  /** Where the item stands now among the others. */
  to: number;
}

/** An item that its handle moves: by a pointer, or by the arrow keys. */
export class SortableItem extends Component<ElementProps<'sortableItem'>> {
  readonly #item = createRef<HTMLDivElement>();
  #drag: Drag | undefined;
  #settle: (() => void) | undefined;

  override componentWillUnmount(): void {
    this.#settle?.();
    if (this.#drag) restore(this.#drag);
  }

  get #items(): HTMLElement[] {
    return [...(this.#item.current?.parentElement?.children ?? [])] as HTMLElement[];
  }

  #taken = (event: PointerEvent): void => {
    if (event.button !== 0 || this.props.node.props.disabled) return;
    this.#settle?.();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const items = this.#items.map((element) => {
      const { top, height } = element.getBoundingClientRect();
      return { element, top: top + scrollY, height };
    });
    const from = items.findIndex(({ element }) => element === this.#item.current);
    this.#drag = { pointer: event.pointerId, start: event.pageY, items, from, to: from };
    this.#item.current?.classList.add('edgewise-sortable-dragged');
  };

  #dragged = (event: PointerEvent): void => {
    const drag = this.#drag;
    const own = drag?.items[drag.from];
    if (!drag || !own || drag.pointer !== event.pointerId) return;
    const { items, from, start } = drag;
    const way = event.pageY - start;
    const middle = own.top + own.height / 2 + way;
    const others = items.filter((item) => item !== own);
    drag.to = others.filter(({ top, height }) => top + height / 2 < middle).length;
    // The others close the gap that the item has left, and open one where it would stand.
    const next = items[from + 1] ?? own;
    const previous = items[from - 1] ?? own;
    const step = next === own ? own.top + own.height - (previous.top + previous.height) : next.top - own.top;
    for (const [index, { element }] of items.entries()) {
      const shift = index > from && index <= drag.to ? -step : index < from && index >= drag.to ? step : 0;
      element.style.transform =
        element === own.element ? `translateY(${way}px)` : shift ? `translateY(${shift}px)` : '';
    }
    if (event.clientY < 48) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 48) scrollBy(0, 12);
  };

  #dropped = (): void => {
    const drag = this.#drag;
    const { current } = this.#item;
    if (!drag || !current) return;
    this.#drag = undefined;
    const { items, from, to } = drag;
    const reset = () => {
      observer.disconnect();
      clearTimeout(timer);
      restore(drag);
      this.#settle = undefined;
    };
    // The items stay where the person sees them until the session has put them there.
    const observer = new MutationObserver(reset);
    const timer = setTimeout(reset, to === from ? 0 : patience);
    if (current.parentElement) observer.observe(current.parentElement, { childList: true });
    this.#settle = reset;
    this.#move(
      items.map(({ element }) => element),
      from,
      to,
    );
  };

  #canceled = (): void => {
    if (this.#drag) this.#drag.to = this.#drag.from;
    this.#dropped();
  };

  #pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return this.#canceled();
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0 || this.props.node.props.disabled) return;
    event.preventDefault();
    const items = this.#items;
    const from = items.indexOf(this.#item.current as HTMLElement);
    this.#move(items, from, from + by);
  };

  /**
   * Asks the session to put the item beside the one that stands there.
   *
   * @param items the items as the person saw them, because others may have come and gone meanwhile.
   */
  #move(items: readonly HTMLElement[], from: number, to: number): void {
    const others = items.filter((_, index) => index !== from);
    if (from === to || to < 0 || to > others.length) return;
    const before = others.slice(0, to).findLast(isThere);
    const beside = before ?? others.slice(to).find(isThere);
    if (beside) this.props.replica.emit(this.props.node, 'move', [Number(beside.dataset.id), before !== undefined]);
  }

  override render(): ComponentChildren {
    const { own, props, node, children } = this.props;
    return (
      <div role="listitem" ref={this.#item} {...own.whole('edgewise-sortable-item')}>
        <button
          type="button"
          class="edgewise-sortable-handle"
          aria-label={`Move ${props.name}`}
          aria-keyshortcuts="ArrowUp ArrowDown"
          disabled={node.props.disabled === true}
          onPointerDown={this.#taken}
          onPointerMove={this.#dragged}
          onPointerUp={this.#dropped}
          onPointerCancel={this.#canceled}
          onKeyDown={this.#pressed}
        >
          {icon('grip-vertical')}
        </button>
        {children}
      </div>
    );
  }
}

const isThere = ({ isConnected }: HTMLElement): boolean => isConnected;

/** Shows the items of a drag where the list has them. */
function restore({ items, from }: Drag): void {
  items[from]?.element.classList.remove('edgewise-sortable-dragged');
  for (const { element } of items) {
    element.style.transform = '';
    if (element.getAttribute('style') === '') element.removeAttribute('style');
  }
}
