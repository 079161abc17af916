import type { ComponentChildren } from 'preact';

/** Shows an icon as a mask in the colour of the text. It is decoration: the text beside it, or a label, names the thing. */
export function icon(name: string | undefined): ComponentChildren {
  return name ? <span aria-hidden="true" class={`iconify lucide--${name} shrink-0`} /> : null;
}
