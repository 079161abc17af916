import { type FeedbackKinds, feedbackRules } from './feedback.ts';
import { type InputKinds, inputRules } from './inputs.ts';
import type { CommonProps, KindRule } from './kind.ts';
import { type LayoutKinds, layoutRules } from './layout.ts';
import { type OverlayKinds, overlayRules } from './overlays.ts';
import type { PageKinds } from './page.ts';
import type { TextKinds } from './text.ts';

export type { NotificationType } from './feedback.ts';
export type { CommonProps, EventSpec, KindRule, KindTraits } from './kind.ts';

/** Own props of each kind. The server's element and the client's component share this table; a kind without either does not compile. */
export interface KindProps extends PageKinds, TextKinds, InputKinds, LayoutKinds, FeedbackKinds, OverlayKinds {}

/** Name of a kind of element: `button`, `label`. */
export type Kind = keyof KindProps;
export type PropsOf<K extends Kind> = KindProps[K] & CommonProps;

const rules: { readonly [kind: string]: KindRule<never> | undefined } = {
  ...inputRules,
  ...layoutRules,
  ...feedbackRules,
  ...overlayRules,
};

/** Returns the events that the component of a kind itself sends; none when the table lacks the kind. */
export function ruleOf(kind: string): KindRule<never> {
  return (Object.hasOwn(rules, kind) && rules[kind]) || {};
}

/** Returns true for a prop that the user also writes, such as the value of an input. */
export function isTwoWay(kind: string, prop: string): boolean {
  return ruleOf(kind).writes?.includes(prop) === true;
}
