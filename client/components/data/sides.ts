import type { Align } from '../../../src/protocol/index.ts';

/** Whole class names, since Tailwind finds them by reading this file. */
export const sides: { readonly [A in Align]: string } = {
  left: 'text-left',
  center: 'text-center',
  right: 'text-right',
};
