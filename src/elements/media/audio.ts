import type { MaybeReactive } from '../../reactive/index.ts';
import { Player, type PlayerOptions } from '../player.ts';
import type { MediaSource } from '../source.ts';

/** Options of `ui.audio`. */
export interface AudioOptions extends PlayerOptions {}

/** A sound with the browser's own controls. */
export class Audio extends Player {
  constructor(source: MaybeReactive<MediaSource>, options: AudioOptions = {}) {
    super('audio', source, {}, options);
  }
}

/**
 * Plays a sound: by its address, or of a file. A native player, which the keyboard operates. The browser loads the parts that it
 * plays.
 *
 * @example
 * const player = ui.audio('/speech.mp3', { label: 'The speech', onEnded: () => ui.notify('That was all') });
 * ui.button('From the beginning', () => player.seek(0));
 *
 * @param source the source, a signal of it, or a function that computes it.
 */
export function audio(source: MaybeReactive<MediaSource>, options?: AudioOptions): Audio {
  return new Audio(source, options);
}
