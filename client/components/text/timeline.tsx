import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Timeline({ own, children }: ElementProps<'timeline'>): ComponentChildren {
  return <ol {...own.whole('edgewise-timeline')}>{children}</ol>;
}
