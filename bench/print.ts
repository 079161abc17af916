// Prints findings in a terminal.

import { limitText, type Result, rounded, within } from './findings.ts';

export function print({ title, figures, tables, notes }: Result): void {
  console.log(`\n${title}\n`);
  for (const { title, unit, by, columns, rows } of tables) {
    const body = rows.map(({ name, values }) => [
      name,
      ...values.map((value) => (value === null ? '' : rounded(value))),
    ]);
    columnsOf([[`${title}, ${unit}, by ${by}`, ...columns], ...body]);
    console.log();
  }
  const lines = figures.map(({ id, name, value, unit, spread, aim, note }) => [
    id,
    name,
    `${rounded(value)} ${unit}`,
    spread ? `${rounded(spread[0])} .. ${rounded(spread[1])}` : '',
    aim ? limitText(aim) : '',
    aim ? (within(value, aim) ? 'met' : 'MISSED') : '',
    note ?? '',
  ]);
  if (lines.length > 0) columnsOf([['id', 'figure', 'value', 'rounds', 'aim', '', ''], ...lines]);
  for (const note of notes) console.log(`- ${note}`);
}

function columnsOf(lines: readonly (readonly string[])[]): void {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length))) ?? [];
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
