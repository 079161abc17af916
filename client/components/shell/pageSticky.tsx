import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function PageSticky({ props, own, children }: ElementProps<'pageSticky'>): ComponentChildren {
  const { position, x = 0, y = 0 } = props;
  const { style, ...outer } = own.whole('edgewise-sticky');
  return (
    <div data-position={position} {...outer} style={`--x:${x}px;--y:${y}px;${style ?? ''}`}>
      {children}
    </div>
  );
}
