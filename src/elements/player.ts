import type { Kind, Props } from '../protocol/index.ts';
import type { MaybeReactive } from '../reactive/index.ts';
import { Element, type ElementOptions } from './element.ts';
import { firstOf } from './first.ts';
import { addressOf, isLive, type MediaSource } from './source.ts';

/** Options of `ui.audio` and `ui.video`. */
export interface PlayerOptions extends ElementOptions {
  /** Names the player for assistive technology. @default none */
  readonly label?: string;
  /** False hides the browser's controls. @default true */
  readonly controls?: boolean;
  /** True plays at once. Browsers allow it for what is muted, and after the visitor has clicked somewhere. @default false */
  readonly autoplay?: boolean;
  /** True begins without sound. @default false */
  readonly muted?: boolean;
  /** True begins again at the end. @default false */
  readonly loop?: boolean;
  /** Called when playing begins. @default none */
  readonly onPlay?: () => unknown;
  /** Called when playing pauses. @default none */
  readonly onPause?: () => unknown;
  /** Called at the end. @default none */
  readonly onEnded?: () => unknown;
  /** Called while it plays, once a second, and after the visitor has moved the position. It receives seconds. @default none */
  readonly onTime?: (seconds: number) => unknown;
}

/** A sound or a film. */
export class Player extends Element {
  /** @internal */
  constructor(
    kind: Kind & ('audio' | 'video'),
    source: MaybeReactive<MediaSource>,
    props: Props,
    options: PlayerOptions,
  ) {
    const { label, controls = true, autoplay, muted, loop, onPlay, onPause, onEnded, onTime } = options;
    const src = firstOf(source, '', addressOf);
    const flags = { ...(autoplay && { autoplay }), ...(muted && { muted }), ...(loop && { loop }) };
    const shown = { ...(label && { label }), ...(!controls && { controls: false }), ...(onTime && { reports: true }) };
    super(kind, { src, ...flags, ...shown, ...props }, options);
    if (isLive(source)) this.src = source;
    if (onPlay) this.on('play', onPlay);
    if (onPause) this.on('pause', onPause);
    if (onEnded) this.on('ended', onEnded);
    if (onTime) this.listen('time', ({ value }) => onTime(value as number), 'parallel', onTime);
  }

  /** The address of the source. Assign another source, a signal of one, or a function that computes it. */
  get src(): string {
    return this.get('src');
  }

  set src(source: MaybeReactive<MediaSource>) {
    this.bind('src', source, addressOf);
  }

  /** Plays. A browser may refuse sound before the visitor has clicked somewhere. */
  play(): void {
    this.call('play');
  }

  /** Pauses. */
  pause(): void {
    this.call('pause');
  }

  /** Moves to a position in seconds. */
  seek(seconds: number): void {
    this.call('seek', seconds);
  }
}
