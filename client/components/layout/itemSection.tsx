import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function ItemSection({ props, own, children }: ElementProps<'itemSection'>): ComponentChildren {
  return <div {...own.whole(props.side ? 'edgewise-item-side' : 'edgewise-item-main')}>{children}</div>;
}
