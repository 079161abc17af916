import type { MaybeReactive } from '../../reactive/index.ts';
import { Player, type PlayerOptions } from '../player.ts';
import { addressOf, type MediaSource } from '../source.ts';

/** Options of `ui.video`. */
export interface VideoOptions extends PlayerOptions {
  /** The picture that is shown before the film. @default its first frame */
  readonly poster?: MediaSource;
  /** A file or an address of subtitles in WebVTT. @default none */
  readonly captions?: MediaSource;
}

/** A film with the browser's own controls. */
export class Video extends Player {
  constructor(source: MaybeReactive<MediaSource>, options: VideoOptions = {}) {
    const { poster, captions } = options;
    const props = {
      ...(poster !== undefined && { poster: addressOf(poster) }),
      ...(captions !== undefined && { captions: addressOf(captions) }),
    };
    super('video', source, props, options);
  }
}

/**
 * Plays a film: by its address, or of a file. A native player, which the keyboard operates. The browser loads the parts that it
 * plays.
 *
 * @example
 * const film = ui.state<FileRef | undefined>(undefined);
 * ui.upload({ accept: 'video/*', onUpload: ({ file }) => (film.value = file) });
 * ui.show(
 *   () => film.value !== undefined,
 *   () => ui.video(() => film.value ?? '', { label: 'Your film', muted: true, autoplay: true }),
 * );
 *
 * @param source the source, a signal of it, or a function that computes it.
 */
export function video(source: MaybeReactive<MediaSource>, options?: VideoOptions): Video {
  return new Video(source, options);
}
