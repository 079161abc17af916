import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.separator`. */
export interface SeparatorOptions extends ElementOptions {
  /** True stands between elements beside each other, as in a row. @default false */
  readonly vertical?: boolean;
}

/** A thin line. */
export class Separator extends Element {
  constructor({ vertical, ...options }: SeparatorOptions = {}) {
    super('separator', own<'separator'>({ ...(vertical && { vertical }) }), options);
  }
}

/**
 * Shows a thin line between what comes before and after it, which assistive technology announces as a separator.
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
