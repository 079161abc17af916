import type { MaybeReactive } from '../../reactive/index.ts';
import { type ElementOptions, own, ValueElement } from '../element.ts';
import { inRoot } from './in-root.ts';

/** The page's choice between the dark and the light theme. Its `value` is null while the visitor's system decides. */
export class DarkMode extends ValueElement<boolean | null> {
  /** @internal */
  constructor(value: MaybeReactive<boolean | null>, options?: ElementOptions) {
    super('darkMode', own<'darkMode'>({ value: null }), value, options);
  }

  /** Sets the dark theme. */
  override enable(): this {
    this.value = true;
    return this;
  }

  /** Sets the light theme. */
  disable(): void {
    this.value = false;
  }

  /** Lets the visitor's system decide. */
  auto(): void {
    this.value = null;
  }

  /** Changes from dark to light, or from light to dark. While the system decides, its choice counts. */
  toggle(): void {
    this.value = !(this.value ?? this.get('system'));
  }
}

/**
 * Sets whether the page is dark: true, false, or null for the choice of the visitor's system. A signal is followed in both
 * directions, so a durable one remembers the visitor's choice. The first paint has the right theme already.
 *
 * @example
 * const dark = ui.darkMode(ui.state<boolean | null>(null));
 * ui.button('', () => dark.toggle(), { icon: 'dark_mode', label: 'Dark theme', variant: 'ghost' });
 *
 * @param value the choice, a signal of it, or a function that computes it. The default is null.
 */
export function darkMode(value: MaybeReactive<boolean | null> = null, options?: ElementOptions): DarkMode {
  return inRoot('ui.darkMode', () => new DarkMode(value, options));
}
