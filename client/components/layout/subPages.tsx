import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function SubPages({ own, children }: ElementProps<'subPages'>): ComponentChildren {
  return <div {...own.whole('edgewise-column')}>{children}</div>;
}
