import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function CardActions({ own, children }: ElementProps<'cardActions'>): ComponentChildren {
  return <div {...own.whole('edgewise-card-actions')}>{children}</div>;
}
