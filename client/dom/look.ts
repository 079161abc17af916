import type { Look } from '../../src/protocol/index.ts';

/**
 * Returns the classes of a daisyUI component in a variant, a colour and a size: `btn btn-outline btn-error btn-sm`.
 * `client/styles.css` lists the components whose classes are made here, because Tailwind cannot find composed names.
 */
export function look(
  base: string,
  { variant, color, size, round, block, text, icon }: Look & { readonly text?: string },
): string {
  const classes = [base];
  if (variant && variant !== 'solid') classes.push(`${base}-${variant}`);
  if (color) classes.push(`${base}-${themeColor(color)}`);
  if (size && size !== 'md') classes.push(`${base}-${size}`);
  if (round) classes.push(icon && !text ? `${base}-circle` : 'rounded-full');
  if (block) classes.push('w-full');
  return classes.join(' ');
}

/** Returns daisyUI's name of a colour. */
export function themeColor(color: string): string {
  return color === 'positive' ? 'success' : color === 'negative' ? 'error' : color;
}
