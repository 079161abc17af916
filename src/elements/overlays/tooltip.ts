import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, TextElement } from '../element.ts';

/** A text at the element around it. */
export class Tooltip extends TextElement {
  constructor(text: MaybeReactive<string | number>, build?: () => void, options?: ElementOptions) {
    super('tooltip', text, {}, options);
    if (build) this.add(build);
  }
}

/**
 * Explains the element around it while the pointer or the focus is on it (APG: tooltip). For a text alone, every element has
 * `.tooltip('…')`.
 *
 * @example
 * ui.button('Send', send).tooltip('Sends it to all members');
 * ui.card(() => {
 *   ui.label('CPU');
 *   ui.tooltip('', () => ui.label(() => `${load.value} %`));
 * });
 *
 * @param build makes elements below the text.
 */
export function tooltip(text: MaybeReactive<string | number>, build?: () => void, options?: ElementOptions): Tooltip {
  return new Tooltip(text, build, options);
}
