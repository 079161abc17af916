import type { MaybeReactive } from '../../reactive/index.ts';
import { Control, type ControlOptions } from '../control.ts';
import { isReactive, own } from '../element.ts';
import { firstOf } from '../first.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.pagination`. It has no rules, because it offers right pages only. */
export interface PaginationOptions
  extends Pick<ControlOptions<number>, 'key' | 'value' | 'onChange'>,
    Pick<LookOptions, 'color' | 'size'> {
  /** Names the pages for assistive technology. @default 'Pages' */
  readonly label?: string;
}

/** The numbers of pages. Its `value` is the number of the chosen page. */
export class Pagination extends Control<number> {
  constructor(min: number, max: MaybeReactive<number>, options: PaginationOptions = {}) {
    const { label, value = min } = options;
    const last = firstOf(max, min);
    super('pagination', own<'pagination'>({ value: min, min, max: last, ...(label && { label }) }), value, options);
    if (isReactive(max)) this.max = max;
  }

  /** The number of the last page. Assign a signal or a function to bind it. */
  get max(): number {
    return this.get('max');
  }

  set max(max: MaybeReactive<number>) {
    this.bind('max', max);
  }

  /**
   * Shows a page in place of the one that the user has chosen. A function that the value is bound to stays.
   * @internal
   */
  turnTo(page: number): void {
    this.tree.set(this.node, 'value', page, 'bound');
  }
}

/**
 * Lets the user choose a page by its number. Buttons within a navigation region; the present page has `aria-current`.
 *
 * @example
 * const page = ui.state(1);
 * ui.pagination(1, () => Math.ceil(rows.value.length / 20), { value: page });
 *
 * @param min the number of the first page.
 * @param max the number of the last page.
 */
export function pagination(min: number, max: MaybeReactive<number>, options?: PaginationOptions): Pagination {
  return new Pagination(min, max, options);
}
