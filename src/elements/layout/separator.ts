import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.separator`. */
export interface SeparatorOptions extends ElementOptions {
  /** True for a line between elements that stand beside each other, as in a row. @default false */
  readonly vertical?: boolean;
}

/** A thin line. */
export class Separator extends Element {
  constructor({ vertical, ...options }: SeparatorOptions = {}) {
    super('separator', own<'separator'>({ ...(vertical && { vertical }) }), options);
  }
}

/**
 * Shows a thin line between two elements. Assistive technology announces it as a separator.
 *
 * @example
 * ui.label('Invoice');
 * ui.separator();
 * ui.row(() => {
 *   ui.link('Orders', '/orders');
 *   ui.separator({ vertical: true });
 *   ui.link('Customers', '/customers');
 * });
 */
export function separator(options?: SeparatorOptions): Separator {
  return new Separator(options);
}
