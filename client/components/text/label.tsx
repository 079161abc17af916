import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** A line of text. Empty text renders nothing, because the server's HTML has no text node for it and takeover adds none. */
export function Label({ props, own }: ElementProps<'label'>): ComponentChildren {
  return <div {...own.whole('edgewise-label')}>{props.text || null}</div>;
}
