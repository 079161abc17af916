import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** A group without an element of its own. Its children take its position. While hidden, it shows none of them. */
export function Fragment({ props, children }: ElementProps<'fragment'>): ComponentChildren {
  return props.hidden ? null : children;
}
