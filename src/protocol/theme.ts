/** Colours of the theme that a page can replace. */
export type ThemeColor = 'primary' | 'secondary' | 'accent' | 'neutral' | 'info' | 'success' | 'warning' | 'error';

/** A CSS colour for some of the theme's colours. */
export type ThemeColors = { readonly [Name in ThemeColor]?: string };

/** A hexadecimal colour, a colour's name, or a function of CSS such as `oklch(62% 0.2 250)`. */
const colorPattern = /^(#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([\d\s.,%/a-z+-]+\))$/i;

/** Returns true for a text that is a CSS colour and nothing else. */
export function isColor(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && colorPattern.test(value);
}

/**
 * Returns the custom properties of the style sheet for these colours. The colour of texts on each is black or white, whichever
 * is easier to read; the browser computes it from the lightness.
 */
export function themeVariables(colors: ThemeColors): [name: string, value: string][] {
  return Object.entries(colors).flatMap(([name, value]): [string, string][] =>
    isColor(value)
      ? [
          [`--color-${name}`, value],
          [`--color-${name}-content`, `oklch(from ${value} clamp(0, (0.68 - l) * 1000, 1) 0 0)`],
        ]
      : [],
  );
}
