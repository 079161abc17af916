import type { Columns } from '../../protocol/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';

/** Options of `ui.grid`. */
export interface GridOptions extends ElementOptions {
  /**
   * The columns: how many of equal width, a CSS template such as `'auto 1fr'`, or both by width of the window, as in
   * `{ base: 1, sm: 2, lg: 4 }`. The steps are those of Tailwind: 640, 768, 1024 and 1280 pixels.
   * @default 1
   */
  readonly columns?: Columns | ColumnsByWidth;
  /** The rows: how many of equal height, or a CSS template. @default as many as needed, each as high as its elements */
  readonly rows?: Columns;
}

/** Columns by the least width of the window. A step that is not named takes the columns of the one before it. */
export interface ColumnsByWidth {
  /** The columns in the narrowest windows. @default 1 */
  readonly base?: Columns;
  /** The columns from 640 pixels on. @default as `base` */
  readonly sm?: Columns;
  /** The columns from 768 pixels on. @default as `sm` */
  readonly md?: Columns;
  /** The columns from 1024 pixels on. @default as `md` */
  readonly lg?: Columns;
  /** The columns from 1280 pixels on. @default as `lg` */
  readonly xl?: Columns;
}

/** Elements in columns and rows. */
export class Grid extends Element {
  constructor(build?: () => void, { columns, rows, ...options }: GridOptions = {}) {
    const across = columns !== undefined && { columns: columnsOf(columns) };
    const down = rows !== undefined && { rows: checked(rows) };
    super('grid', own<'grid'>({ ...across, ...down }), options);
    if (build) this.add(build);
  }
}

function columnsOf(columns: Columns | ColumnsByWidth): Columns | readonly Columns[] {
  if (typeof columns !== 'object') return checked(columns);
  const { base = 1, sm = base, md = sm, lg = md, xl = lg } = columns;
  return [base, sm, md, lg, xl].map(checked);
}

function checked(columns: Columns): Columns {
  if (typeof columns === 'string' || (Number.isInteger(columns) && columns > 0)) return columns;
  throw new TypeError(`ui.grid takes a whole number from 1 on, or a template such as 'auto 1fr', not ${columns}.`);
}

/**
 * Places the elements of `build` in columns, row by row.
 *
 * @example
 * ui.grid(
 *   () => {
 *     for (const product of products) ui.card(() => ui.label(product.name));
 *   },
 *   { columns: { base: 1, sm: 2, lg: 4 } },
 * );
 *
 * @param build makes the elements inside.
 * @throws {TypeError} for a number of columns or rows that is not a whole number from 1 on.
 */
export function grid(build?: () => void, options?: GridOptions): Grid {
  return new Grid(build, options);
}
