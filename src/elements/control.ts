import type { Json, Kind, Props } from '../protocol/index.ts';
import { same } from '../protocol/index.ts';
import { type MaybeReactive, notReadingOnce, type Signal, State, untracked } from '../reactive/index.ts';
import type { TreeNode } from '../tree/index.ts';
import { type ElementOptions, isReactive, ValueElement } from './element.ts';
import { firstOf } from './first.ts';
import type { LookOptions } from './look.ts';

/** What a rule says of a value: true, null or undefined when it is right; what is wrong, or false, when it is not. */
export type Verdict = boolean | string | null | undefined;

/** Checks a value. A rule that asks another service returns a promise. */
export type Rule<T> = (value: T) => Verdict | Promise<Verdict>;

/** Options of every element with a value that the user changes. */
export interface ControlOptions<T> extends ElementOptions {
  /** The first value, or a signal that the element is bound to in both directions. @default an empty value */
  readonly value?: MaybeReactive<T>;
  /** Called after the user has changed the value. @default none */
  // A method, so that a handler may name the values that there are: `(plan: 'free' | 'pro') => …`.
  onChange?(value: T): unknown;
  /** A text below the element that explains it. @default none */
  readonly hint?: string;
  /**
   * Functions that check the value after each change of the user; the first message is shown. The value is set all the same.
   *
   * @default none
   *
   * @example
   * ui.input('Name', { rules: [(name) => name !== '' || 'Please enter your name'] });
   */
  readonly rules?: readonly Rule<T>[];
  /** The same as messages with what must hold, or as one function, as in NiceGUI. @default none */
  readonly validation?: Rule<T> | Readonly<Record<string, (value: T) => boolean | Promise<boolean>>>;
}

/** Options of every element in a frame with a label. */
export interface FieldOptions<T>
  extends ControlOptions<T>,
    Pick<LookOptions, 'variant' | 'color' | 'size' | 'icon' | 'iconEnd' | 'dense' | 'round' | 'loading'> {
  /** Shown while the field is empty. @default the label */
  readonly placeholder?: string;
  /** Text inside of the frame, before the value. @default none */
  readonly prefix?: string;
  /** Text inside of the frame, after the value. @default none */
  readonly suffix?: string;
  /** True shows a button that empties the field. @default false */
  readonly clearable?: boolean;
  /** True shows the value without letting the user change it. @default false */
  readonly readOnly?: boolean;
  /** True gives the field the focus when the page opens. @default false */
  readonly autofocus?: boolean;
}

/** A part of a page that wants to know of changes in the controls within it: a form. */
export interface ControlOwner {
  /**
   * Called after a value or a message in it has changed, and after a control has come or gone.
   *
   * @param valid false for a wrong one that has come, true for one that has gone: others change nothing for who knows as much.
   */
  controlChanged(valid?: boolean): void;
}

const controls = new WeakMap<TreeNode, Control<never>>();
const owners = new WeakMap<TreeNode, ControlOwner>();

/** An element with a value that the user changes and that rules check. */
export class Control<T extends Json> extends ValueElement<T> {
  readonly #rules: readonly Rule<T>[];
  readonly #source: MaybeReactive<T>;
  readonly #initial: T;
  /** The value that the rules have seen last. */
  #checked: Json | undefined;

