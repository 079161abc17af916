import type { Json } from '../json.ts';

/** How a listener wants the browser to treat its event; `1` is plainly. Modifiers are part of the event's name (`keydown.enter.prevent`). */
export type EventSpec =
  | 1
  | { readonly throttle?: number; readonly debounce?: number; readonly args?: readonly string[] };

/** Props every kind has. */
export interface CommonProps {
  readonly class?: string;
  readonly style?: string;
  /** True hides the element and refuses its events. */
  readonly hidden?: boolean;
  /** True disables the element and refuses its events. */
  readonly disabled?: boolean;
  /** True while a handler of the element runs; shown as aria-busy. */
  readonly busy?: boolean;
  /** HTML attributes set by `.props()`. */
  readonly attrs?: { readonly [name: string]: string | number | boolean };
  /** Events the session listens to, by name with modifiers. */
  readonly on?: { readonly [event: string]: EventSpec };
}

/** Returns why a value does not fit what was rendered, or nothing when it fits. */
export type Check<Props> = (value: Json | undefined, props: Props & CommonProps) => string | undefined;

/** What the component of a kind sends of itself. Both sides have these rules at run time, so they are short. */
export interface KindRule<Props> {
  /** Two-way props: an event of the prop's name carries the user's value. It is set before any handler runs. */
  readonly writes?: readonly (string & keyof Props)[];
  /** Further events that it sends although no author listens. */
  readonly events?: readonly string[];
}

/** The rules of a family of kinds. A kind whose component sends nothing of itself has none. */
export type Rules<Family> = { readonly [K in keyof Family]?: KindRule<Family[K]> };

/** What the session, the test kit and the generator of lists know of a kind. No browser loads it. */
export interface KindTraits<Props> {
  /** Decides about the value of each event that the kind's rule names. An event without a check is refused. */
  readonly checks?: { readonly [event: string]: Check<Props> };
  /** True puts the component into the page's first script; otherwise a page loads it on first use. @default false */
  readonly core?: boolean;
  /** Why `src/elements/<family>/` has no file of the kind's name. @default undefined: there is one */
  readonly internal?: string;
  /** False for what no person can see. @default true */
  readonly visible?: boolean;
  /** Returns the texts by which a person names the element. @default its `text`, `label`, `placeholder` and `alt` */
  readonly texts?: (props: Props) => readonly (string | undefined)[];
  /** Returns whether a person can see the child at an index. @default every child */
  readonly reveals?: (props: Props, index: number) => boolean;
  /** What clicking it sends, where that is an event of the kind itself. @default the listeners of `click` */
  readonly click?: (props: Props) => readonly [event: string, value?: Json];
  /** Returns what a person can choose, with the value that the component then sends. @default nothing */
  readonly choices?: (props: Props) => readonly { readonly value: string; readonly text: string }[];
  /** True when a person types the `value`: a test finds the element by it, too. @default false */
  readonly typed?: boolean;
}

/** The traits of a family of kinds: one entry for each, so that none can be forgotten. */
export type Traits<Family> = { readonly [K in keyof Family]: KindTraits<Family[K]> };

/** Accepts an event without a value. */
export const noValue = (value: Json | undefined): string | undefined =>
  value === undefined || value === null ? undefined : 'the event carries no value';
