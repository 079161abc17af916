import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** An `hr` element, which has the role `separator`. Only a vertical one needs `aria-orientation`. */
export function Separator({ props, own }: ElementProps<'separator'>): ComponentChildren {
  const { vertical } = props;
  const line = vertical ? 'h-auto min-h-4 self-stretch border-0 border-l' : 'w-full border-0 border-t';
  return <hr aria-orientation={vertical ? 'vertical' : undefined} {...own.whole(`${line} border-base-content/20`)} />;
}
