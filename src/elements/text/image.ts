import { type MaybeReactive, read, untracked } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.image`. */
export interface ImageOptions extends ElementOptions {
  /** What the picture shows, for people who cannot see it. @default '' (a decoration) */
  readonly alt?: string;
}

/** A picture by its address. An address of another host is blocked until `new App({ csp: { 'img-src': [host] } })` names that host. */
export class Image extends Element {
  constructor(src: MaybeReactive<string>, options: ImageOptions = {}) {
    super('image', own<'image'>({ src: untracked(() => read(src)), alt: options.alt ?? '' }), options);
    if (typeof src !== 'string') this.src = src;
  }

  /** The address it is loaded from. */
  get src(): string {
    return this.get('src');
  }

  set src(src: MaybeReactive<string>) {
    this.bind('src', src);
  }
}

/**
 * Shows a picture by its address, which may be a `data:image/…` address.
 *
 * @example
 * ui.image('/logo.svg', { alt: 'Edgewise' }).classes('w-24');
 *
 * @param src the address, a signal of it, or a function that computes it.
 */
export function image(src: MaybeReactive<string>, options?: ImageOptions): Image {
  return new Image(src, options);
}
