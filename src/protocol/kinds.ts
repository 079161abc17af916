import type { Json } from './json.ts';

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

/** Own props of each kind. One table binds the server's element and the client's component: a kind without either does not compile. */
export interface KindProps {
  /** `styles` is the address of the style sheet: a new one replaces the old one without loading the page again. */
  root: { readonly title?: string; readonly lang?: string; readonly styles?: string };
  /** Groups nodes without an element of its own in the document: what `each`, `show` and `region` make. */
  fragment: object;
  label: { readonly text: string };
  button: { readonly text: string; readonly color?: string; readonly icon?: string };
  input: {
    readonly label?: string;
    readonly value: string;
    readonly placeholder?: string;
    readonly type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'tel';
    readonly maxlength?: number;
    readonly readonly?: boolean;
  };
  checkbox: { readonly text: string; readonly value: boolean };
  select: {
    readonly label?: string;
    readonly options: readonly { readonly value: string; readonly text: string }[];
    readonly value: string;
  };
  link: { readonly text: string; readonly href: string; readonly target?: string };
  row: object;
  column: object;
  card: object;
  /** `value` from 0 to 1; null while the end is not known. */
  progress: { readonly value: number | null; readonly label?: boolean };
  spinner: { readonly size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl'; readonly label?: string };
  image: { readonly src: string; readonly alt: string };
  /** `lines` keeps the newest `max`; `total` counts all lines ever pushed. */
  log: { readonly lines: readonly string[]; readonly max: number; readonly total: number };
  /** A message that shows for `timeout` milliseconds (0: until dismissed) and is then removed by its `done` event. */
  notification: { readonly text: string; readonly type: NotificationType; readonly timeout: number };
  dialog: { readonly open: boolean; readonly label?: string };
  tabs: { readonly value: string; readonly tabs: readonly { readonly value: string; readonly text: string }[] };
  /** Is not shown; runs a function on the server again and again. */
  timer: object;
}

export type NotificationType = 'info' | 'positive' | 'negative' | 'warning' | 'ongoing';
export type Kind = keyof KindProps;
export type PropsOf<K extends Kind> = KindProps[K] & CommonProps;

/** Tells why a value does not fit what was rendered, or nothing when it fits. */
export type Check<K extends Kind> = (value: Json | undefined, props: PropsOf<K>) => string | undefined;

/** What the session accepts from the browser for a kind. */
export interface KindRule<K extends Kind> {
  /** Events whose value becomes a prop: the user's half of a two-way prop. `prop` is set before any handler runs. */
  readonly writes?: { readonly [event: string]: { readonly prop: string; readonly check: Check<K> } };
  /** Events that the component itself sends although no author listens, beside `writes`. */
  readonly events?: { readonly [event: string]: Check<K> };
}

const nothing = (value: Json | undefined): string | undefined =>
  value === undefined || value === null ? undefined : 'the event carries no value';

/** The rules of every kind, for both sides. */
export const kindRules: { readonly [K in Kind]: KindRule<K> } = {
  root: {},
  fragment: {},
  label: {},
  button: {},
  input: {
    writes: {
      value: {
        prop: 'value',
        check: (value, props) => {
          if (typeof value !== 'string') return 'the value of an input is text';
          if (props.readonly) return 'the input is read-only';
          if (props.maxlength !== undefined && value.length > props.maxlength) {
            return `the input takes at most ${props.maxlength} characters, not ${value.length}`;
          }
          return undefined;
        },
      },
    },
  },
  checkbox: {
    writes: {
      value: {
        prop: 'value',
        check: (value) => (typeof value === 'boolean' ? undefined : 'the value of a checkbox is true or false'),
      },
    },
  },
  select: {
    writes: {
      value: {
        prop: 'value',
        check: (value, props) =>
          props.options.some((option) => option.value === value) ? undefined : 'the value is none of the options',
      },
    },
  },
  link: {},
  row: {},
  column: {},
  card: {},
  progress: {},
  spinner: {},
  image: {},
  log: {},
  notification: { events: { done: nothing } },
  dialog: {
    writes: {
      open: {
        prop: 'open',
        check: (value) => (value === false ? undefined : 'a browser can only close a dialog'),
      },
    },
  },
  tabs: {
    writes: {
      value: {
        prop: 'value',
        check: (value, props) =>
          props.tabs.some((tab) => tab.value === value) ? undefined : 'the value is none of the tabs',
      },
    },
  },
  timer: {},
};

/** True for a prop that the user writes too, such as the value of an input. */
export function isTwoWay(kind: Kind, prop: string): boolean {
  const { writes } = kindRules[kind];
  for (const event in writes) if (writes[event]?.prop === prop) return true;
  return false;
}

/** True for the name of a kind of the table; guards against `__proto__` and the like. */
export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(kindRules, kind);
}
