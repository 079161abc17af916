import type { ChartKinds } from './charts.ts';
import { type DataKinds, dataRules } from './data.ts';
import { type FeedbackKinds, feedbackRules } from './feedback.ts';
import { type InputKinds, inputRules } from './inputs.ts';
import type { CommonProps, KindRule } from './kind.ts';
import { type LayoutKinds, layoutRules } from './layout.ts';
import { type LibraryKinds, libraryRules } from './libraries.ts';
import { type MediaKinds, mediaRules } from './media.ts';
import { type OverlayKinds, overlayRules } from './overlays.ts';
import { type PageKinds, pageRules } from './page.ts';
import { type ShellKinds, shellRules } from './shell.ts';
import type { TextKinds } from './text.ts';

export type { Series } from './charts.ts';
export type { Align, TreeItem } from './data.ts';
export type { NotificationPosition, NotificationType } from './feedback.ts';
export type { Choice, Field, Labelled, Option } from './field.ts';
export type { EditorTool } from './inputs.ts';
export type { CommonProps, EventSpec, KindRule, KindTraits } from './kind.ts';
export type { Columns, Panel } from './layout.ts';
export type { LatLng, MapShape } from './libraries.ts';
export type { Color, Look, Size, Variant } from './look.ts';
export type { UploadItem } from './media.ts';
export type { StickyPosition } from './shell.ts';

/** Own props of each kind. The server's element and the client's component share this table; a kind without either does not compile. */
export interface KindProps
  extends PageKinds,
    TextKinds,
    InputKinds,
    LayoutKinds,
    LibraryKinds,
    DataKinds,
    ChartKinds,
    FeedbackKinds,
    MediaKinds,
    OverlayKinds,
    ShellKinds {}

/** Name of a kind of element: `button`, `label`. */
export type Kind = keyof KindProps;
export type PropsOf<K extends Kind> = KindProps[K] & CommonProps;

const rules: { readonly [kind: string]: KindRule<never> | undefined } = {
  ...inputRules,
  ...layoutRules,
  ...libraryRules,
  ...dataRules,
  ...feedbackRules,
  ...mediaRules,
  ...overlayRules,
  ...shellRules,
  ...pageRules,
};

/** Returns the events that the component of a kind itself sends; none when the table lacks the kind. */
export function ruleOf(kind: string): KindRule<never> {
  return (Object.hasOwn(rules, kind) && rules[kind]) || {};
}

/** Returns true for a prop that the user also writes, such as the value of an input. */
export function isTwoWay(kind: string, prop: string): boolean {
  return ruleOf(kind).writes?.includes(prop) === true;
}
