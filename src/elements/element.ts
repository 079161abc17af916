import {
  type CommonProps,
  type EventSpec,
  isSecret,
  type Json,
  type JsonObject,
  type Kind,
  type Props,
  type PropsOf,
  ruleOf,
} from '../protocol/index.ts';
import {
  effect,
  isStoredElsewhere,
  type MaybeReactive,
  notReadingOnce,
  read,
  Signal,
  State,
  unrecordedInto,
  untracked,
} from '../reactive/index.ts';
import { oneOf, type Source } from '../tasks/index.ts';
import {
  channelOf,
  describe,
  type Listener,
  type Slot,
  slot,
  type Tree,
  type TreeNode,
  type WhileRunning,
} from '../tree/index.ts';
import type { ScrollOptions } from './browser.ts';
import { checkBuild } from './build-given.ts';
import { firstOf } from './first.ts';
import { type LookOptions, lookProps } from './look.ts';
import { adviseKey } from './loops.ts';
import { type PageHost, pageHost } from './page-host.ts';
import { textOf } from './text-of.ts';

/** An event, as a handler receives it. */
export interface UiEvent<E = Element> {
  /** Name with modifiers, as given to `on`. */
  readonly type: string;
  /** The new value, for events that carry one. For `on` with `args`, the chosen fields of the browser's event. */
  readonly value: Json | undefined;
  /** The element that the event belongs to. */
  readonly sender: E;
}

/** An author's function for an event. An async function does not delay other events. */
export type Handler<E = Element> = (event: UiEvent<E>) => unknown;

/** Options of `element.on`. */
export interface ListenOptions {
  /** Fields of the browser's event to send along, such as `['key', 'clientX']`. @default none */
  readonly args?: readonly string[];
  /** Minimum of milliseconds between two events. The last event always arrives. @default 0 */
  readonly throttle?: number;
  /** Milliseconds of quiet before the event is sent. @default 0 */
  readonly debounce?: number;
  /** False does not send the first event of a pause at once. @default true with `throttle`, false with `debounce` */
  readonly leading?: boolean;
  /** False does not send the last event of a pause at its end. @default true */
  readonly trailing?: boolean;
  /** Policy for a second event while the handler runs. @default 'parallel' */
  readonly whileRunning?: WhileRunning;
}

/** Options of every element; its own options extend them. */
export interface ElementOptions {
  /**
   * Identifies the element among those of its kind in the same parent. The user's values, durable values, clicks on their way and
   * waiting handlers follow the key. Set it on elements that a loop makes. When a label changes, set the old label as the key.
   * @default its label, when that is a plain text; otherwise the number of earlier elements of the kind
   */
  readonly key?: string | number;
}

/**
 * A part of a page. Every element has classes, style, HTML attributes, events, visibility and children; each setter takes a
 * value, a signal or a function that computes the value.
 */
export class Element {
  /**
   * The element's node in the page's tree.
   * @internal
   */
  readonly node: TreeNode;
  readonly #host: PageHost;
  /** The arguments of all calls of `classes`, from the first signal or function on. */
  #classes: MaybeReactive<string>[] | undefined;
  /** The arguments of all calls of `props`, from the first signal or function on. */
  #attributes: Record<string, MaybeReactive<Json>> | undefined;
  /** What handlers have added to classes and attributes that the page function has bound. A rebuild binds these again. */
  #addedClasses: State<string> | undefined;
  #addedAttributes: State<JsonObject> | undefined;
  #tooltip: TextElement | undefined;

  /**
   * The page's tree, through which the element reads and changes its node.
   * @internal
   */
  protected get tree(): Tree {
    return this.#host.tree;
  }

  /**
   * Makes the element in the slot of the code that runs.
   *
   * @param label the constant text of the element, when it distinguishes the element from others.
   * @internal
   */
  constructor(kind: Kind, props: Props, options: ElementOptions & LookOptions = noOptions, label = '') {
    const what = `ui.${kind}`;
    this.#host = pageHost.require(what);
    const { key } = options;
    const looks = options === noOptions ? none : looksOf(options);
    const all = looks.length === 0 ? { ...props } : { ...props, ...fixedLook(options, looks) };
    this.node = this.#host.tree.create(slot.require(what), kind, all, { key, label });
    for (const name of looks) {
      const value = options[name];
      if (isReactive(value)) this.bind(name, value as MaybeReactive<never>, lookProps[name]);
    }
  }

