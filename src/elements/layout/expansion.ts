import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.expansion`. */
export interface ExpansionOptions extends ElementOptions, Pick<LookOptions, 'icon'> {
  /** A second, smaller line below the text. @default none */
  readonly caption?: string;
  /** Of all expansions of the page with the same group, at most one is open. @default none */
  readonly group?: string;
  /** Whether it is open: a value, or a signal that it is bound to in both directions. @default false */
  readonly value?: MaybeReactive<boolean>;
  /** Called after the user has opened or closed it. @default none */
  readonly onChange?: (open: boolean) => unknown;
}

/** A text that shows and hides what is below it. Its `value` is true while it is open. */
export class Expansion extends ValueElement<boolean> {
  constructor(text: MaybeReactive<string>, build?: () => void, options: ExpansionOptions = {}) {
    const { caption, group, value = false, onChange } = options;
    const fixed = typeof text === 'string' ? text : '';
    const parts = { ...(caption && { caption }), ...(group && { group }) };
    super('expansion', own<'expansion'>({ text: fixed, value: false, ...parts }), value, options);
    if (typeof text !== 'string') this.text = text;
    if (onChange) this.onChange((event) => onChange(event.value));
    if (build) this.add(build);
  }

  /** The text beside the arrow. Assign a signal or a function to bind it. */
  get text(): string {
    return this.get('text');
  }

  set text(text: MaybeReactive<string>) {
    this.bind('text', text, String);
  }

  /** Opens it. */
  open(): void {
    this.value = true;
  }

  /** Closes it. */
  close(): void {
    this.value = false;
  }
}

/**
 * Shows a text that opens and closes what `build` makes. With `group` several of them are an accordion. The browser's own
 * `details` element (APG: disclosure), which Enter and Space open before any code has arrived.
 *
 * @example
 * ui.expansion('Delivery', () => ui.label('Within two days'), { icon: 'local_shipping', group: 'help' });
 * ui.expansion('Returns', () => ui.label('Within a month'), { icon: 'undo', group: 'help' });
 *
 * @param build makes the elements inside.
 */
export function expansion(text: MaybeReactive<string>, build?: () => void, options?: ExpansionOptions): Expansion {
  return new Expansion(text, build, options);
}
