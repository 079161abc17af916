import type { ComponentChildren } from 'preact';
import type { ElementProps } from '../types.ts';

/** Whole class names, because Tailwind finds them by reading this file. */
const sizes = { xs: 'loading-xs', sm: 'loading-sm', md: 'loading-md', lg: 'loading-lg', xl: 'loading-xl' };

export function Spinner({ props, own }: ElementProps<'spinner'>): ComponentChildren {
  const { size = 'md', label = 'Loading' } = props;
  return <span role="status" aria-label={label} {...own.whole(`loading loading-spinner ${sizes[size]}`)} />;
}
