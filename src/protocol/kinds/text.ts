import type { Traits } from './kind.ts';

/** Elements that a person reads, looks at or follows. */
export interface TextKinds {
  label: { readonly text: string };
  link: { readonly text: string; readonly href: string; readonly target?: string };
  image: { readonly src: string; readonly alt: string };
  /** `lines` has the newest `max` lines; `total` counts all lines ever pushed. */
  log: { readonly lines: readonly string[]; readonly max: number; readonly total: number };
}

export const textTraits: Traits<TextKinds> = {
  label: { core: true },
  link: { core: true },
  image: { core: true },
  log: { texts: ({ lines }) => lines },
};
