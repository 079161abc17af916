import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function ButtonGroup({ own, props, children }: ElementProps<'buttonGroup'>): ComponentChildren {
  return (
    <div role="group" aria-label={props.label} {...own.whole('edgewise-joined')}>
      {children}
    </div>
  );
}
