import type { ComponentChildren } from 'preact';
import type { Shown } from './shown.ts';

/** Only groups: its children stand where it stands. Hidden, it shows none of them. */
export function FragmentGroup({ props, children }: Shown<'fragment'>): ComponentChildren {
  return props.hidden ? null : children;
}
