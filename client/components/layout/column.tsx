import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Column({ own, children }: ElementProps<'column'>): ComponentChildren {
  return <div {...own.whole('edgewise-column')}>{children}</div>;
}
