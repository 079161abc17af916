import { Component, type ComponentChildren, createRef } from 'preact';
import type { ElementProps } from '../types.ts';

/** Windows that have room for a drawer beside the content. The style sheet has the same number. */
const wide = '(min-width: 64rem)';

/**
 * A column beside the content, or over it in a narrow window, where it takes the focus and Escape closes it.
 * The disclosure pattern of the WAI: the button that opens it belongs to the author.
 */
export class Drawer extends Component<ElementProps<'drawer'>> {
  readonly #panel = createRef<HTMLElement>();
  #media: MediaQueryList | undefined;
  /** The element that had the focus before the drawer took it. */
  #before: Element | null = null;

  override componentDidMount(): void {
    this.#media = matchMedia(wide);
    this.#media.addEventListener('change', this.#resized);
    const { open } = this.props.props;
    // A window that an earlier document knew narrow may be wide now. One in which a person has opened the drawer stays as it is.
    if (open === null || this.#media.matches) this.#fit(this.#media.matches);
  }

  override componentWillUnmount(): void {
    this.#media?.removeEventListener('change', this.#resized);
  }

  override componentDidUpdate({ props: before }: ElementProps<'drawer'>): void {
    const { open } = this.props.props;
    if (before.open === open || this.#media?.matches !== false) return;
    if (open) {
      this.#before = document.activeElement;
      this.#panel.current?.focus({ preventScroll: true });
    } else if (this.#panel.current?.contains(document.activeElement) && this.#before instanceof HTMLElement) {
      this.#before.focus({ preventScroll: true });
    }
  }

  /**
   * A window that becomes narrow closes the drawer, which would cover the content; one that becomes wide again shows what it has
   * closed.
   */
  #fit(isWide: boolean): void {
    const { node, replica } = this.props;
    const { open, narrowed = false } = node.props;
    if (isWide && open !== null && !narrowed) return;
    const closes = !isWide && open !== false;
    // The session has it, because this document may be gone when the window becomes wide again.
    if (narrowed !== closes) replica.emit(node, 'narrowed', closes);
    this.#send(isWide);
  }

  readonly #resized = ({ matches }: MediaQueryListEvent): void => this.#fit(matches);

  #send(open: boolean): void {
    const { node, replica } = this.props;
    if (node.props.open !== open) replica.emit(node, 'open', open);
  }

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    const { side, open, label, bordered = true, elevated } = props;
    const state = open === null ? 'auto' : open ? 'open' : 'closed';
    const line = bordered ? (side === 'left' ? ' border-e' : ' border-s') : '';
    return (
      <div class={`edgewise-drawer edgewise-drawer-${side}`} data-state={state}>
        <div class="edgewise-drawer-shade" onClick={() => this.#send(false)} />
        <aside
          aria-label={label}
          tabIndex={-1}
          {...own.whole(`edgewise-drawer-panel bg-base-100 border-base-300${line}${elevated ? ' shadow-lg' : ''}`)}
          ref={this.#panel}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && this.#media?.matches === false) this.#send(false);
          }}
        >
          {children}
        </aside>
      </div>
    );
  }
}
