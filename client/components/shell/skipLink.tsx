import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

export function SkipLink({ props, own }: ElementProps<'skipLink'>): ComponentChildren {
  return (
    <a {...own.whole('edgewise-skip')} href={`#${props.target}`}>
      {props.text}
    </a>
  );
}
