import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Row({ own, children }: ElementProps<'row'>): ComponentChildren {
  return <div {...own.whole('edgewise-row')}>{children}</div>;
}
