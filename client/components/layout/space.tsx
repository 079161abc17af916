import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Space({ own }: ElementProps<'space'>): ComponentChildren {
  return <div {...own.whole('edgewise-space')} />;
}
