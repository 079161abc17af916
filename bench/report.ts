// Writes what was found: bench/results/latest/PART.json, bench/figures/*.svg, and bench/RESULTS.md from all results there are.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chart } from './chart.ts';
import { floors, ours } from './contenders/contender.ts';
import { type Figure, limitText, type Result, rounded, type Table, within } from './findings.ts';
import { parts } from './parts/index.ts';
import { writeReadme } from './readme.ts';

const results = path.join(import.meta.dirname, 'results/latest');
const figures = path.join(import.meta.dirname, 'figures');

/** Writes the results of the parts that were measured, and the report of these and of all earlier ones. */
export async function writeReport(measured: readonly Result[]): Promise<void> {
  await mkdir(results, { recursive: true });
  for (const result of measured) {
    await writeFile(path.join(results, `${result.part}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
  const all = await readResults();
  await rm(figures, { recursive: true, force: true });
  await mkdir(figures, { recursive: true });
  for (const { part, tables } of all) {
    for (const table of tables) if (table.chart) await writeFile(path.join(figures, fileOf(part, table)), chart(table));
  }
  await writeFile(path.join(import.meta.dirname, 'RESULTS.md'), markdown(all));
  await writeReadme(all);
  console.error('\nWritten to bench/RESULTS.md, bench/results, bench/figures and README.md.');
}

/** Returns the last results of each part that has some, in the order of the parts. */
export async function readResults(): Promise<Result[]> {
  const found = (await readdir(results).catch(() => [])).filter((file) => file.endsWith('.json'));
  const names = Object.keys(parts).filter((name) => found.includes(`${name}.json`));
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(path.join(results, `${name}.json`), 'utf8')) as Result),
  );
}

export function markdown(all: readonly Result[]): string {
  const losses = all.flatMap(({ tables }) => tables.flatMap(lossesOf));
  const missed = all.flatMap(({ figures }) => figures).filter(({ aim, value }) => aim && !within(value, aim));
  return [
    '# What Edgewise costs',
    '',
    'Written by `npm run bench`. The contenders of a table were measured in one run, on one machine, behind the same',
    'client. The `bare` columns do less than a page does: they show what the platform itself costs. `by hand` is an object',
    'that is written for this one click and makes it as durable, without a page, a replay or a deploy. Ratios compare',
    'better from machine to machine than times do.',
    '',
    '## Where we lose',
    '',
    ...(losses.length > 0 ? losses.map((text) => `- ${text}`) : ['No peer was better in any row.']),
    '',
    '### Aims that are missed',
    '',
    ...(missed.length > 0
      ? missed.map(({ name, value, unit, aim }) => `- ${name}: ${amount(value, unit)}, aim ${aim && limitText(aim)}`)
      : ['None.']),
    '',
    ...all.flatMap(section),
  ].join('\n');
}

function section({ part, title, figures, tables, notes, date, seconds, command, machine, versions }: Result): string[] {
  return [
    `## ${title}`,
    '',
    `\`${command}\`, ${date} UTC, ${seconds} s, ${machine}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    ...tables.flatMap((table) => [...tableText(table), ...pictureOf(part, table)]),
    ...(figures.length > 0 ? figuresText(figures) : []),
    ...notes.map((note) => `- ${note}`),
    '',
  ];
}

function tableText({ title, unit, by, columns, rows, note }: Table): string[] {
  return [
    `**${title}**, ${unit}`,
    '',
    line([by, ...columns]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map(({ name, values }) => line([name, ...values.map((value) => (value === null ? '–' : rounded(value)))])),
    '',
    ...(note ? [note, ''] : []),
  ];
}

function figuresText(figures: readonly Figure[]): string[] {
  return [
    line(['figure', 'value', 'rounds', 'aim', '', '']),
    line(['---', '---:', '---', '---', '---', '---']),
    ...figures.map(({ name, value, unit, spread, aim, note }) =>
      line([
        name,
        amount(value, unit),
        spread ? `${rounded(spread[0])} to ${rounded(spread[1])}` : '',
        aim ? limitText(aim) : '',
        aim ? (within(value, aim) ? 'met' : '**MISSED**') : '',
        note ?? '',
      ]),
    ),
    '',
  ];
}

/** Returns a sentence for each row in which a peer is better. */
function lossesOf({ title, unit, by, better, columns, rows }: Table): string[] {
  const mine = columns.indexOf(ours);
  if (!better || mine < 0) return [];
  return rows.flatMap(({ name, values }) => {
    const own = values[mine] ?? null;
    const ahead = columns.flatMap((column, index) => {
      const value = values[index] ?? null;
      if (value === null || column === ours || floors.includes(column)) return [];
      const lost = own === null || (better === 'low' ? value < own : value > own);
      return lost ? [`${column} ${amount(value, unit)}`] : [];
    });
    if (ahead.length === 0) return [];
    return [`${title}, ${by} ${name}: ${own === null ? 'not possible' : amount(own, unit)}; ${ahead.join(', ')}`];
  });
}

function amount(value: number, unit: string): string {
  return `${rounded(value)}${/^\w/.test(unit) ? ' ' : ''}${unit}`;
}

function pictureOf(part: string, table: Table): string[] {
  return table.chart ? [`![${table.title}](figures/${fileOf(part, table)})`, ''] : [];
}

function fileOf(part: string, { title }: Table): string {
  return `${part}-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.svg`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
