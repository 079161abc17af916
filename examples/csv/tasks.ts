// Runs in the compute Worker. The rows of a file stay here: a page gets the fifty that it shows.
import type { FileRef, RowRequest, RowWindow } from 'edgewise';
import { lineOf, Parser } from './parser.ts';

export interface Column {
  readonly name: string;
  /** True when all its cells are numbers. */
  readonly numeric: boolean;
}

export interface Row {
  /** Number of the row in the file, from 1. */
  readonly id: number;
  readonly cells: readonly string[];
}

/** What a file has, with its first rows and a first summary. */
export interface Analysis extends RowWindow<Row> {
  readonly columns: readonly Column[];
  readonly by: string;
  readonly measure: string;
  readonly groups: readonly Group[];
}

/** Rows of one value of a column. */
export interface Group {
  readonly name: string;
  readonly count: number;
  /** Sum of a column of numbers. */
  readonly sum: number;
}

/** Reads a file. Yields its progress as a number from 0 to 1. */
export async function* analyse(file: FileRef, count: number): AsyncGenerator<number, Analysis> {
  const { columns, rows } = yield* read(file);
  const texts = columns.filter(({ numeric }) => !numeric);
  const by = (texts[1] ?? texts[0] ?? columns[0])?.name ?? '';
  const measure = columns.findLast(({ numeric }) => numeric)?.name ?? '';
  const first = matching(rows.slice(0, count), '');
  return { columns, rows: first, total: rows.length, by, measure, groups: await groupsOf(file, '', by, measure) };
}

/** Returns some of the rows that contain a text. */
export async function rowsOf(file: FileRef, search: string, { from, count, orderBy, descending }: RowRequest) {
  const { columns, rows } = await known(file);
  const found = matching(rows, search);
  const column = columns.findIndex(({ name }) => name === orderBy);
  const ordered = column < 0 ? found : sorted(found, column, columns[column]?.numeric === true, descending);
  return { rows: ordered.slice(from, from + count), total: found.length };
}

/** Adds the rows that contain a text up by the values of a column: the largest eight, and the others together. */
export async function groupsOf(file: FileRef, search: string, by: string, measure: string): Promise<Group[]> {
  const { columns, rows } = await known(file);
  const column = columns.findIndex(({ name }) => name === by);
  const summed = columns.findIndex(({ name }) => name === measure);
  const groups = new Map<string, Group>();
  for (const { cells } of matching(rows, search)) {
    const name = cells[column] ?? '';
    const { count, sum } = groups.get(name) ?? { count: 0, sum: 0 };
    groups.set(name, { name, count: count + 1, sum: sum + (Number(cells[summed]) || 0) });
  }
  const all = [...groups.values()].sort((a, b) => b.sum - a.sum || b.count - a.count);
  const others = { name: 'Others', count: 0, sum: 0 };
  for (const { count, sum } of all.slice(8)) {
    others.count += count;
    others.sum += sum;
  }
  return others.count > 0 ? [...all.slice(0, 8), others] : all;
}

/** Returns the rows that contain a text as a CSV file. */
export async function filtered(file: FileRef, search: string): Promise<string> {
  const { columns, rows } = await known(file);
  return [columns.map(({ name }) => name), ...matching(rows, search).map(({ cells }) => cells)].map(lineOf).join('');
}

/** Makes a file to try it with. */
export function sample(count: number): string {
  const [regions, goods] = [
    ['North', 'South', 'West', 'East'],
    ['Coffee', 'Tea', 'Mugs', 'Filters', 'Beans', 'Grinders'],
  ];
  const lines = ['date,region,product,pieces,amount,customer\n'];
  for (let n = 0; n < count; n++) {
    const random = (below: number, salt: number) => (((n + 1) * 2_654_435_761 * salt) % 4_294_967_296) % below;
    const date = new Date(Date.UTC(2026, 0, 1 + (n % 365))).toISOString().slice(0, 10);
    const pieces = 1 + random(9, 3);
    const amount = ((pieces * (500 + random(4_000, 7))) / 100).toFixed(2);
    lines.push(
      `${date},${regions[random(4, 1)]},${goods[random(6, 5)]},${pieces},${amount},customer${random(5_000, 11)}@example.com\n`,
    );
  }
  return lines.join('');
}

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (Row & { readonly text: string })[];
}

/** The files that were read last, because a page asks for the same one again and again. Nobody can guess the id of a file. */
const recent = new Map<string, Table>();

async function known(file: FileRef): Promise<Table> {
  const table = recent.get(file.id);
  if (table) return table;
  const steps = read(file);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

async function* read(file: FileRef): AsyncGenerator<number, Table> {
  const parser = new Parser();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const piece = 65_536;
  let bytes = 0;
  for await (const chunk of await file.stream()) {
    for (let at = 0; at < chunk.length; at += piece) {
      const part = chunk.subarray(at, at + piece);
      parser.push(textOf(() => decoder.decode(part, { stream: true })));
      bytes += part.length;
      yield bytes / file.size;
    }
  }
  parser.push(textOf(() => decoder.decode()));
  parser.end();
  const [header, ...rows] = parser.rows;
  if (!header) throw new Error('The file is empty.');
  const twice = header.find((name, index) => header.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`Two columns have the name "${twice}".`);
  const columns = header.map((name, index) => ({
    name,
    numeric: rows.length > 0 && rows.every((row) => isNumber(row[index])),
  }));
  const table = {
    columns,
    rows: rows.map((cells, index) => ({ id: index + 1, cells, text: cells.join('\n').toLowerCase() })),
  };
  for (const id of [...recent.keys()].slice(0, -1)) recent.delete(id);
  recent.set(file.id, table);
  return table;
}

function textOf(decode: () => string): string {
  try {
    const text = decode();
    if (!text.includes('\0')) return text;
  } catch {
    // Not UTF-8.
  }
  throw new Error('The file is no text in UTF-8.');
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell));
}

function matching(rows: Table['rows'], search: string): Row[] {
  const wanted = search.trim().toLowerCase();
  const found = wanted === '' ? rows : rows.filter(({ text }) => text.includes(wanted));
  return found.map(({ id, cells }) => ({ id, cells }));
}

function sorted(rows: readonly Row[], column: number, numeric: boolean, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  const valued = rows.map((row) => ({ row, value: numeric ? Number(row.cells[column]) : (row.cells[column] ?? '') }));
  valued.sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : a.row.id - b.row.id));
  return valued.map(({ row }) => row);
}
