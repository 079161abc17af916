import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.icon`. */
export interface IconOptions extends ElementOptions, Pick<LookOptions, 'color' | 'size'> {
  /** Says what the icon means, for assistive technology. @default none: the icon is decoration */
  readonly label?: string;
}

/** An icon in the colour of the text. */
export class Icon extends Element {
  /** @internal */
  constructor(name: MaybeReactive<string>, options: IconOptions = {}) {
    const { label } = options;
    super('icon', own<'icon'>({ ...(label && { label }) }), { ...options, icon: name }, label);
  }
}

/**
 * Shows an icon. Names are those of Lucide (`'trash-2'`, see https://lucide.dev/icons), or of Material as NiceGUI uses them
 * (`'delete'`). The build puts those into the style sheet that stand in the sources as texts. An icon with a label is an image for
 * assistive technology; one without is decoration.
 *
 * @example
 * ui.icon('thumb_up', { color: 'success', size: 'lg' });
 * ui.icon(() => (online.value ? 'wifi' : 'wifi_off'), { label: 'Connection' });
 *
 * @throws {TypeError} for a text that cannot be the name of an icon.
 */
export function icon(name: MaybeReactive<string>, options?: IconOptions): Icon {
  return new Icon(name, options);
}
