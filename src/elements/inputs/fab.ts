import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, TextElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.fab`. */
export interface FabOptions extends ElementOptions, Pick<LookOptions, 'color' | 'size'> {
  /** A text beside the icon, a signal of it, or a function that computes it. @default none */
  readonly text?: MaybeReactive<string | number>;
  /** Names the button for assistive technology. @default the text, or the name of the icon */
  readonly label?: string;
  /** Where the actions stand. @default 'right' */
  readonly direction?: 'up' | 'down' | 'left' | 'right';
}

/** A floating button with further ones. Whether it is open belongs to the browser: a reload closes it. */
export class Fab extends TextElement {
  /** @internal */
  constructor(icon: MaybeReactive<string>, build?: () => void, options: FabOptions = {}) {
    const { text = '', label, direction = 'right' } = options;
    const { text: _, ...props } = own<'fab'>({ text: '', direction, ...(label && { label }) });
    super('fab', text, props, { icon, ...options }, true);
    if (build) this.add(build);
  }

  /** Shows the actions. */
  open(): void {
    this.call('open');
  }

  /** Hides the actions. */
  close(): void {
    this.call('close');
  }

  /** Shows the actions when they are hidden, and hides them when they are shown. */
  toggle(): void {
    this.call('toggle');
  }
}

/**
 * Shows a round button that opens further ones beside it. A native popover (APG: disclosure), which opens before any code has
 * arrived; Escape and a click elsewhere close it. `ui.pageSticky` around it puts it in a corner of the window.
 *
 * @example
 * ui.pageSticky(() =>
 *   ui.fab('add', () => {
 *     ui.fabAction('note', newNote, { text: 'Note' });
 *     ui.fabAction('image', newPicture, { text: 'Picture' });
 *   }, { label: 'New', direction: 'up' }), { x: 18, y: 18 });
 *
 * @param icon name of the icon.
 * @param build makes the actions.
 */
export function fab(icon: MaybeReactive<string>, build?: () => void, options?: FabOptions): Fab {
  return new Fab(icon, build, options);
}
