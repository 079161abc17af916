import { type MaybeReactive, read, untracked } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.image`. */
export interface ImageOptions extends ElementOptions {
  /** A description of the picture for assistive technology. @default '' (a decoration) */
  readonly alt?: string;
}

/** A picture by its address. The browser blocks other hosts, unless `new App({ csp: { 'img-src': [host] } })` names them. */
export class Image extends Element {
  constructor(src: MaybeReactive<string>, options: ImageOptions = {}) {
    super('image', own<'image'>({ src: untracked(() => read(src)), alt: options.alt ?? '' }), options);
    if (typeof src !== 'string') this.src = src;
  }

  /** The address of the picture. */
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
