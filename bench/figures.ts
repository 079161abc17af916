// The figures of a measurement, beside their limits.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The limit of the value; undefined for a figure without one. */
  readonly aim?: { readonly at: 'most' | 'least'; readonly value: number };
  /** Lowest and highest value of the rounds. */
  readonly spread?: readonly [number, number];
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Returns the median of the rounds' own ratios. A disturbance in a round slows both sides, so the ratio is hardly affected. */
export function ratio(ours: readonly number[], theirs: readonly number[]): { value: number; spread: [number, number] } {
  const ratios = ours.map((value, round) => value / (theirs[round] as number));
  return { value: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}

export function met({ value, aim }: Figure): boolean | undefined {
  if (!aim) return undefined;
  return aim.at === 'most' ? value <= aim.value : value >= aim.value;
}

/** Prints the figures as a table and writes them to bench/results; with --json, prints the JSON and writes nothing. */
export async function report(name: string, figures: readonly Figure[]): Promise<void> {
  const result = {
    bench: name,
    node: process.version,
    figures: figures.map((figure) => ({ ...figure, met: met(figure) })),
  };
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (process.argv.includes('--json')) {
    process.stdout.write(json);
    return;
  }
  const rows = figures.map((figure) => {
    const { aim, spread, note } = figure;
    const held = met(figure);
    return [
      figure.name,
      `${round(figure.value)} ${figure.unit}`.trim(),
      spread ? `${round(spread[0])} .. ${round(spread[1])}` : '',
      aim ? `${aim.at === 'most' ? '≤' : '≥'} ${round(aim.value)}` : '',
      held === undefined ? '' : held ? 'met' : 'MISSED',
      note ?? '',
    ];
  });
  const head = ['figure', 'value', 'rounds', 'aim', '', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  const file = path.join(import.meta.dirname, 'results', `${name}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, json);
  console.log(`\nWritten to ${path.relative(process.cwd(), file)}.`);
}

function round(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
