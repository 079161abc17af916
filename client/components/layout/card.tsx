import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Card({ own, children }: ElementProps<'card'>): ComponentChildren {
  return <div {...own.whole('card edgewise-card bg-base-100 shadow')}>{children}</div>;
}