  /**
   * Returns a prop as the running code may see it. A replayed handler gets the recorded value. A function that computes something
   * from it follows the prop.
   * @internal
   */
  protected get<T extends Json>(prop: string): T {
    return this.tree.followed(this.node, prop) as T;
  }

  /**
   * Adds CSS classes, such as those of Tailwind and daisyUI.
   *
   * @example
   * ui.label('Total').classes('text-xl font-semibold').classes(() => (total.value < 0 ? 'text-error' : ''));
   */
  classes(classes: MaybeReactive<string>): this {
    const before = (this.tree.known(this.node, 'class') as string | undefined) ?? '';
    const added = this.#addedClasses;
    if (typeof classes === 'string' && !this.#classes) return this.bind('class', joined(before, classes));
    if (typeof classes === 'string' && added && !this.tree.constructing) {
      added.value = joined(added.value, classes);
      return this;
    }
    this.#classes ??= [before];
    this.#addedClasses ??= this.#added('~classes', '');
    const all = [...this.#classes, classes];
    this.#classes = all;
    return this.bind('class', () => [...all, this.#addedClasses ?? ''].map(read).filter(Boolean).join(' '));
  }

  /** Makes a durable signal for what handlers add to a prop that follows something. */
  #added<T>(name: string, initial: T): State<T> | undefined {
    const { node, tree } = this;
    if (!tree.constructing || node.dynamic) return undefined;
    return this.#host.state({ node, structural: true }, initial, name);
  }

  /**
   * Sets CSS declarations. They replace the declarations of earlier calls.
   *
   * @example
   * ui.card().style('width: 24rem');
   */
  style(style: MaybeReactive<string>): this {
    return this.bind('style', style);
  }

  /**
   * Sets HTML attributes. Attributes of earlier calls stay.
   *
   * @example
   * ui.button('✕', close).props({ 'aria-label': 'Close', title: 'Close' });
   *
   * @throws {TypeError} for an attribute that is code, such as `onclick`: use {@link Element.on}.
   */
  props(attributes: Readonly<Record<string, MaybeReactive<string | number | boolean>>>): this {
    for (const name of Object.keys(attributes)) {
      if (/^on/i.test(name))
        throw new TypeError(`The attribute ${name} is code. Use .on('${name.slice(2)}', …) instead.`);
    }
    const all = { ...(this.#attributes ?? (this.tree.known(this.node, 'attrs') as JsonObject)), ...attributes };
    const follows = Object.values(attributes).some(isReactive);
    if (!this.#attributes && !follows) return this.bind('attrs', all as JsonObject);
    const added = this.#addedAttributes;
    if (!follows && added && !this.tree.constructing) {
      added.value = { ...added.value, ...(attributes as JsonObject) };
      return this;
    }
    this.#attributes = all as Record<string, MaybeReactive<Json>>;
    this.#addedAttributes ??= this.#added('~attributes', {});
    return this.bind('attrs', () => ({
      ...Object.fromEntries(Object.entries(all).map(([name, value]) => [name, read(value) as Json])),
      ...this.#addedAttributes?.value,
    }));
  }

  /**
   * Calls the handler when the browser's event happens. Modifiers after dots narrow the event: `keydown.enter`, `click.ctrl`,
   * `submit.prevent`.
   *
   * @throws {TypeError} for an event or options that would send nothing, or options that need a pause and have none.
   *
   * @example
   * ui.card().on('mousemove', ({ value }) => log.push(value), { args: ['clientX'], throttle: 100 });
   */
  on(event: string, handler: Handler<this>, options: ListenOptions = {}): this {
    const { whileRunning = 'parallel' } = options;
    const spec = specOf(event, options);
    const { node, tree } = this;
    if (!isSent(node.kind, event))
      tree.set(node, 'on', { ...(tree.known(node, 'on') as JsonObject), [event]: spec as Json }, 'passing');
    this.listen(event, handler, whileRunning);
    return this;
  }

  /**
   * Listens to an event that the component itself sends, such as a changed value.
   * @internal
   */
  protected listen(
    event: string,
    handler: Handler<this>,
    whileRunning: WhileRunning,
    author: Listener['author'] = handler,
  ): void {
    const expected = checkPolicy(whileRunning);
    if (expected) {
      throw new TypeError(
        `whileRunning of a ${this.node.kind} must be ${expected}; it was given ${JSON.stringify(whileRunning)}.`,
      );
    }
    const listener = {
      hear: (value: Json | undefined, type: string) => handler({ type, value, sender: this }),
      whileRunning,
      author,
      direct: author === handler,
    };
    this.tree.listen(this.node, event, listener);
    const { kind } = this.node;
    if (!this.tree.constructing)
      this.tree.own(
        this.node,
        this.#host.holdAwake(this.node, `A handler was attached to a ${kind} that a handler built.`),
      );
    else if (this.#host.development && !this.tree.isDryRun) adviseKey(this.#host, this.node);
  }

  /**
   * Returns an event of the element as a source to wait for. The browser sends the event until the wait ends.
   * @internal
   */
  protected source(event: string): Source {
    const { node } = this;
    const there = node.alive;
    if (isSent(node.kind, event)) return { channel: channelOf(node.key, event), there, close() {} };
    const listen = (on: JsonObject | undefined) => this.tree.set(node, 'on', on, 'passing');
    const before = (this.tree.known(node, 'on') as JsonObject | undefined) ?? {};
    if (!Object.hasOwn(before, event)) listen({ ...before, [event]: 1 });
    const close = () => {
      if (node.listeners?.has(event) || this.awaited(event)) return;
      const { [event]: _, ...others } = this.get<JsonObject>('on') ?? {};
      // Without an event there is no prop: a page that is built again has none either.
      listen(Object.keys(others).length > 0 ? others : undefined);
    };
    return { channel: channelOf(node.key, event), there, close };
  }

  /**
   * Returns true when a handler waits for an event of the element.
   * @internal
   */
  protected awaited(event: string): boolean {
    return this.#host.awaits(this.node, event);
  }

  /**
   * Resolves the waits of all handlers for an event of the element.
   * @internal
   */
  protected answer(event: string, value: unknown): void {
    this.#host.answer(this.node, event, value);
  }

  /** False hides the element with its children, and refuses their events. @default true */
  get visible(): boolean {
    return !this.get('hidden');
  }

  set visible(visible: MaybeReactive<boolean>) {
    this.bind('hidden', visible, (value) => (value ? undefined : true));
  }

  /** False refuses the element's events and shows it as disabled. @default true */
  get enabled(): boolean {
    return !this.get('disabled');
  }

  set enabled(enabled: MaybeReactive<boolean>) {
    this.bind('disabled', enabled, (value) => (value ? undefined : true));
  }

  /**
   * Shows the element while the condition is true. A hidden element exists; `ui.show` makes and removes elements.
   *
   * @example
   * ui.spinner().show(report.running);
   */
  show(visible: MaybeReactive<boolean>): this {
    this.visible = visible;
    return this;
  }

  /**
   * Enables the element while the condition is true.
   *
   * @example
   * ui.button('Save', save).enable(() => name.value !== '');
   */
  enable(enabled: MaybeReactive<boolean>): this {
    this.enabled = enabled;
    return this;
  }

  /**
   * Explains the element by a text that shows while the pointer or the focus is on it. `ui.tooltip` inside of the element does the
   * same, and takes elements.
   *
   * @example
   * ui.button('', remove, { icon: 'delete' }).tooltip('Deletes it for all members');
   */
  tooltip(text: MaybeReactive<string | number>): this {
    if (this.#tooltip?.node.alive) {
      this.#tooltip.text = text;
      return this;
    }
    return this.add(() => {
      this.#tooltip = new TextElement('tooltip', text, {});
    });
  }

  /** Moves the focus to the element, or to the first thing in it that takes the focus. */
  focus(): void {
    this.call('focus');
  }

  /** Scrolls the page until the element is visible. */
  scrollIntoView({ smooth = false }: ScrollOptions = {}): void {
    this.call('scrollIntoView', smooth);
  }

  /** Removes all children of the element, and all lines of a log. What the page function made there does not come back. */
  clear(): void {
    this.tree.clear(this.node, false);
  }

  /** Removes the element with its children. Later writes to it have no effect. */
  delete(): void {
    this.tree.remove(this.node, false);
  }

  /**
   * Runs `build` and appends the elements that it makes to this element.
   *
   * @example
   * const list = ui.column();
   * ui.button('More', () => list.add(() => ui.label('one more')));
   */
  add(build: () => void): this {
    checkBuild(`ui.${this.node.kind}`, build);
    const around = slot.get();
    const structural = this.tree.constructing && around?.structural === true;
    const { node, tree } = this;
    if (!node.alive && around?.node.alive && !tree.constructing && !tree.replaying)
      this.#host.advise(`A handler added elements to a ${node.kind} that has been removed: nobody sees them.`);
    const result: unknown = slot.run({ node: this.node, structural } satisfies Slot, build);
    if (result instanceof Promise) this.#host.fill(this.node, structural, result);
    return this;
  }

  /**
   * Sets a prop to a value, or binds it to a signal or a function, which sets it now and after each change.
   *
   * @param follows true for a signal that stores the user's value.
   * @internal
   */
  protected bind<T>(prop: string, source: MaybeReactive<T>, convert?: (value: T) => unknown, follows = false): this {
    const to = (value: T) => (convert ? convert(value) : value) as Json | undefined;
    bindProp(this.#host, this.node, prop, source, { to, changed: () => this.changed(prop), follows });
    return this;
  }

  /**
   * Calls `set` with the result of `compute`, now and after each change. It replaces the effect of an earlier call with that name.
   * @internal
   */
  protected track<T>(name: string, compute: () => T, set: (value: T) => void): this {
    follow(this.#host, this.node, name, compute, set);
    return this;
  }

  /**
   * Has the browser call a method of the component once. A browser that is away calls it when it returns.
   * @internal
   */
  protected call(method: string, ...args: readonly Json[]): void {
    this.tree.call(this.node, method, args);
  }

  /**
   * Runs each time after {@link Element.bind} has set a prop.
   * @internal
   */
  protected changed(_prop: string): void {}
}

/**
 * Calls `set` with the result of `compute`, now and after each change, until the node ends or another one with that name begins.
 */
function follow<T>(host: PageHost, node: TreeNode, name: string, compute: () => T, set: (value: T) => void): void {
  const byHandler = !host.tree.constructing;
  // What it follows. A page function binds again after a restart, so that only development asks.
  const found = byHandler || host.development ? new Set<Signal>() : undefined;
  const begin = () => {
    let release: (() => void) | undefined;
    let unread: (() => void) | undefined;
    const first = found ? () => unrecordedInto(found, compute) : compute;
    const end = effect(() => {
      try {
        // The function runs in the page's context, because it may read shared values, and those belong to a session.
        const now = pageHost.run(host, release ? compute : first);
        untracked(() => set(now));
        unread?.();
        unread = found?.size === 0 ? host.readNothing(`The ${name} of ${describe(node)}`, now, compute) : undefined;
      } catch (error) {
        // The effect stays active, because the function may succeed after the next change.
        untracked(() => host.report(explained(error, name, node), node));
      }
      // What follows only a job of the handler ends with it, and the handler binds it again after a restart.
      if (byHandler && found && found.size > 0)
        release ??= host.holdAwake(node, `A handler bound the ${name} of a ${node.kind} to a function or a signal.`);
    });
    if (!found) return end;
    return () => {
      release?.();
      unread?.();
      end();
    };
  };
  host.tree.bind(node, name, () => host.following(begin));
}

/** Says what the library's words for an effect that changes what it reads mean. */
function explained(error: unknown, name: string, node: TreeNode): unknown {
  if (!(error instanceof Error) || error.message !== 'Cycle detected') return error;
  const message = `Cycle detected: the ${name} of ${describe(node)} changes what it reads. Change it in a handler or a timer.`;
  return new Error(message, { cause: error });
}

/** What {@link bindProp} does with the values of a prop. */
interface Binding<T> {
  /** Converts a value to what the browser gets. */
  to(value: T): Json | undefined;
  /** Called with each value that was set. */
  changed(value: Json | undefined): void;
  /** True for a signal that stores the user's value. @default false */
  readonly follows?: boolean;
}

/** Sets a prop of a node to a value, or binds it to a signal or a function, which sets it now and after each change. */
export function bindProp<T>(
  host: PageHost,
  node: TreeNode,
  prop: string,
  source: MaybeReactive<T>,
  { to, changed, follows = false }: Binding<T>,
): void {
  const { tree } = host;
  if (!isReactive(source)) {
    tree.unbind(node, prop);
    const value = to(source as T);
    tree.set(node, prop, value, 'author');
    changed(value);
    return;
  }
  if (tree.constructing && tree.overridden(node, prop)) return;
  // A rebuild repeats the bindings of a builder, but not those of a handler, so the page stores their last value.
  const origin = tree.constructing ? (follows ? 'bound' : 'derived') : 'author';
  follow(
    host,
    node,
    prop,
    () => to(read(source)),
    (value) => {
      tree.set(node, prop, value, origin);
      changed(value);
    },
  );
}

/** An element whose main prop is a text. */
export class TextElement extends Element {
  /**
   * @param props the other props, in an object of the element's own.
   * @param named true when a constant text distinguishes the element from others.
   * @internal
   */
  constructor(
    kind: Kind,
    text: MaybeReactive<string | number>,
    props: Props,
    options: ElementOptions & LookOptions = noOptions,
    named = false,
  ) {
    const follows = isReactive(text);
    const toText = (value: unknown) => textOf(`ui.${kind}`, value);
    const first = follows ? firstOf(text, '', toText) : toText(text);
    props.text = first;
    super(kind, props, options, named && !follows ? first : '');
    if (follows) this.text = text;
  }

  /** The text of the element. Assign a signal or a function to bind it. */
  get text(): string {
    return this.get('text');
  }

  set text(text: MaybeReactive<string | number>) {
    this.bind('text', text, (value) => textOf(`ui.${this.node.kind}`, value));
  }
}

/** An element with a value that the user and the program change. */
export class ValueElement<T extends Json> extends Element {
  readonly #prop: string;
  readonly #shape: ((value: T) => T) | undefined;
  /** The signal that the value is bound to in both directions. */
  #signal: Signal<T> | undefined;

  /**
   * @param source the first value, a signal, or a function. A signal also takes the user's value. With a function, the user's
   *   value stays until the function's result changes.
   * @param shape returns a value of the author's in the form that a browser shows and sends.
   * @internal
   */
  constructor(
    kind: Kind,
    props: Props,
    source: MaybeReactive<T>,
    options?: ElementOptions,
    prop = 'value',
    shape?: (value: T) => T,
  ) {
    const first = firstOf<T, Json | undefined>(source, undefined, shape);
    super(
      kind,
      { ...props, ...(first !== undefined && { [prop]: first }) },
      options,
      String(props.label ?? props.text ?? ''),
    );
    this.#prop = prop;
    this.#shape = shape;
    if (isSecret(kind, prop, props)) this.#conceal(source);
    if (!isReactive(source)) return;
    const follows = source instanceof Signal && isWritable(source);
    if (follows) {
      this.#signal = source;
      const { node } = this;
      const stored = this.tree.value(node, prop) as T;
      const now = notReadingOnce(() => (shape ? shape(source.peek()) : source.peek()));
      // A state in a replay has its recorded value, so the user's present value must not replace it.
      const recalled = this.tree.replaying && source instanceof State;
      if (stored !== now && !recalled && !this.tree.isDryRun) {
        if (isStoredElsewhere(source)) this.tree.set(node, prop, now, 'passing');
        // The user's value is durable and this signal is not, so the user's value wins after a restart.
        else if (this.tree.prevails(node, prop, now)) {
          notReadingOnce(() => {
            source.value = stored;
          });
        }
      }
      this.listen(
        prop,
        () => {
          source.value = this.value;
        },
        'parallel',
      );
    }
    this.bind(prop, source, shape, follows);
  }

  /** Keeps a secret out of the rows of its signal, and empties the signal when the page forgets the secret. */
  #conceal(source: MaybeReactive<T>): void {
    if (source instanceof State) source.conceal();
    if (!(source instanceof Signal) || !isWritable(source) || this.tree.isDryRun) return;
    this.node.forget = () => {
      source.value = '' as T;
    };
  }

  /**
   * The value, as the user or the program set it last. Assign a signal or a function to bind it. A plain value goes to the signal
   * that the element was made with, too.
   *
   * @example
   * const name = ui.input('Name');
   * ui.button('Clear', () => {
   *   name.value = '';
   * });
   */
  get value(): T {
    return this.get(this.#prop);
  }

  set value(value: MaybeReactive<T>) {
    if (isReactive(value)) this.#signal = undefined;
    else if (this.#signal) {
      this.#signal.value = value as T;
      return;
    }
    this.bind(this.#prop, value, this.#shape);
  }

  /**
   * Calls the handler after the user has changed the value.
   *
   * @example
   * ui.select(['small', 'large']).onChange(({ value }) => ui.notify(value));
   */
  onChange(
    handler: (event: UiEvent<this> & { readonly value: T }) => unknown,
    whileRunning: WhileRunning = 'parallel',
  ): this {
    this.listen(this.#prop, (event) => handler({ ...event, value: this.value }), whileRunning, handler);
    return this;
  }
}

/** Returns classes with others behind them. A handler that adds the same ones at each click adds them once. */
function joined(before: string, added: string): string {
  if (before === '') return added.trim();
  const all = ` ${before} `;
  const fresh = added.split(' ').filter((name) => name !== '' && !all.includes(` ${name} `));
  return [before, ...fresh].join(' ');
}

/** Returns true for an event that the component sends without being asked. */
function isSent(kind: string, event: string): boolean {
  return ruleOf(kind).events?.includes(event.split('.')[0] as string) === true;
}

/** Returns the options of a listener as they travel. */
function specOf(event: string, { args, throttle, debounce, leading, trailing }: ListenOptions): EventSpec {
  if (/^on|\./.test(event)) checkName(event);
  const pauses = Boolean(throttle || debounce);
  const first = leading ?? Boolean(throttle);
  if (!pauses && (leading !== undefined || trailing !== undefined)) {
    throw new TypeError(`.on('${event}') was given leading or trailing, which need throttle or debounce.`);
  }
  if (pauses && !first && trailing === false) {
    throw new TypeError(`.on('${event}') would send nothing: set leading or trailing to true.`);
  }
  const spec = {
    ...(args && { args }),
    ...(throttle && { throttle }),
    ...(debounce && { debounce }),
    ...(leading !== undefined && { leading }),
    ...(trailing !== undefined && { trailing }),
  };
  return Object.keys(spec).length > 0 ? spec : 1;
}

/** @throws {TypeError} for a name as a property has it, and for a modifier with capitals. */
function checkName(event: string): void {
  const [name = '', ...modifiers] = event.split('.');
  const right = [
    name === 'online' ? name : name.replace(/^on(?=[a-z])/, ''),
    ...modifiers.map((each) => each.toLowerCase()),
  ];
  if (right.join('.') !== event) throw new TypeError(`.on('${event}') hears nothing: write .on('${right.join('.')}').`);
}

const checkPolicy = oneOf('parallel', 'ignore', 'queue', 'restart');

const lookNames = Object.keys(lookProps) as (keyof LookOptions)[];
const none: readonly never[] = [];
const noOptions: ElementOptions & LookOptions = {};

/** Returns the options of look that are given. Most elements have no options, and a page has many elements. */
function looksOf(options: LookOptions): readonly (keyof LookOptions)[] {
  for (const _ in options) return lookNames.filter((name) => options[name] !== undefined);
  return none;
}

/** Returns the props of the options of look that have a constant value. */
function fixedLook(options: LookOptions, names: readonly (keyof LookOptions)[]): Props {
  const props: Record<string, Json> = {};
  for (const name of names) {
    const value = options[name];
    if (isReactive(value)) continue;
    const prop = lookProps[name](value as never) as Json | undefined;
    if (prop !== undefined) props[name] = prop;
  }
  return props;
}

/** Returns true for a signal or a function in place of a value. */
export function isReactive<T>(source: MaybeReactive<T>): source is Exclude<MaybeReactive<T>, T> {
  return source instanceof Signal || typeof source === 'function';
}

function isWritable(source: Signal): boolean {
  for (let proto: object | null = Object.getPrototypeOf(source); proto; proto = Object.getPrototypeOf(proto)) {
    const value = Object.getOwnPropertyDescriptor(proto, 'value');
    if (value) return value.set !== undefined;
  }
  return false;
}

/** The props of a kind without the common ones. It checks at compile time the props that a constructor passes. */
export function own<K extends Kind>(props: Omit<PropsOf<K>, keyof CommonProps>): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Props;
}