  /**
   * @param source the first value, or a signal.
   * @param shape returns a value of the author's in the form that a browser shows and sends.
   * @internal
   */
  constructor(
    kind: Kind,
    props: Props,
    source: MaybeReactive<T>,
    options: ControlOptions<T> & LookOptions = {},
    shape?: (value: T) => T,
  ) {
    const rules = rulesOf(options);
    const { hint, onChange } = options;
    super(
      kind,
      { ...props, ...(hint && { hint }), ...(rules.length > 0 && { error: '' }) },
      source,
      options,
      'value',
      shape,
    );
    this.#rules = rules;
    this.#source = source;
    this.#initial = source instanceof State ? (source.initial as T) : firstOf(source, undefined as never);
    const owner = this.#owner();
    if (!this.tree.isDryRun) {
      controls.set(this.node, this as unknown as Control<never>);
      if (owner) {
        if (!notReadingOnce(() => untracked(() => this.valid))) owner.controlChanged(false);
        this.tree.own(this.node, () => this.node.alive || owner.controlChanged(true));
      }
    }
    // The form itself shows nothing of a value; but a rule of one control may read another.
    if (rules.length > 0 || owner) {
      this.listen('value', () => this.#check(), 'restart', rules[0] ?? (() => {}));
    }
    if (onChange) this.onChange((event) => onChange(event.value));
  }

  /** What is wrong with the value; undefined when nothing is. Assign a text, a signal or a function to show it. */
  get error(): string | undefined {
    return this.get<string>('error') || undefined;
  }

  set error(message: MaybeReactive<string | undefined>) {
    this.bind('error', message, (text) => text || (this.#rules.length > 0 ? '' : undefined));
  }

  /**
   * Checks the value by all rules and shows the first message.
   *
   * @returns true when the value is right; a promise when a rule returned one.
   */
  validate(): boolean | Promise<boolean> {
    const message = this.#check();
    return message instanceof Promise ? message.then((text) => text === undefined) : message === undefined;
  }

  /** True when the value is right as far as is known now: rules that return promises count by their last message. */
  get valid(): boolean {
    if (this.error !== undefined && this.#rules.length === 0) return false;
    const value = this.value;
    return this.#rules.every((rule) => (isAsync(rule) ? this.error === undefined : wrong(rule(value)) === undefined));
  }

  /** Sets the first value again and removes the message. A state gets the value that `ui.state` was called with. */
  reset(): void {
    if (this.#source instanceof State) this.#source.value = this.#initial;
    else if (isReactive(this.#source) && typeof this.#source !== 'function')
      (this.#source as Signal<T>).value = this.#initial;
    else this.value = typeof this.#source === 'function' ? (this.#source as () => T) : this.#initial;
    this.error = undefined;
  }

  /** Moves the focus to the element and selects its text. */
  select(): void {
    this.call('select');
  }

  /** @internal */
  protected override changed(prop: string): void {
    // Because a control that a handler makes gets its first value before it has its own fields.
    if (prop !== 'value' || this.tree.constructing || !(#rules in this)) return;
    // A message is about the user's value, so it goes with it.
    if (this.error !== undefined && this.#rules.length > 0 && !same(this.#checked, this.get('value'))) {
      this.error = undefined;
    }
    this.#owner()?.controlChanged();
  }

  #check(): string | undefined | Promise<string | undefined> {
    const value = this.value;
    this.#checked = value;
    const show = (message: string | undefined) => {
      // Without rules, a message is a handler's about the value that was there, unless it follows something.
      if (this.#rules.length > 0 || (this.error !== undefined && !this.tree.isBound(this.node, 'error')))
        this.error = message;
      this.#owner()?.controlChanged();
      return message;
    };
    const message = this.#messageFrom(0, value);
    return message instanceof Promise ? message.then(show) : show(message);
  }

  /** Returns the message of the first rule that the value breaks, from the one at an index on. */
  #messageFrom(index: number, value: T): string | undefined | Promise<string | undefined> {
    for (let at = index; at < this.#rules.length; at++) {
      const verdict = (this.#rules[at] as Rule<T>)(value);
      if (verdict instanceof Promise) return verdict.then((said) => wrong(said) ?? this.#messageFrom(at + 1, value));
      const message = wrong(verdict);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  #owner(): ControlOwner | undefined {
    for (let node: TreeNode | undefined = this.node.parent; node; node = node.parent) {
      const owner = owners.get(node);
      if (owner) return owner;
    }
    return undefined;
  }
}

/** Makes the owner hear of all controls within a node. */
export function ownControls(node: TreeNode, owner: ControlOwner): void {
  owners.set(node, owner);
}

/** Returns the controls within a node, in the order of the page. */
export function controlsIn(node: TreeNode): Control<never>[] {
  return node.children.flatMap((child) => {
    const control = controls.get(child);
    return control ? [control] : controlsIn(child);
  });
}

/** Returns the props of a field's frame, without those that say nothing. */
export function fieldProps<T>(label: string | undefined, options: FieldOptions<T>): Props {
  const { placeholder, prefix, suffix, clearable, readOnly, autofocus } = options;
  const props = { label, placeholder, prefix, suffix, clearable, readonly: readOnly, autofocus };
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value)) as Props;
}

function rulesOf<T>({ rules = [], validation }: ControlOptions<T>): readonly Rule<T>[] {
  if (!validation) return rules;
  if (typeof validation === 'function') return [...rules, validation];
  const named = Object.entries(validation).map(([message, holds]): Rule<T> => {
    const says = (held: boolean) => held || message;
    if (!isAsync(holds))
      return (value) => {
        const held = holds(value);
        return held instanceof Promise ? held.then(says) : says(held);
      };
    return async (value) => says(await holds(value));
  });
  return [...rules, ...named];
}

/** Returns what is wrong, or undefined. */
function wrong(verdict: Verdict | Promise<Verdict>): string | undefined {
  if (typeof verdict === 'string') return verdict || undefined;
  return verdict === false ? 'This value is not valid.' : undefined;
}

function isAsync(rule: (...args: never) => unknown): boolean {
  return rule.constructor.name === 'AsyncFunction';
}
