import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function Sortable({ props, own, children }: ElementProps<'sortable'>): ComponentChildren {
  return (
    <div role="list" aria-label={props.label} {...own.whole('edgewise-sortable')}>
      {children}
    </div>
  );
}
