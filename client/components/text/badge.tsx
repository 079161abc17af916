import type { ComponentChildren } from 'preact';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

export function Badge({ props, own, children }: ElementProps<'badge'>): ComponentChildren {
  return (
    <span {...own.whole(look('badge', { color: 'primary', ...props }))}>
      {icon(props.icon)}
      {props.text || null}
      {children}
    </span>
  );
}
