import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.badge`. */
export interface BadgeOptions
  extends ElementOptions,
    Pick<LookOptions, 'variant' | 'color' | 'size' | 'icon' | 'round'> {}

/** A short text in a coloured frame. */
export class Badge extends TextElement {
  /** @internal */
  constructor(text: MaybeReactive<string | number>, options?: BadgeOptions) {
    super('badge', text, {}, options);
  }
}

/**
 * Shows a short text in a coloured frame, such as a count or a state.
 *
 * @example
 * ui.badge(() => unread.value, { color: 'error' }).show(() => unread.value > 0);
 *
 * @param text the text, a signal of it, or a function that computes it.
 */
export function badge(text: MaybeReactive<string | number>, options?: BadgeOptions): Badge {
  return new Badge(text, options);
}
