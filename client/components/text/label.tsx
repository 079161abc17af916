import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** Empty text is nothing at all: in HTML it would be no text node, and takeover adds none. */
export function Label({ props, own }: ElementProps<'label'>): ComponentChildren {
  return <div {...own.whole('edgewise-label')}>{props.text || null}</div>;
}
