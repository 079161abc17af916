import { isColor, type ThemeColor, type ThemeColors } from '../../protocol/index.ts';
import { type MaybeReactive, read } from '../../reactive/index.ts';
import { Element, type ElementOptions } from '../element.ts';
import { inRoot } from './in-root.ts';

/** Colours of the theme, each a CSS colour or a signal of one. */
export type ColorOptions = { readonly [Name in ThemeColor]?: MaybeReactive<string> };

/** The colours that a page replaces. */
export class Colors extends Element {
  /** @internal */
  constructor(colors: ColorOptions, options?: ElementOptions) {
    super('colors', { colors: {} }, options);
    this.set(colors);
  }

  /**
   * Replaces these colours, and gives the others back to the theme.
   *
   * @throws {TypeError} for a text that is no CSS colour.
   */
  set(colors: ColorOptions): void {
    const checked = (): ThemeColors =>
      Object.fromEntries(
        Object.entries(colors).map(([name, color]) => {
          const value = read(color as MaybeReactive<string>);
          if (isColor(value)) return [name, value];
          throw new TypeError(
            `The colour ${name} is ${JSON.stringify(value)}. Use a CSS colour, such as '#5898d4', 'teal' or 'oklch(60% 0.2 250)'.`,
          );
        }),
      );
    this.bind('colors', Object.values(colors).every((color) => typeof color === 'string') ? checked() : checked);
  }
}

/**
 * Replaces colours of the theme for this page. The colour of texts on each is black or white, whichever is easier to read.
 *
 * @example
 * ui.colors({ primary: '#5898d4', accent: 'oklch(70% 0.18 40)' });
 *
 * @throws {TypeError} for a text that is no CSS colour.
 */
export function colors(colors: ColorOptions, options?: ElementOptions): Colors {
  return inRoot('ui.colors', () => new Colors(colors, options));
}
