import { Component, type ComponentChildren, createRef } from 'preact';
import { elementAround, hearAround } from '../surroundings.ts';
import type { ElementProps } from '../types.ts';

/**
 * The tooltip pattern of the WAI: the pointer or the focus on the element around it shows it, Escape hides it, and it stays while the
 * pointer is on it. The style sheet delays it.
 */
export class Tooltip extends Component<ElementProps<'tooltip'>> {
  readonly #tip = createRef<HTMLDivElement>();
  readonly #ends: (() => void)[] = [];

  override componentDidMount(): void {
    const { node } = this.props;
    this.#ends.push(
      hearAround(node, 'mouseover', (_, around) => this.#show(around)),
      hearAround(node, 'focusin', (event, around) => {
        if ((event.target as Element).matches(':focus-visible')) this.#show(around);
      }),
    );
  }

  override componentWillUnmount(): void {
    this.#stop();
    for (const end of this.#ends) end();
  }

  #show(around: HTMLElement): void {
    const tip = this.#tip.current;
    if (!tip || tip.matches(':popover-open')) return;
    tip.showPopover({ source: around } as never);
    document.addEventListener('mouseover', this.#moved);
    document.addEventListener('focusout', this.#hide);
    document.addEventListener('keydown', this.#pressed, true);
    document.addEventListener('pointerdown', this.#hide);
  }

  #stop(): void {
    document.removeEventListener('mouseover', this.#moved);
    document.removeEventListener('focusout', this.#hide);
    document.removeEventListener('keydown', this.#pressed, true);
    document.removeEventListener('pointerdown', this.#hide);
  }

  #hide = (): void => {
    this.#stop();
    if (this.#tip.current?.matches(':popover-open')) this.#tip.current.hidePopover();
  };

  #moved = ({ target }: MouseEvent): void => {
    const around = elementAround(this.props.node);
    const at = target as Node;
    if (!around?.contains(at) && !this.#tip.current?.contains(at) && !around?.contains(document.activeElement))
      this.#hide();
  };

  #pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#hide();
  };

  override render(): ComponentChildren {
    const { node, own, props, children } = this.props;
    return (
      <div {...own.whole('edgewise-tooltip')} popover="manual" role="tooltip" id={`e${node.id}`} ref={this.#tip}>
        {props.text || null}
        {children}
      </div>
    );
  }
}
