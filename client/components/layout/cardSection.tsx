import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function CardSection({ own, children }: ElementProps<'cardSection'>): ComponentChildren {
  return <div {...own.whole('edgewise-card-section')}>{children}</div>;
}
