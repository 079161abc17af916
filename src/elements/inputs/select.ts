import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';

/** Options of `ui.select`. */
export interface SelectOptions extends ElementOptions {
  /** Names the select. @default none */
  readonly label?: string;
  /** The first choice, or a signal that the select is bound to in both directions. @default the first option */
  readonly value?: MaybeReactive<string>;
  /** Called after the user has chosen another option. @default none */
  readonly onChange?: (value: string) => unknown;
}

/** A choice of one of several options. */
export class Select extends ValueElement<string> {
  constructor(choices: readonly string[] | Readonly<Record<string, string>>, options: SelectOptions = {}) {
    const list = Array.isArray(choices)
      ? (choices as readonly string[]).map((text) => ({ value: text, text }))
      : Object.entries(choices).map(([value, text]) => ({ value, text }));
    const { label, value = list[0]?.value ?? '', onChange } = options;
    super('select', own<'select'>({ options: list, value: '', ...(label && { label }) }), value, options);
    if (onChange) this.onChange((event) => onChange(event.value));
  }
}

/**
 * Lets the user choose one of several options.
 *
 * @example
 * ui.select(['small', 'large'], { label: 'Size', onChange: (size) => ui.notify(size) });
 * ui.select({ de: 'Deutsch', en: 'English' }, { value: 'en' });
 *
 * @param choices the texts, or an object from values to texts.
 */
export function select(choices: readonly string[] | Readonly<Record<string, string>>, options?: SelectOptions): Select {
  return new Select(choices, options);
}
