import { type Item, List } from '../../collection/index.ts';
import type { Json } from '../../protocol/index.ts';
import { type MaybeReactive, type ReadonlySignal, read, type Signal, State } from '../../reactive/index.ts';
import { shown as inWords } from '../../tasks/index.ts';
import { slot } from '../../tree/index.ts';
import { type Column, Columns, type Sorting } from '../columns.ts';
import { computed } from '../computed.ts';
import { Container } from '../container.ts';
import { region, show } from '../dynamic.ts';
import { each } from '../each.ts';
import { Element, type ElementOptions, isReactive, own } from '../element.ts';
import { firstOf } from '../first.ts';
import { Checkbox } from '../inputs/checkbox.ts';
import { Pagination } from '../inputs/pagination.ts';
import { pageHost } from '../page-host.ts';
import { Label } from '../text/label.ts';

/** Options of `ui.table`. */
export interface TableOptions<Row> extends ElementOptions {
  /** The columns, from left to right. @default a column for each field of the first row, as soon as there is one */
  readonly columns?: readonly Column<Row>[];
  /** The field that identifies a row, or a function that returns the identity. @default 'id'; the key of a list's item */
  readonly rowKey?: (string & keyof Row) | ((row: Row) => string | number);
  /** A text; only rows that contain it in a cell are shown. @default '' */
  readonly filter?: MaybeReactive<string>;
  /** Number of rows on a page, or where it begins; 0 shows all rows. @default 100 */
  readonly pagination?: number | { readonly rowsPerPage?: number; readonly page?: number };
  /** The column by which the rows are sorted at first. @default none */
  readonly orderBy?: string;
  /** True sorts the rows at first from the largest to the smallest value. @default false */
  readonly descending?: boolean;
  /**
   * Lets the user select one row or several. Of rows that come from `load`, the selection has those that are shown only.
   *
   * @default none
   */
  readonly selection?: 'single' | 'multiple';
  /** Called with the selected rows after the user has changed the selection. @default none */
  readonly onSelect?: (selected: readonly Row[]) => unknown;
  /** Names the table for assistive technology. @default none */
  readonly label?: string;
  /** True leaves the headers in view while the rows scroll. Limit the height by a class, such as `max-h-96`. @default false */
  readonly stickyHeader?: boolean;
  /** True reduces the height of the rows. @default false */
  readonly dense?: boolean;
  /** Shown when there is no row. @default 'No data' */
  readonly noData?: string;
}

/** The rows that a table wants to show. */
export interface RowRequest {
  /** Index of the first row, from 0. */
  readonly from: number;
  /** Most rows to return. */
  readonly count: number;
  /** Name of the column by which the rows are sorted; null for their own order. */
  readonly orderBy: string | null;
  /** True from the largest to the smallest value. */
  readonly descending: boolean;
}

/** Some rows, and how many there are. */
export interface RowWindow<Row> {
  /** The rows that were wanted. */
  readonly rows: readonly Row[];
  /** Number of all rows. */
  readonly total: number;
}

/** Rows that are elsewhere: in a file, in a database. The page has those that it shows. */
export interface RowSource<Row> extends RowWindow<Row> {
  /** Returns the rows that a table wants to show. Call `run` in it, as in every handler. */
  readonly load: (wanted: RowRequest) => PromiseLike<RowWindow<Row>> | RowWindow<Row>;
}

/** Rows of which a page is taken. */
interface Found<Row> {
  readonly length: number;
  slice(from: number, to: number): readonly Row[];
}

/** Rows and columns. Filter, order and pages are computed on the server; a browser has the rows that it shows. */
export class Table<Row extends object> extends Element {
  readonly #source: MaybeReactive<readonly Row[]>;
  /** The list whose items are the rows. */
  readonly #list: List<Row> | undefined;
  /** Where the rows are, if they are elsewhere. */
  readonly #elsewhere: RowSource<Row> | undefined;
  /** What `load` returned last; null before. */
  readonly #loaded: Signal<RowWindow<Row> | null>;
  /** Number of calls of `load`, because only the answer to the last one counts. */
  readonly #loads: Signal<number>;
  readonly #size: number;
  /** The keys of rows that are items of a list. */
  readonly #itemKeys = new WeakMap<Row, string>();
  readonly #rowKey: TableOptions<Row>['rowKey'];
  /** The rows as the methods have set them; null before. */
  readonly #changed: Signal<readonly Row[] | null>;
  readonly #keys: Signal<readonly string[]>;
  readonly #sorting: Signal<Sorting | null>;
  readonly #page: Signal<number>;
  /** The page that is shown: the chosen one, or the last one where fewer rows are left. */
  readonly #at: ReadonlySignal<number>;
  #pagination: Pagination | undefined;
  readonly #found: ReadonlySignal<Found<Row>>;

