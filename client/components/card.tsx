import type { ComponentChildren } from 'preact';
import type { Shown } from './shown.ts';

export function Card({ own, children }: Shown<'card'>): ComponentChildren {
  return <div {...own.whole('card edgewise-card bg-base-100 shadow')}>{children}</div>;
}
