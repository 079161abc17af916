import type { Props } from '../frames.ts';
import { chartTraits } from './charts.ts';
import { dataTraits } from './data.ts';
import { feedbackTraits } from './feedback.ts';
import type { Kind } from './index.ts';
import { inputTraits } from './inputs.ts';
import type { KindTraits } from './kind.ts';
import { layoutTraits } from './layout.ts';
import { libraryTraits } from './libraries.ts';
import { mediaTraits } from './media.ts';
import { overlayTraits } from './overlays.ts';
import { pageTraits } from './page.ts';
import { shellTraits } from './shell.ts';
import { textTraits } from './text.ts';

/** The traits of all kinds by family. The folders in `src/elements` and `client/components` have the same names. */
export const families = {
  page: pageTraits,
  text: textTraits,
  inputs: inputTraits,
  layout: layoutTraits,
  data: dataTraits,
  charts: chartTraits,
  libraries: libraryTraits,
  feedback: feedbackTraits,
  media: mediaTraits,
  overlays: overlayTraits,
  shell: shellTraits,
};

/** Traits with untyped props. Callers pass the props of a node of the kind. */
const traits: { readonly [kind: string]: KindTraits<Props> } = /* @__PURE__ */ Object.assign(
  {},
  pageTraits,
  textTraits,
  inputTraits,
  layoutTraits,
  dataTraits,
  chartTraits,
  libraryTraits,
  feedbackTraits,
  mediaTraits,
  overlayTraits,
  shellTraits,
);

/** Returns the traits of a kind, or undefined when the table lacks the kind. */
export function traitsOf(kind: string): KindTraits<Props> {
  return (Object.hasOwn(traits, kind) && traits[kind]) || {};
}

/** The names of all kinds. */
export function kindNames(): Kind[] {
  return Object.keys(traits) as Kind[];
}

/** Returns true when the table has a kind of this name. It rejects `__proto__` and the like. */
export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(traits, kind);
}
