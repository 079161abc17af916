import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function LinkTarget({ props, own, children }: ElementProps<'linkTarget'>): ComponentChildren {
  return (
    <div {...own.whole('edgewise-column edgewise-target')} id={props.name}>
      {children}
    </div>
  );
}
