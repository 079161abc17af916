import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';
import { sides } from './sides.ts';

export function TableCell({ own, props, children }: ElementProps<'tableCell'>): ComponentChildren {
  const { text, align, span } = props;
  return (
    <td colSpan={span} {...own.whole(align && sides[align])}>
      {text || null}
      {children}
    </td>
  );
}
