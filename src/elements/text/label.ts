import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, TextElement } from '../element.ts';

/** A line of text. */
export class Label extends TextElement {
  constructor(text: MaybeReactive<string | number>, options?: ElementOptions) {
    super('label', text, {}, options);
  }
}

/**
 * Shows a line of text. Line breaks show with the class `whitespace-pre-wrap`.
 *
 * @example
 * const name = ui.state('Ada');
 * ui.label('Hello');
 * ui.label(() => `Hello, ${name.value}!`).classes('text-xl');
 *
 * @param text the text, a signal of it, or a function that computes it.
 */
export function label(text: MaybeReactive<string | number>, options?: ElementOptions): Label {
  return new Label(text, options);
}
