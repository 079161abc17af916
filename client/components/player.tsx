import { Component, type ComponentChildren, createRef } from 'preact';
import { withListeners } from '../dom/index.ts';
import { sourceOf } from './source.ts';
import type { ElementProps } from './types.ts';

/** Milliseconds between two reports of the position. */
const pause = 1_000;

/** A native player. */
export abstract class Player<K extends 'audio' | 'video'> extends Component<ElementProps<K>> {
  protected abstract readonly tag: K;
  readonly #player = createRef<HTMLMediaElement>();
  #reported = Number.NEGATIVE_INFINITY;

  override componentDidMount(): void {
    const with_ = (use: (player: HTMLMediaElement) => unknown) => () => {
      const player = this.#player.current;
      if (player) use(player);
    };
    this.props.methods.current = {
      // What the browser does not allow shows by the player itself.
      play: with_((player) => player.play().catch(() => {})),
      pause: with_((player) => player.pause()),
      seek: (seconds: number) => {
        if (this.#player.current) this.#player.current.currentTime = seconds;
      },
    };
  }

  #moved = (event: Event): void => {
    const player = this.#player.current;
    if (!player || !this.props.props.reports) return;
    // A clock that a test of the page cannot move, as that of the film itself.
    const since = Math.abs(player.currentTime * 1_000 - this.#reported);
    if (event.type === 'timeupdate' && since < pause) return;
    this.#reported = player.currentTime * 1_000;
    this.props.replica.emit(this.props.node, 'time', Math.round(player.currentTime * 1_000) / 1_000);
  };

  override render(): ComponentChildren {
    const { own, props } = this.props;
    const { src, label, controls = true, autoplay, muted, loop } = props;
    const { poster, captions } = props as { readonly poster?: string; readonly captions?: string };
    const Tag = this.tag as 'video';
    const attributes = withListeners(own.whole('max-w-full'), { ontimeupdate: this.#moved, onseeked: this.#moved });
    return (
      <Tag
        {...attributes}
        ref={this.#player as never}
        src={sourceOf(src)}
        aria-label={label}
        controls={controls}
        autoplay={autoplay}
        muted={muted}
        loop={loop}
        preload="metadata"
        playsInline
        poster={poster && sourceOf(poster)}
      >
        {captions && <track kind="captions" default src={sourceOf(captions)} />}
      </Tag>
    );
  }
}
