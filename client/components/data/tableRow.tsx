import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function TableRow({ own, props, children }: ElementProps<'tableRow'>): ComponentChildren {
  return <tr {...own.whole(props.selected ? 'bg-base-200' : undefined)}>{children}</tr>;
}
