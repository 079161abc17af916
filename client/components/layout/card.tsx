import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Card({ props, own, children }: ElementProps<'card'>): ComponentChildren {
  const tight = props.tight ? ' edgewise-tight' : '';
  return <div {...own.whole(`card edgewise-card bg-base-100 shadow${tight}`)}>{children}</div>;
}
