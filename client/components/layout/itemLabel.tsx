import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function ItemLabel({ props, own }: ElementProps<'itemLabel'>): ComponentChildren {
  const { text, caption, header } = props;
  const look = caption ? 'edgewise-caption' : header ? 'edgewise-item-header' : 'edgewise-label';
  return <div {...own.whole(look)}>{text || null}</div>;
}
