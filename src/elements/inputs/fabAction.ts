import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, type Handler, own, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.fabAction`. */
export interface FabActionOptions extends ElementOptions, Pick<LookOptions, 'color'> {
  /** A text beside the icon, a signal of it, or a function that computes it. @default none */
  readonly text?: MaybeReactive<string | number>;
  /** Names the button for assistive technology. @default the text, or the name of the icon */
  readonly label?: string;
  /** False leaves the actions open after a click. @default true */
  readonly autoClose?: boolean;
}

/** A button of a `ui.fab`. */
export class FabAction extends TextElement {
  /** @internal */
  constructor(icon: MaybeReactive<string>, onClick?: Handler<FabAction>, options: FabActionOptions = {}) {
    const { text = '', label, autoClose } = options;
    const { text: _, ...props } = own<'fabAction'>({
      text: '',
      ...(label && { label }),
      ...(autoClose === false && { stays: true }),
    });
    super('fabAction', text, props, { icon, ...options }, true);
    if (onClick) this.on('click', onClick as Handler<this>);
  }

  /** Adds a handler of clicks. */
  onClick(handler: Handler<this>): this {
    return this.on('click', handler);
  }
}

/**
 * Shows a button of a `ui.fab`. A click calls the handler and hides the actions.
 *
 * @example
 * ui.fab('add', () => ui.fabAction('note', newNote, { text: 'Note' }));
 *
 * @param icon name of the icon.
 * @param onClick called with the click.
 */
export function fabAction(
  icon: MaybeReactive<string>,
  onClick?: Handler<FabAction>,
  options?: FabActionOptions,
): FabAction {
  return new FabAction(icon, onClick, options);
}
