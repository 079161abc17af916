import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** Only groups: its children stand where it stands. Hidden, it shows none of them. */
export function Fragment({ props, children }: ElementProps<'fragment'>): ComponentChildren {
  return props.hidden ? null : children;
}
