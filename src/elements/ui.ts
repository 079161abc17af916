import type { Duration } from '../clock/index.ts';
import type { Kind } from '../protocol/index.ts';
import type { MaybeReactive, State } from '../reactive/index.ts';
import { slot } from '../tree/index.ts';
import { computed } from './computed.ts';
import type { Handler } from './element.ts';
import {
  notify,
  Progress,
  type ProgressOptions,
  Spinner,
  type SpinnerOptions,
  Timer,
  type TimerOptions,
} from './feedback.ts';
import { Checkbox, type CheckboxOptions, Input, type InputOptions, Select, type SelectOptions } from './inputs.ts';
import { named } from './job.ts';
import { JobsPanel } from './jobs.ts';
import { Container, Dialog, type DialogOptions, Tabs } from './layout.ts';
import { pageHost } from './page.ts';
import { each, region, show } from './parts.ts';
import {
  Button,
  type ButtonOptions,
  Image,
  type ImageOptions,
  Label,
  Link,
  type LinkOptions,
  Log,
  type LogOptions,
} from './text.ts';

/** All that an author calls to describe a page. Each call makes an element in the slot of the code that runs. */
export const ui = {
  label: (text: MaybeReactive<string | number>) => new Label(text),
  button: (text: MaybeReactive<string | number>, onClick?: Handler<Button>, options?: ButtonOptions) =>
    new Button(text, onClick, options),
  input: (label: string, options?: InputOptions) => new Input(label, options),
  checkbox: (text: string, options?: CheckboxOptions) => new Checkbox(text, options),
  select: (options: readonly string[] | Readonly<Record<string, string>>, settings?: SelectOptions) =>
    new Select(options, settings),
  link: (text: MaybeReactive<string | number>, href: MaybeReactive<string>, options?: LinkOptions) =>
    new Link(text, href, options),
  row: (build?: () => void) => new Container('row', build),
  column: (build?: () => void) => new Container('column', build),
  card: (build?: () => void) => new Container('card', build),
  progress: (value?: MaybeReactive<number | null>, options?: ProgressOptions) => new Progress(value, options),
  spinner: (options?: SpinnerOptions) => new Spinner(options),
  image: (src: MaybeReactive<string>, options?: ImageOptions) => new Image(src, options),
  log: (options?: LogOptions) => new Log(options),
  dialog: (build?: () => void, options?: DialogOptions) => new Dialog(build, options),
  tabs: (panels: Readonly<Record<string, () => void>>) => new Tabs(panels),
  /** Every job of the session, and the shared ones that its pages have used, live, with buttons that cancel them and start them again. */
  jobs: () => new JobsPanel(),
  /** A job that every page of the session finds again by its name: see {@link named}. */
  job: named,
  timer: (interval: Duration, tick: () => unknown, options?: TimerOptions) => new Timer(interval, tick, options),
  notify,
  each,
  show,
  region,
  /**
   * A durable signal of this page. Assign a new value (`items.value = [...items.value, item]`); changing an object in
   * place is not noticed. The value must be plain data: objects, arrays, Map, Set, Date, bytes.
   *
   * @param name keeps the value when the code around the call changes; the default counts the calls in the same place.
   */
  state: <T>(initial: T, name?: string): State<T> =>
    pageHost.require('ui.state').state(slot.require('ui.state'), initial, name),
  /**
   * Milliseconds since the epoch. Unlike `Date.now()`, a handler that is continued after a restart gets the same again, and so goes
   * the way it went before.
   */
  now: (): number => pageHost.require('ui.now').now(),
  /** A number from 0 up to, not including, 1; unlike `Math.random()`, the same again in a handler that is continued after a restart. */
  random: (): number => pageHost.require('ui.random').random(),
  /** A signal that follows others: see {@link computed}. */
  computed,
};

/** Kinds that have no function of their own on `ui`, with the reason; a kind that is in neither does not compile. */
const others = {
  root: 'every page has one',
  fragment: 'made by each, show and region',
  notification: 'made by notify',
} as const satisfies { readonly [K in Exclude<Kind, keyof typeof ui>]: string };
void others;
