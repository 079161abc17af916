import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, type UiEvent, ValueElement } from '../element.ts';

/** Options of `ui.codemirror`. */
export interface CodemirrorOptions extends ElementOptions {
  /** What the editor is for, for those who cannot see it. @default 'Code' */
  readonly label?: string;
  /** Name of the language, such as `python`, `json` or `sql`; see the package `@codemirror/language-data`. @default none */
  readonly language?: MaybeReactive<string>;
  /** True refuses changes. @default false */
  readonly readonly?: MaybeReactive<boolean>;
  /** True breaks long lines. @default false */
  readonly lineWrapping?: boolean;
  /** Most characters of the text. @default 200_000 */
  readonly maxlength?: number;
  /** Handler of a changed text, 300 milliseconds after the last key. @default none */
  readonly onChange?: (event: UiEvent<Codemirror> & { readonly value: string }) => unknown;
}

/** An editor of code. */
export class Codemirror extends ValueElement<string> {
  constructor(value: MaybeReactive<string>, options: CodemirrorOptions = {}) {
    const { label = 'Code', language, readonly, lineWrapping, maxlength, onChange } = options;
    super(
      'codemirror',
      own<'codemirror'>({ label, ...(lineWrapping && { wrap: true }), ...(maxlength && { maxlength }), value: '' }),
      value,
      options,
    );
    if (language !== undefined) this.bind('language', language);
    if (readonly !== undefined) this.bind('readonly', readonly, (is) => is || undefined);
    if (onChange) this.onChange(onChange as never);
  }

  /** Name of the language. Assign a signal or a function to bind it. */
  get language(): string {
    return this.get('language') ?? '';
  }

  set language(language: MaybeReactive<string>) {
    this.bind('language', language);
  }
}

/**
 * Edits code, with line numbers and the colours of a language. The text is stored as that of any field. The application installs
 * the packages: `npm install codemirror @codemirror/state @codemirror/language-data @codemirror/theme-one-dark`. Pattern: a text
 * field of several lines; Escape, then Tab leaves it.
 *
 * @example
 * const code = ui.state('print("hello")');
 * ui.codemirror(code, { language: 'python', label: 'Program' });
 *
 * @param value the first text, a signal, or a function.
 */
export function codemirror(value: MaybeReactive<string> = '', options?: CodemirrorOptions): Codemirror {
  return new Codemirror(value, options);
}
