import type { Align } from '../protocol/index.ts';

/** A column of `ui.table`. */
export interface Column<Row> {
  /** Identifies the column, such as for sorting. */
  readonly name: string;
  /** The text of its header. @default the name, with a capital letter */
  readonly label?: string;
  /** The field of a row with the value, or a function that returns the value. @default the name */
  readonly field?: (string & keyof Row) | ((row: Row) => unknown);
  /** Returns the text of a value. @default the value as text; nothing for null and undefined */
  readonly format?: (value: never, row: Row) => string | number;
  /** The side on which header and cells stand. @default 'left' */
  readonly align?: Align;
  /** True lets the user sort the rows by the column. @default false */
  readonly sortable?: boolean;
  /** Compares two values for sorting, as for `Array.sort`. @default numbers, dates and texts by their natural order */
  readonly compare?: (a: never, b: never) => number;
  /** Makes the elements of a cell. They replace the text. @default none */
  readonly cell?: (row: Row) => unknown;
}

/** The column by which rows are sorted. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** The columns of a table, each with all its defaults. */
export class Columns<Row extends object> {
  readonly #columns: readonly Column<Row>[];

  /** @throws {TypeError} when two columns have the same name. */
  constructor(columns: readonly Column<Row>[]) {
    this.#columns = columns;
    const names = this.#columns.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) {
      throw new TypeError(
        `Two columns of ui.table have the name ${JSON.stringify(twice)}. Give each a different name.`,
      );
    }
  }

  get all(): readonly Column<Row>[] {
    return this.#columns;
  }

  label({ name, label }: Column<Row>): string {
    return label ?? name.charAt(0).toUpperCase() + name.slice(1);
  }

  value({ name, field = name as string & keyof Row }: Column<Row>, row: Row): unknown {
    return typeof field === 'function' ? field(row) : row[field];
  }

  /** Returns the text of a cell, which is also what a filter looks at. */
  text(column: Column<Row>, row: Row): string {
    const value = this.value(column, row);
    if (column.format) return String(column.format(value as never, row));
    return value === null || value === undefined ? '' : String(value);
  }

  /** Returns the rows with the text in one of their cells, whatever its case. */
  filter(rows: readonly Row[], text: string): readonly Row[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return rows;
    return rows.filter((row) => this.#columns.some((column) => this.text(column, row).toLowerCase().includes(wanted)));
  }

  /** Returns the rows in the order of a column. Equal rows stay in their order, and rows without a value stand last. */
  order(rows: readonly Row[], sorting: Sorting | null): readonly Row[] {
    const column = this.#columns.find(({ name }) => name === sorting?.column);
    if (!column || !sorting) return rows;
    const compare = (column.compare ?? natural) as (a: unknown, b: unknown) => number;
    const sign = sorting.descending ? -1 : 1;
    // The values are computed once each, because a sort compares each value many times.
    const valued = rows.map((row) => ({ row, value: this.value(column, row) ?? undefined }));
    valued.sort((a, b) => {
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      return sign * compare(a.value, b.value);
    });
    return valued.map(({ row }) => row);
  }
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function natural(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  if (typeof a === typeof b && (a as number) < (b as number)) return -1;
  if (typeof a === typeof b && (a as number) > (b as number)) return 1;
  return typeof a === typeof b ? 0 : collator.compare(String(a), String(b));
}
