import type { ComponentChildren } from 'preact';
import type { Shown } from './shown.ts';

export function Column({ own, children }: Shown<'column'>): ComponentChildren {
  return <div {...own.whole('edgewise-column')}>{children}</div>;
}
