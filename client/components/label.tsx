import type { ComponentChildren } from 'preact';
import type { Shown } from './shown.ts';

/** Empty text is nothing at all: in HTML it would be no text node, and takeover adds none. */
export function Label({ props, own }: Shown<'label'>): ComponentChildren {
  return <div {...own.whole('edgewise-label')}>{props.text || null}</div>;
}
