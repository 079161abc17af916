import { Component, type ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** It is in the first paint, but seen only after the page was scrolled. */
export class PageScroller extends Component<ElementProps<'pageScroller'>, { readonly away: boolean }> {
  override readonly state = { away: false };

  override componentDidMount(): void {
    addEventListener('scroll', this.#scrolled, { passive: true });
    this.#scrolled();
  }

  override componentWillUnmount(): void {
    removeEventListener('scroll', this.#scrolled);
  }

  #scrolled = (): void => {
    const away = scrollY > this.props.props.offset;
    if (away !== this.state.away) this.setState({ away });
  };

  #clicked = (): void => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scrollTo({ top: 0, behavior: calm ? 'instant' : 'smooth' });
  };

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    const { position, x = 0, y = 0 } = props;
    const { style, ...outer } = own.whole('edgewise-sticky edgewise-scroller');
    return (
      <div
        data-position={position}
        data-away={this.state.away ? '' : undefined}
        {...outer}
        style={`--x:${x}px;--y:${y}px;${style ?? ''}`}
        onClick={this.#clicked}
      >
        {children}
      </div>
    );
  }
}
