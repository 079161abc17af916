import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';
import { pageHost } from '../page-host.ts';
import { addressOf, isLive, type MediaSource } from '../source.ts';

/** Options of `ui.image`. */
export interface ImageOptions extends ElementOptions {
  /** A description of the picture for assistive technology. @default '' (a decoration) */
  readonly alt?: string;
  /** How the picture fills a box of another shape, as in CSS. @default the browser stretches it */
  readonly fit?: 'contain' | 'cover' | 'fill' | 'none' | 'scale-down';
  /** True loads the picture when it comes near the visible part of the page. @default false */
  readonly lazy?: boolean;
}

/** A picture. */
export class Image extends Element {
  constructor(src: MaybeReactive<MediaSource>, options: ImageOptions = {}) {
    const { alt = '', fit, lazy } = options;
    const first = firstOf(src, '', addressOf);
    super('image', own<'image'>({ src: first, alt, ...(fit && { fit }), ...(lazy && { lazy }) }), options);
    if (isLive(src)) this.src = src;
  }

  /** The address of the picture. Assign another source, a signal of one, or a function that computes it. */
  get src(): string {
    return this.get('src');
  }

  set src(src: MaybeReactive<MediaSource>) {
    this.bind('src', src, addressOf);
  }

  /** Loads the picture again from the same address, for one that changes behind it. */
  forceReload(): void {
    this.bind('version', pageHost.require('image.forceReload').now());
  }
}

/**
 * Shows a picture: by its address, of a file of `ui.upload` or `ui.file`, or of some bytes.
 *
 * @example
 * ui.image('/logo.svg', { alt: 'Edgewise' }).classes('w-24');
 *
 * @example
 * const photo = ui.state<FileRef | undefined>(undefined);
 * ui.upload({ accept: 'image/*', onUpload: ({ file }) => (photo.value = file) });
 * ui.image(() => photo.value ?? '/empty.svg', { alt: 'Your photo', fit: 'cover' }).classes('size-40');
 *
 * @param src the source, a signal of it, or a function that computes it.
 * @throws {RangeError} for more than 256 KB of bytes: `ui.file` makes a file of them.
 */
export function image(src: MaybeReactive<MediaSource>, options?: ImageOptions): Image {
  return new Image(src, options);
}
