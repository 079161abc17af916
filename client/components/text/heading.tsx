import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Heading({ props, own }: ElementProps<'heading'>): ComponentChildren {
  const Tag = `h${props.level}` as 'h1';
  return <Tag {...own.whole(`edgewise-h${props.level}`)}>{props.text || null}</Tag>;
}
