import { Component, type ComponentChildren, createRef } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** Milliseconds after the last movement until the slide is sent. */
const pause = 150;

/** The carousel pattern of the WAI. The browser scrolls and snaps; the slide that is seen is the value. */
export class Carousel extends Component<ElementProps<'carousel'>> {
  readonly #track = createRef<HTMLDivElement>();
  /** The slide on the way to which the track is, because of a value that was set. */
  #goal: number | undefined;

  override componentDidMount(): void {
    const track = this.#track.current;
    if (track && this.props.props.value > 0) {
      track.scrollTo({ left: this.props.props.value * track.clientWidth, behavior: 'instant' });
    }
  }

  override componentDidUpdate(): void {
    const track = this.#track.current;
    const { value } = this.props.props;
    if (!track || this.#seen === value) return;
    this.#goal = value;
    track.scrollTo({ left: value * track.clientWidth });
  }

  /** The index of the slide that is seen; none while the carousel is hidden. */
  get #seen(): number | undefined {
    const track = this.#track.current;
    return track?.clientWidth ? Math.round(track.scrollLeft / track.clientWidth) : undefined;
  }

  #scrolled = (): void => {
    const { node, replica } = this.props;
    const seen = this.#seen;
    if (seen === this.#goal) this.#goal = undefined;
    else if (seen !== undefined && this.#goal === undefined && seen !== node.props.value) {
      replica.edit(node, 'value', seen, pause);
    }
  };

  /** A person takes over while the track moves. */
  #taken = (): void => {
    this.#goal = undefined;
  };

  #go(to: number): void {
    const { node, replica } = this.props;
    replica.emit(node, 'value', to);
  }

  override render(): ComponentChildren {
    const { own, props, children } = this.props;
    const { value, slides, name, arrows = true, navigation = true } = props;
    const indexes = Array.from({ length: slides }, (_, index) => index);
    return (
      <section aria-roledescription="carousel" aria-label={name} {...own.whole('edgewise-carousel')}>
        <div
          class="edgewise-slides"
          tabIndex={0}
          ref={this.#track}
          onScroll={this.#scrolled}
          onPointerDown={this.#taken}
          onWheel={this.#taken}
          onKeyDown={this.#taken}
        >
          {children.map((slide, index) => (
            <div
              key={index}
              role="group"
              aria-roledescription="slide"
              aria-label={`${index + 1} of ${slides}`}
              inert={index !== value}
            >
              {slide}
            </div>
          ))}
        </div>
        {arrows && slides > 1 && (
          <>
            <button
              type="button"
              class="btn btn-circle btn-sm edgewise-previous"
              aria-label="Previous slide"
              onClick={() => this.#go((value + slides - 1) % slides)}
            >
              {icon('chevron-left')}
            </button>
            <button
              type="button"
              class="btn btn-circle btn-sm edgewise-next"
              aria-label="Next slide"
              onClick={() => this.#go((value + 1) % slides)}
            >
              {icon('chevron-right')}
            </button>
          </>
        )}
        {navigation && slides > 1 && (
          <div class="edgewise-dots">
            {indexes.map((index) => (
              <button
                type="button"
                key={index}
                aria-label={`Slide ${index + 1}`}
                aria-current={index === value ? 'true' : undefined}
                onClick={() => this.#go(index)}
              />
            ))}
          </div>
        )}
      </section>
    );
  }
}