  constructor(rows: MaybeReactive<readonly Row[]> | List<Row> | RowSource<Row>, options: TableOptions<Row> = {}) {
    const { label, stickyHeader: sticky, dense, filter = '', pagination = 100, orderBy, descending = false } = options;
    const props = { ...(label && { label }), ...(sticky && { sticky }), ...(dense && { dense }) };
    super('table', own<'table'>(props), options);
    const list = rows instanceof List ? rows : undefined;
    this.#list = list;
    const elsewhere = isElsewhere(rows) ? rows : undefined;
    this.#elsewhere = elsewhere;
    if (!list && !elsewhere && !isReactive(rows) && !Array.isArray(rows)) {
      throw new TypeError(
        `ui.table takes rows: an array, a ui.list, a signal, a function, or an object with \`load\`; it was given ${inWords(rows)}.`,
      );
    }
    if (elsewhere && options.filter !== undefined) {
      throw new TypeError(
        'The rows of this ui.table come from `load`, so the option filter has no rows. Filter in `load`.',
      );
    }
    this.#source = list
      ? () => this.#rowsOf(list.source.all.all)
      : elsewhere
        ? () => this.#window.rows
        : (rows as MaybeReactive<readonly Row[]>);
    this.#rowKey = options.rowKey;
    const { rowsPerPage = 100, page = 1 } = typeof pagination === 'number' ? { rowsPerPage: pagination } : pagination;
    const sorting = orderBy === undefined ? null : { column: orderBy, descending };
    this.#changed = this.#state<readonly Row[] | null>(null, 'rows');
    this.#loaded = this.#state<RowWindow<Row> | null>(null, 'loaded');
    this.#loads = this.#state(0, 'loads');
    this.#keys = this.#state<readonly string[]>([], 'selected');
    this.#sorting = this.#state<Sorting | null>(sorting, 'sorting');
    this.#page = this.#state(page, 'page');
    const given = () => (this.#changed.peek() === null ? rows : undefined);
    const unread =
      Array.isArray(rows) && pageHost.require('ui.table').readNothing('The array of a ui.table', rows, given);
    if (unread) this.tree.own(this.node, unread);
    // Each step has its own signal, so that another page does not sort again and another order does not filter again.
    const present = computed(() => this.#present());
    const columns = columnsOf(options.columns, () => (list ? list.at(0) : present.value[0]));
    // Where a page is built for the first time, its page function gets the error of a function for rows, or of columns.
    firstOf(columns, undefined);
    const filtered = computed(() => columns.value.filter(present.value, read(filter)));
    const ordered = computed(() => columns.value.order(filtered.value, this.#sorting.value));
    this.#found = computed(() => {
      if (elsewhere) return { length: this.#window.total, slice: () => this.#window.rows };
      // Because a change of one item must not look at all of them.
      const whole = list && this.#changed.value === null && read(filter).trim() === '' && !this.#sorting.value;
      return whole ? this.#itemsOf(list) : ordered.value;
    });
    const size = rowsPerPage > 0 ? rowsPerPage : Number.POSITIVE_INFINITY;
    this.#size = size;
    const pages = computed(() => Math.max(1, Math.ceil(this.#found.value.length / size)));
    const at = computed(() => Math.min(Math.max(1, this.#page.value), pages.value));
    this.#at = at;
    const shown = computed(() => this.#found.value.slice((at.value - 1) * size, at.value * size));
    // Rows that come later may be the first ones that say which columns there are.
    const follow = options.columns ? (build: () => void) => build() : region;
    this.add(() => {
      // The component takes the first child for the head, the last one for the foot, and the others for the body.
      follow(() => this.#head(columns.value, shown, options));
      follow(() => {
        const now = columns.value;
        each(
          shown,
          (row) => this.#keyOf(row),
          (row) => this.#row(now, row, options),
        );
        show(
          () => shown.value.length === 0,
          () => this.#nothing(now, options),
        );
      });
      new Container('row', () => {
        new Label(() => {
          const first = (at.value - 1) * size;
          return `${first + 1}–${first + shown.value.length} of ${this.#found.value.length}`;
        });
        this.#pagination = new Pagination(1, pages, {
          value: (() => at.value) as MaybeReactive<number>,
          size: 'sm',
          onChange: (chosen) => this.#show(chosen, this.#sorting.value),
        });
      })
        .classes('edgewise-table-foot')
        .show(() => pages.value > 1);
    });
  }

  /**
   * All rows, also those that are not shown. Assign an array to replace them.
   *
   * @throws {TypeError} when rows are assigned that come from a function or a computed signal.
   */
  get rows(): readonly Row[] {
    return this.#present();
  }

  set rows(rows: readonly Row[]) {
    const source = this.#source;
    if (this.#list) {
      this.#list.clear();
      for (const row of rows) this.#list.add(row);
    } else if (source instanceof State) source.value = rows;
    else if (isReactive(source)) {
      throw new TypeError(
        'The rows of this ui.table come from a function or a computed signal, so the table cannot change them. Change what the function reads.',
      );
    } else this.#changed.value = rows;
  }

  /**
   * The selected rows that still exist; of rows that come from `load`, those among them that are shown. Assign rows to select
   * them.
   */
  get selected(): readonly Row[] {
    const keys = new Set(this.#keys.value);
    return keys.size === 0 ? [] : this.#present().filter((row) => keys.has(this.#keyOf(row)));
  }

  set selected(rows: readonly Row[]) {
    this.#keys.value = rows.map((row) => this.#keyOf(row));
  }

  /**
   * Adds rows at the end.
   *
   * @example
   * const people = ui.table([{ id: 1, name: 'Ada' }]);
   * ui.button('Add', () => people.addRows([{ id: 2, name: 'Grace' }]));
   *
   * @throws {TypeError} when the rows come from a function or a computed signal.
   */
  addRows(rows: readonly Row[]): void {
    if (this.#list) for (const row of rows) this.#list.add(row);
    else this.rows = [...this.rows, ...rows];
  }

  /**
   * Puts rows in the place of those with the same keys; the other rows stay.
   *
   * @throws {TypeError} when the rows come from a function or a computed signal.
   */
  updateRows(rows: readonly Row[]): void {
    if (this.#list) {
      for (const row of rows) if (this.#list.has(this.#keyOf(row))) this.#list.set(row);
      return;
    }
    const updates = new Map(rows.map((row) => [this.#keyOf(row), row]));
    this.rows = this.rows.map((row) => updates.get(this.#keyOf(row)) ?? row);
  }

  /**
   * Removes the rows with the keys of these rows.
   *
   * @throws {TypeError} when the rows come from a function or a computed signal.
   */
  removeRows(rows: readonly Row[]): void {
    const gone = new Set(rows.map((row) => this.#keyOf(row)));
    if (this.#list) for (const key of gone) this.#list.remove(key);
    else this.rows = this.rows.filter((row) => !gone.has(this.#keyOf(row)));
    if (this.#keys.value.some((key) => gone.has(key)))
      this.#keys.value = this.#keys.value.filter((key) => !gone.has(key));
  }

  /**
   * Loads rows that are elsewhere again, from the first page. Call it in a handler after what `load` depends on has changed, such as
   * a text to search for.
   *
   * @returns a promise of the end of loading.
   * @throws {TypeError} (rejects) when the table has its rows itself.
   */
  async reload(): Promise<void> {
    if (!this.#elsewhere)
      throw new TypeError('This ui.table has its rows itself. Only rows that come from `load` are loaded.');
    await this.#show(1, this.#sorting.value);
  }

  /** Shows another page, or another order. Rows that are elsewhere are loaded first, so the table always shows what it says. */
  #show(page: number, sorting: Sorting | null): Promise<void> | undefined {
    if (this.#elsewhere) return this.#load(this.#elsewhere, page, sorting);
    this.#page.value = page;
    this.#sorting.value = sorting;
    return undefined;
  }

  async #load(source: RowSource<Row>, page: number, sorting: Sorting | null): Promise<void> {
    const count = this.#size;
    const { column = null, descending = false } = sorting ?? {};
    const call = this.#loads.value + 1;
    this.#loads.value = call;
    // A page that was clicked before, and is loaded no more.
    if (this.#pagination?.value !== page) this.#pagination?.turnTo(this.#at.value);
    const from = count === Number.POSITIVE_INFINITY ? 0 : (page - 1) * count;
    try {
      const { rows, total } = await source.load({ from, count, orderBy: column, descending });
      if (this.#loads.value !== call) return;
      const last = Math.max(1, Math.ceil(total / count));
      // Rows have gone since the page was offered.
      if (page > last) return await this.#load(source, last, sorting);
      this.#loaded.value = { rows, total };
      this.#page.value = page;
      this.#sorting.value = sorting;
    } finally {
      if (this.#loads.value === call) this.#pagination?.turnTo(this.#at.value);
    }
  }

  get #window(): RowWindow<Row> {
    return this.#loaded.value ?? (this.#elsewhere as RowSource<Row>);
  }

  #present(): readonly Row[] {
    return this.#changed.value ?? read(this.#source);
  }

  /** Returns the items of a list as rows, without a look at each. */
  #itemsOf(list: List<Row>): Found<Row> {
    const { all } = list.source.all;
    return { length: all.length, slice: (from, to) => this.#rowsOf(all.slice(from, to)) };
  }

  #rowsOf(items: readonly Item[]): readonly Row[] {
    return items.map(({ key, value }) => {
      this.#itemKeys.set(value as Row, key);
      return value as Row;
    });
  }

  #keyOf(row: Row): string {
    const known = this.#rowKey === undefined ? this.#itemKeys.get(row) : undefined;
    if (known !== undefined) return known;
    if (this.#list?.keyed && this.#rowKey === undefined) return this.#list.keyOf(row);
    const by = this.#rowKey ?? ('id' as string & keyof Row);
    const key = typeof by === 'function' ? by(row) : row[by];
    if (typeof key === 'string' || typeof key === 'number') return String(key);
    const field = typeof by === 'function' ? 'The result of rowKey' : `The field ${JSON.stringify(by)}`;
    throw new TypeError(
      `${field} of a row of ui.table is ${key === undefined ? 'undefined' : typeof key}, but it identifies the row. Name another field in the option rowKey.`,
    );
  }

  /** Makes a durable signal in the table. */
  #state<T>(initial: T, name: string): Signal<T> {
    const within = { node: this.node, structural: slot.require('ui.table').structural };
    return pageHost.require('ui.table').state(within, initial, name);
  }

  #head(
    columns: Columns<Row>,
    shown: ReadonlySignal<readonly Row[]>,
    { selection, onSelect }: TableOptions<Row>,
  ): void {
    new TableRow(() => {
      if (selection) {
        new TableHeader('', undefined, undefined, () => {
          if (selection !== 'multiple') return;
          const chosen = computed(() => {
            const keys = new Set(this.#keys.value);
            return shown.value.filter((row) => keys.has(this.#keyOf(row))).length;
          });
          const every = () => chosen.value > 0 && chosen.value === shown.value.length;
          new Checkbox('', {
            value: every as MaybeReactive<boolean>,
            mixed: () => chosen.value > 0 && !every(),
            onChange: (on) => {
              const keys = new Set(this.#keys.value);
              for (const row of shown.value) keys[on ? 'add' : 'delete'](this.#keyOf(row));
              this.#select([...keys], onSelect);
            },
          }).props({ 'aria-label': 'Select all rows of the page' });
        });
      }
      for (const column of columns.all) {
        const header = new TableHeader(
          columns.label(column),
          column.align,
          column.sortable ? 'none' : undefined,
          undefined,
          column.name,
        );
        // From another order on, the reader begins at its first page.
        if (column.sortable)
          header.follow(this.#sorting, column.name, (sorting) =>
            this.#show(this.#elsewhere ? 1 : this.#page.value, sorting),
          );
      }
    });
  }

  #row(columns: Columns<Row>, row: Row, { selection, onSelect }: TableOptions<Row>): void {
    const key = this.#keyOf(row);
    const line = new TableRow(() => {
      if (selection) {
        new TableCell('', undefined, () => {
          new Checkbox('', {
            value: (() => this.#keys.value.includes(key)) as MaybeReactive<boolean>,
            onChange: (on) => {
              const others = selection === 'single' ? [] : this.#keys.value.filter((one) => one !== key);
              this.#select(on ? [...others, key] : others, onSelect);
            },
          }).props({ 'aria-label': `Select ${columns.all[0] ? columns.text(columns.all[0], row) : key}` });
        });
      }
      for (const column of columns.all) {
        const { cell, align } = column;
        new TableCell(cell ? '' : columns.text(column, row), align, cell && (() => cell(row)));
      }
    });
    if (selection) line.follow(() => this.#keys.value.includes(key));
  }

  #nothing(columns: Columns<Row>, { selection, noData = 'No data' }: TableOptions<Row>): void {
    const span = columns.all.length + (selection ? 1 : 0);
    new TableRow(() => new TableCell(noData, 'center', undefined, span));
  }

  #select(keys: readonly string[], onSelect: TableOptions<Row>['onSelect']): unknown {
    this.#keys.value = keys;
    return onSelect?.(this.selected);
  }
}

/** Returns the columns that the author gives, or those of the fields of the first row, also when it comes later. */
function columnsOf<Row extends object>(
  given: readonly Column<Row>[] | undefined,
  first: () => Row | undefined,
): ReadonlySignal<Columns<Row>> {
  if (given) {
    const columns = new Columns(given);
    return computed(() => columns);
  }
  let names = '[]';
  // A table that has lost its rows still has its columns. Only other names make others.
  const last = computed(() => {
    const row = first();
    if (row) names = JSON.stringify(Object.keys(row));
    return names;
  });
  return computed(() => new Columns<Row>((JSON.parse(last.value) as string[]).map((name) => ({ name }))));
}

function isElsewhere<Row>(rows: MaybeReactive<readonly Row[]> | List<Row> | RowSource<Row>): rows is RowSource<Row> {
  return typeof (rows as Partial<RowSource<Row>> | undefined)?.load === 'function';
}

/** A row of headers or of cells. */
class TableRow extends Element {
  constructor(build: () => unknown) {
    super('tableRow', {});
    this.add(() => void build());
  }

  follow(selected: () => boolean): void {
    this.bind('selected', selected, (now) => now || undefined);
  }
}

/** The header of a column. */
class TableHeader extends Element {
  constructor(text: string, align?: Column<never>['align'], order?: 'none', build?: () => void, key?: string) {
    const props = own<'tableHeader'>({ text, ...(align && { align }), ...(order && { order }) });
    super('tableHeader', props, key === undefined ? {} : { key });
    if (build) this.add(build);
  }

  /** Shows whether the rows are sorted by the column. A click sorts them up, then down, then not. */
  follow(sorting: Signal<Sorting | null>, column: string, order: (by: Sorting | null) => unknown): void {
    this.bind('order', () => {
      if (sorting.value?.column !== column) return 'none';
      return sorting.value.descending ? 'descending' : 'ascending';
    });
    this.on('click', () => {
      const now = sorting.value?.column === column ? sorting.value : undefined;
      return order(now?.descending ? null : { column, descending: now !== undefined });
    });
  }
}

/** A cell with a text or with elements. */
class TableCell extends Element {
  constructor(text: string, align?: Column<never>['align'], build?: () => unknown, span?: number) {
    const props: { [name: string]: Json } = { ...(text && { text }), ...(align && { align }), ...(span && { span }) };
    super('tableCell', props);
    if (build) this.add(() => void build());
  }
}

/**
 * Shows rows in columns. The user sorts by the buttons in the headers, turns pages and selects rows by check boxes (a native
 * table). Filter, order and pages are computed on the server.
 *
 * @example
 * const search = ui.state('');
 * ui.input('Search', { value: search });
 * ui.table(
 *   [
 *     { id: 1, name: 'Ada', born: 1815 },
 *     { id: 2, name: 'Grace', born: 1906 },
 *   ],
 *   {
 *     columns: [
 *       { name: 'name', sortable: true },
 *       { name: 'born', label: 'Year of birth', align: 'right', sortable: true },
 *     ],
 *     filter: search,
 *     selection: 'multiple',
 *     onSelect: (rows) => ui.notify(`${rows.length} selected`),
 *   },
 * );
 *
 * @example
 * ui.table(orders, {
 *   columns: [
 *     { name: 'total', format: (total: number) => total.toFixed(2) },
 *     { name: 'action', label: '', cell: (order) => ui.button('Pay', () => pay(order.id)) },
 *   ],
 * });
 *
 * @example
 * const people = ui.list([{ id: 1, name: 'Ada' }], 'id');
 * ui.table(people);
 * ui.button('Add', () => people.add({ id: 2, name: 'Grace' }));
 *
 * @example
 * // A hundred thousand rows that a task reads: the page has those that it shows.
 * const rows = { rows: first, total, load: (wanted: RowRequest) => run.cpuBound(tasks.rows, file, search.value, wanted) };
 * const table = ui.table(rows, { columns });
 * ui.input('Search', { value: search, onChange: () => table.reload() });
 *
 * @param rows a list of `ui.list`, `shared.list` or `storage`; an array, a signal of one, or a function that returns one; or rows
 *   that are elsewhere. Give a changed row as a new object.
 * @throws {TypeError} when a row has no key, or two columns have the same name.
 */
export function table<Row extends object>(
  rows: MaybeReactive<readonly Row[]> | List<Row> | RowSource<Row>,
  options?: TableOptions<Row>,
): Table<Row> {
  return new Table(rows, options);
}
