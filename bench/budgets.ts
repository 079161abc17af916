// The limits that no change may pass. Ratios of one run are noisy, so `--check` allows a margin. What is counted is the
// same on every machine, so `npm test` compares it exactly.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Limit, limitText, type Result, rounded, within } from './findings.ts';

export interface Budgets {
  /** Part of a ratio's limit that noise may add: 0.25 is a quarter. */
  readonly margin: number;
  /** Limits of figures by their id, which `npm run bench -- --check` measures. One that no noise reaches has a margin of its own. */
  readonly ratios: Readonly<Record<string, Limit & { readonly margin?: number }>>;
  /** The most that a case of bench/counting/cases.ts may need: `click.rows` is the rows that a click alone writes. */
  readonly counted: Readonly<Record<string, number>>;
  /**
   * The most compressed bytes: of the script that takes a page over and connects it, of all scripts that the plainest page of the
   * gallery loads, and of the gallery's style sheet.
   */
  readonly sizes: Readonly<Record<string, number>>;
  /** The largest exponents of bench/counting/growth.ts: 0 is constant, 1 linear. */
  readonly exponents: Readonly<Record<string, number>>;
}

export async function readBudgets(): Promise<Budgets> {
  return JSON.parse(await readFile(path.join(import.meta.dirname, 'budgets.json'), 'utf8')) as Budgets;
}

/** Returns a sentence for each figure that is past its budget. A figure that was not measured is no error. */
export async function overBudget(results: readonly Result[]): Promise<string[]> {
  const { margin, ratios } = await readBudgets();
  return results
    .flatMap(({ figures }) => figures)
    .flatMap(({ id, name, value }) => {
      const limit = ratios[id];
      if (!limit || within(value, limit, limit.margin ?? margin)) return [];
      return [`${id} is past its budget: ${rounded(value)}, should be ${limitText(limit)} (${name}).`];
    });
}
