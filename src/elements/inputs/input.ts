import { Control, type FieldOptions, fieldProps } from '../control.ts';
import { type Handler, own } from '../element.ts';

/** Options of `ui.input`. */
export interface InputOptions extends FieldOptions<string> {
  /** The HTML type of the input. @default 'text' */
  readonly type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'tel';
  /** Hides what is typed. @default false */
  readonly password?: boolean;
  /**
   * True stores a password like any other text. Otherwise only the memory of the session has it: a restart asks the browser again, a
   * reload empties the field, and a handler that continues after a restart reads ''.
   *
   * @default false
   */
  readonly stored?: boolean;
  /** Adds a button that shows a password. @default false */
  readonly passwordToggleButton?: boolean;
  /** Texts that the browser suggests while the user types. @default none */
  readonly autocomplete?: readonly string[];
  /** Maximum of characters. The session refuses longer texts. @default no limit of its own */
  readonly maxLength?: number;
  /** Called when the user presses Enter, after the value was set. @default none */
  readonly onEnter?: Handler<Input>;
}

/** A line of text that the user writes. */
export class Input extends Control<string> {
  constructor(label: string, options: InputOptions = {}) {
    const { value = '', password, passwordToggleButton, type = password ? 'password' : undefined } = options;
    const { autocomplete, maxLength, onEnter } = options;
    super(
      'input',
      own<'input'>({
        value: '',
        ...fieldProps(label, options),
        ...(type && { type }),
        ...(options.stored && { stored: true }),
        ...(passwordToggleButton && { toggle: true }),
        ...(autocomplete && { suggestions: autocomplete }),
        ...(maxLength !== undefined && { maxlength: maxLength }),
      }),
      value,
      options,
    );
    if (onEnter) this.on('keydown.enter', onEnter as Handler<this>);
  }

  /** The texts that the browser suggests. */
  get autocomplete(): readonly string[] {
    return this.get<string[]>('suggestions') ?? [];
  }

  set autocomplete(texts: readonly string[]) {
    this.bind('suggestions', texts);
  }
}

/**
 * Shows a field for one line of text. Typed text survives a reload and a restart of the server. A native text field.
 *
 * @example
 * const name = ui.state('');
 * ui.input('Name', { value: name, onEnter: () => ui.notify(`Hello, ${name.value}!`) });
 *
 * @example
 * ui.input('Price', { prefix: '€', clearable: true, rules: [(text) => /^\d+$/.test(text) || 'Digits, please'] });
 *
 * @param label names the input; '' shows none.
 */
export function input(label = '', options?: InputOptions): Input {
  return new Input(label, options);
}
