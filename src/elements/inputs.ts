import type { MaybeReactive } from '../reactive/index.ts';
import { type Handler, own, ValueElement } from './element.ts';

export interface InputOptions {
  /** The first text, or a signal that follows the user and is followed. Default ''. */
  readonly value?: MaybeReactive<string>;
  readonly placeholder?: string;
  /** Default `text`. */
  readonly type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'tel';
  /** Characters at the most; the session refuses more. Default no limit of its own. */
  readonly maxLength?: number;
  readonly readOnly?: boolean;
  /** Called after the user changed the text. */
  readonly onChange?: (value: string) => unknown;
  /** Called when the user presses Enter; the value is there already. */
  readonly onEnter?: Handler<Input>;
}

/** A line of text that the user writes. */
export class Input extends ValueElement<string> {
  constructor(label: string, options: InputOptions = {}) {
    const { value = '', placeholder, type, maxLength, readOnly, onChange, onEnter } = options;
    super(
      'input',
      own<'input'>({
        value: '',
        ...(label && { label }),
        ...(placeholder && { placeholder }),
        ...(type && { type }),
        ...(maxLength !== undefined && { maxlength: maxLength }),
        ...(readOnly && { readonly: true }),
      }),
      value,
    );
    if (onChange) this.onChange((event) => onChange(event.value));
    if (onEnter) this.on('keydown.enter', onEnter as Handler<this>);
  }
}

export interface CheckboxOptions {
  /** Default false. */
  readonly value?: MaybeReactive<boolean>;
  readonly onChange?: (value: boolean) => unknown;
}

/** A box that is ticked or not. */
export class Checkbox extends ValueElement<boolean> {
  constructor(text: string, options: CheckboxOptions = {}) {
    super('checkbox', own<'checkbox'>({ text, value: false }), options.value ?? false);
    const { onChange } = options;
    if (onChange) this.onChange((event) => onChange(event.value));
  }
}

export interface SelectOptions {
  readonly label?: string;
  /** Default the first option. */
  readonly value?: MaybeReactive<string>;
  readonly onChange?: (value: string) => unknown;
}

/** One of several options. Options are texts, or an object from values to texts. */
export class Select extends ValueElement<string> {
  constructor(options: readonly string[] | Readonly<Record<string, string>>, settings: SelectOptions = {}) {
    const list = Array.isArray(options)
      ? (options as readonly string[]).map((text) => ({ value: text, text }))
      : Object.entries(options).map(([value, text]) => ({ value, text }));
    const { label, value = list[0]?.value ?? '', onChange } = settings;
    super('select', own<'select'>({ options: list, value: '', ...(label && { label }) }), value);
    if (onChange) this.onChange((event) => onChange(event.value));
  }
}
