import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** The browser's own rule has the role `separator`; only its direction has to be said. */
export function Separator({ props, own }: ElementProps<'separator'>): ComponentChildren {
  const { vertical } = props;
  const line = vertical ? 'h-auto min-h-4 self-stretch border-0 border-l' : 'w-full border-0 border-t';
  return <hr aria-orientation={vertical ? 'vertical' : undefined} {...own.whole(`${line} border-base-content/20`)} />;
}
