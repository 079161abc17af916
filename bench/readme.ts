// The five figures of README, as the last results have them.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Result, rounded } from './findings.ts';

const file = path.join(import.meta.dirname, '../README.md');
const begin = '<!-- figures: written by `npm run bench` -->';
const end = '<!-- end of the figures -->';

/** What README says of a figure, and how its value reads. */
const quoted: readonly (readonly [id: string, text: string, unit: string])[] = [
  ['interaction.roundTrip/echo', 'a click until its answer, against a bare Durable Object that echoes', ' times'],
  ['interaction.rate50/NiceGUI', 'stored clicks a second of 50 visitors, against NiceGUI, which stores none', ' times'],
  ['sessions.delivered', 'clicks that count exactly once over a network that breaks every 15 s', ' %'],
  ['bill.click.rows', 'rows that a lone click writes, which are most of its bill', ''],
  ['load.script', 'JavaScript that takes a page over, compressed', ' KB'],
];

/** Returns the lines of README's table. Throws when a figure was never measured. */
export function quotedFigures(results: readonly Result[]): string[] {
  const rows = quoted.map(([id, text, unit]) => {
    for (const { part, figures } of results) {
      const figure = figures.find((each) => each.id === id);
      if (figure) return [text, `${rounded(figure.value)}${unit}`, `\`npm run bench -- ${part}\``];
    }
    throw new Error(`bench/results has no figure '${id}'. Run \`npm run bench\`.`);
  });
  const all = [['what', 'figure', 'measured by'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(all[0] ?? []), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}

/** Returns the lines of the table that README has now. */
export async function figuresInReadme(): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return text
    .slice(text.indexOf(begin) + begin.length, text.indexOf(end))
    .trim()
    .split('\n');
}

/** Writes the table into README, once each of its figures was measured. */
export async function writeReadme(results: readonly Result[]): Promise<void> {
  const known = new Set(results.flatMap(({ figures }) => figures.map(({ id }) => id)));
  if (quoted.some(([id]) => !known.has(id))) return;
  const text = await readFile(file, 'utf8');
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  await writeFile(file, [before, ...quotedFigures(results), text.slice(text.indexOf(end))].join('\n'));
}
