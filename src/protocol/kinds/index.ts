import { type FeedbackKinds, feedbackRules } from './feedback.ts';
import { type InputKinds, inputRules } from './inputs.ts';
import type { Check as CheckOf, CommonProps, KindRule as RuleOf } from './kind.ts';
import { type LayoutKinds, layoutRules } from './layout.ts';
import { type PageKinds, pageRules } from './page.ts';
import { type TextKinds, textRules } from './text.ts';

export type { NotificationType } from './feedback.ts';
export type { CommonProps, EventSpec, KindTraits } from './kind.ts';

/** Own props of each kind. One table binds the server's element and the client's component: a kind without either does not compile. */
export interface KindProps extends PageKinds, TextKinds, InputKinds, LayoutKinds, FeedbackKinds {}

export type Kind = keyof KindProps;
export type PropsOf<K extends Kind> = KindProps[K] & CommonProps;
export type Check<K extends Kind> = CheckOf<KindProps[K]>;
export type KindRule<K extends Kind> = RuleOf<KindProps[K]>;

/** The rules of every kind, for both sides. */
export const kindRules: { readonly [K in Kind]: KindRule<K> } = {
  ...pageRules,
  ...textRules,
  ...inputRules,
  ...layoutRules,
  ...feedbackRules,
};

/** True for a prop that the user writes too, such as the value of an input. */
export function isTwoWay(kind: Kind, prop: string): boolean {
  const { writes } = kindRules[kind];
  for (const event in writes) if (writes[event] === prop) return true;
  return false;
}

/** True for the name of a kind of the table; guards against `__proto__` and the like. */
export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(kindRules, kind);
}
