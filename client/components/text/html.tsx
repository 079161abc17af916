import type { ComponentChildren } from 'preact';
import { markup } from '../markup.tsx';
import type { ElementProps } from '../types.ts';

export function Html({ props, own }: ElementProps<'html'>): ComponentChildren {
  return <div {...own.whole('edgewise-html')}>{markup(props.content)}</div>;
}
