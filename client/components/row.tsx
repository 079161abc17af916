import type { ComponentChildren } from 'preact';
import type { Shown } from './shown.ts';

export function Row({ own, children }: Shown<'row'>): ComponentChildren {
  return <div {...own.whole('edgewise-row')}>{children}</div>;
}
