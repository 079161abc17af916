import type { Json, JsonObject } from '../json.ts';

/** The options of a listener in the browser; `1` stands for none. Modifiers are part of the event's name (`keydown.enter.prevent`). */
export type EventSpec =
  | 1
  | {
      readonly throttle?: number;
      readonly debounce?: number;
      readonly leading?: boolean;
      readonly trailing?: boolean;
      readonly args?: readonly string[];
    };

/** The props of every kind. */
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

/** Returns the reason why a value does not fit the rendered element, or undefined when it fits. */
export type Check<Props> = (value: Json | undefined, props: Props & CommonProps) => string | undefined;

/** The events that the component of a kind itself sends. */
export interface KindRule<Props> {
  /** Two-way props: an event with the prop's name carries the user's value. The session sets it before any handler runs. */
  readonly writes?: readonly (string & keyof Props)[];
  /** Further events that it sends without an author's listener. */
  readonly events?: readonly string[];
  /** True for a part of the element around it, which stands beside that element in the document. */
  readonly attached?: boolean;
}

/** The rules of a family of kinds. A kind has none when its component itself sends no event. */
export type Rules<Family> = { readonly [K in keyof Family]?: KindRule<Family[K]> };

/** The traits of a kind for the session, the test kit and the generator of lists. No browser loads them. */
export interface KindTraits<Props> {
  /** The checks of the values of events that the kind's rule names. The session refuses an event without a check. */
  readonly checks?: { readonly [event: string]: Check<Props> };
  /** True includes the component in the page's first script. Otherwise a page loads it on first use. @default false */
  readonly core?: boolean;
  /** The reason why `src/elements/<family>/` has no file of the kind's name. @default undefined: there is one */
  readonly internal?: string;
  /** False for a kind that no person can see. @default true */
  readonly visible?: boolean;
  /** Returns the texts by which a person names the element. @default its `text`, `label`, `placeholder` and `alt` */
  readonly texts?: (props: Props) => readonly (string | undefined)[];
  /** Returns whether a person can see the child at an index. @default every child */
  readonly reveals?: (props: Props, index: number) => boolean;
  /** Returns the event that a click sends, for a kind with its own click event. @default the listeners of `click` */
  readonly click?: (props: Props) => readonly [event: string, value?: Json];
  /** Returns the choices of a person, each with the value that the component then sends. @default nothing */
  readonly choices?: (props: Props) => readonly { readonly value: Json; readonly text: string }[];
  /**
   * Props that speak of the functions of the handler that built the element, such as buttons. The session does not store them, so
   * they are gone with the functions, and it does not advise the author about it.
   *
   * @default none: the author hears that the functions are lost when the server restarts
   */
  readonly passing?: readonly (string & keyof Props)[];
  /** True when a person types the `value`, so a test can find the element by it. @default false */
  readonly typed?: boolean;
}

/** The traits of a family of kinds. A kind without an entry does not compile. */
export type Traits<Family> = { readonly [K in keyof Family]: KindTraits<Family[K]> };

/** Accepts an event without a value. */
export const noValue = (value: Json | undefined): string | undefined =>
  value === undefined || value === null ? undefined : 'the event carries no value';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
