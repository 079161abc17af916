import type { Props } from '../frames.ts';
import { feedbackTraits } from './feedback.ts';
import type { Kind } from './index.ts';
import { inputTraits } from './inputs.ts';
import type { KindTraits } from './kind.ts';
import { layoutTraits } from './layout.ts';
import { overlayTraits } from './overlays.ts';
import { pageTraits } from './page.ts';
import { textTraits } from './text.ts';

/** The traits of all kinds by family. A family's name is also that of its folders in `src/elements` and `client/components`. */
export const families = {
  page: pageTraits,
  text: textTraits,
  inputs: inputTraits,
  layout: layoutTraits,
  feedback: feedbackTraits,
  overlays: overlayTraits,
};

/** Called with the props of the node at hand, which are those of its kind. */
const traits: { readonly [kind: string]: KindTraits<Props> } = /* @__PURE__ */ Object.assign(
  {},
  pageTraits,
  textTraits,
  inputTraits,
  layoutTraits,
  feedbackTraits,
  overlayTraits,
);

/** Returns the traits of a kind; none for one that is not in the table. */
export function traitsOf(kind: string): KindTraits<Props> {
  return (Object.hasOwn(traits, kind) && traits[kind]) || {};
}

/** The names of all kinds. */
export function kindNames(): Kind[] {
  return Object.keys(traits) as Kind[];
}

/** True for the name of a kind of the table; guards against `__proto__` and the like. */
export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(traits, kind);
}
