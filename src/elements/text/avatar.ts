import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.avatar`. */
export interface AvatarOptions extends ElementOptions, Pick<LookOptions, 'color' | 'size' | 'icon'> {
  /** Address of a picture, a signal of it, or a function that computes it. @default none: the text shows */
  readonly src?: MaybeReactive<string>;
  /** True shows a square with round corners. @default false */
  readonly square?: boolean;
}

/** A person or thing as a small round picture, text or icon. */
export class Avatar extends Element {
  /** @internal */
  constructor(name: MaybeReactive<string>, options: AvatarOptions = {}) {
    const { src, square } = options;
    const first = { name: firstOf(name, ''), src: firstOf(src, '') };
    super(
      'avatar',
      own<'avatar'>({ name: first.name, ...(first.src && { src: first.src }), ...(square && { square }) }),
      options,
    );
    if (typeof name !== 'string') this.bind('name', name);
    if (src !== undefined && typeof src !== 'string') this.bind('src', src);
  }
}

/**
 * Shows a person or a thing as a small picture, or as the initials of its name, or as an icon.
 *
 * @example
 * ui.avatar('Ada Lovelace', { src: '/ada.jpg' });
 * ui.avatar('Grace Hopper', { color: 'secondary' }); // shows GH
 *
 * @param name the name, which assistive technology reads; a signal of it, or a function that computes it.
 */
export function avatar(name: MaybeReactive<string>, options?: AvatarOptions): Avatar {
  return new Avatar(name, options);
}
