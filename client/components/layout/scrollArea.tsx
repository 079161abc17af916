import { Component, type ComponentChildren, createRef } from 'preact';
import { withListeners } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** Milliseconds between two reports of the position. */
const pause = 100;

/** The keyboard reaches it, because nothing inside of it may take the focus. */
export class ScrollArea extends Component<ElementProps<'scrollArea'>> {
  readonly #area = createRef<HTMLDivElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #moved = false;

  override componentDidMount(): void {
    this.props.methods.current = { scrollTo: this.#scrollTo };
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  #scrollTo = (
    axis: 'vertical' | 'horizontal',
    pixels: number | null,
    percent: number | null,
    smooth: boolean,
  ): void => {
    const area = this.#area.current;
    if (!area) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const behavior = smooth && !calm ? 'smooth' : 'instant';
    const whole = axis === 'vertical' ? area.scrollHeight - area.clientHeight : area.scrollWidth - area.clientWidth;
    const to = pixels ?? (percent ?? 0) * whole;
    area.scrollTo({ [axis === 'vertical' ? 'top' : 'left']: to, behavior });
  };

  #scrolled = (): void => {
    if (!this.props.props.reports) return;
    this.#moved = true;
    if (this.#timer === undefined) this.#report();
  };

  #report = (): void => {
    this.#timer = undefined;
    const area = this.#area.current;
    if (!area || !this.#moved) return;
    this.#moved = false;
    const { scrollTop, scrollHeight, clientHeight, scrollLeft, scrollWidth, clientWidth } = area;
    const position = [scrollTop, scrollHeight, clientHeight, scrollLeft, scrollWidth, clientWidth].map(Math.round);
    this.props.replica.emit(this.props.node, 'scroll', position);
    this.#timer = setTimeout(this.#report, pause);
  };

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    return (
      <div
        role={props.label ? 'region' : undefined}
        aria-label={props.label}
        tabIndex={0}
        {...withListeners(own.whole('edgewise-column edgewise-scroll'), { onscroll: this.#scrolled })}
        ref={this.#area}
      >
        {children}
      </div>
    );
  }
}
