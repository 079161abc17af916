import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Markdown({ own, children }: ElementProps<'markdown'>): ComponentChildren {
  return <div {...own.whole('edgewise-markdown')}>{children}</div>;
}
