import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, type Handler, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.chip`. */
export interface ChipOptions extends ElementOptions, Pick<LookOptions, 'variant' | 'color' | 'size' | 'icon'> {
  /** Called when the user clicks the chip, which then is a button. @default none */
  readonly onClick?: Handler<Chip>;
  /** Shows a button at the end that removes the chip, and is called after it has. @default none */
  readonly onRemove?: Handler<Chip>;
}

/** A small thing that a user can click or remove. */
export class Chip extends TextElement {
  /** @internal */
  constructor(text: MaybeReactive<string | number>, options: ChipOptions = {}) {
    const { onClick, onRemove } = options;
    super('chip', text, { ...(onClick && { clickable: true }), ...(onRemove && { removable: true }) }, options, true);
    if (onClick) this.on('click', onClick as Handler<this>);
    if (onRemove) {
      this.listen(
        'remove',
        (event) => {
          this.delete();
          return (onRemove as Handler<this>)(event);
        },
        'ignore',
        onRemove,
      );
    }
  }
}

/**
 * Shows a small thing, such as a tag or a filter, that the user can click or remove.
 *
 * @example
 * ui.each(tags, (tag) => tag, (tag) => ui.chip(tag, { onRemove: () => remove(tag) }));
 *
 * @param text the text, a signal of it, or a function that computes it.
 */
export function chip(text: MaybeReactive<string | number>, options?: ChipOptions): Chip {
  return new Chip(text, options);
}
