import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, type Handler, own, ValueElement } from '../element.ts';

/** Options of `ui.input`. */
export interface InputOptions extends ElementOptions {
  /** The first text, or a signal that the input is bound to in both directions. @default '' */
  readonly value?: MaybeReactive<string>;
  /** Shown while the input is empty. @default the label */
  readonly placeholder?: string;
  /** The HTML type of the input. @default 'text' */
  readonly type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'tel';
  /** Maximum of characters. The session refuses longer texts. @default no limit of its own */
  readonly maxLength?: number;
  /** True shows the text without letting the user change it. @default false */
  readonly readOnly?: boolean;
  /** Called after the user has changed the text. @default none */
  readonly onChange?: (value: string) => unknown;
  /** Called when the user presses Enter, after the value was set. @default none */
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
      options,
    );
    if (onChange) this.onChange((event) => onChange(event.value));
    if (onEnter) this.on('keydown.enter', onEnter as Handler<this>);
  }
}

/**
 * Shows a field for one line of text. Typed text survives a reload and a restart of the server.
 *
 * @example
 * const name = ui.state('');
 * ui.input('Name', { value: name, onEnter: () => ui.notify(`Hello, ${name.value}!`) });
 *
 * @param label names the input; '' shows none.
 */
export function input(label: string, options?: InputOptions): Input {
  return new Input(label, options);
}
