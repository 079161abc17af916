// What a part of the benchmark is given: which of its measurements to make, how long they may take, and a place for findings.

import type { Figure, Findings, Table } from './findings.ts';

export interface Part {
  readonly title: string;
  run(bench: Bench): Promise<void>;
}

export class Bench {
  /** True for a run of a few minutes, whose figures are rough. */
  readonly quick: boolean;
  readonly figures: Figure[] = [];
  readonly tables: Table[] = [];
  readonly notes: string[] = [];
  readonly versions: Record<string, string> = {};
  failed = false;
  readonly #chosen: readonly string[];

  constructor(quick: boolean, chosen: readonly string[]) {
    this.quick = quick;
    this.#chosen = chosen;
  }

  /** Returns `whole`, or `rough` in a quick run. */
  rounds(whole: number, rough: number): number {
    return this.quick ? rough : whole;
  }

  /** Returns true when one of the measurements is to be made, so that a server they share has to be started. */
  wants(...names: readonly string[]): boolean {
    return this.#chosen.length === 0 || names.some((name) => this.#chosen.includes(name));
  }

  /** Makes a measurement, unless others were chosen. One that fails leaves a sentence, and the part continues. */
  async measure(name: string, work: () => Promise<Findings>): Promise<void> {
    if (!this.wants(name)) return;
    const began = performance.now();
    try {
      const { figures = [], tables = [], notes = [] } = await work();
      this.figures.push(...figures.filter(({ value }) => Number.isFinite(value)));
      this.tables.push(...tables);
      this.notes.push(...notes);
      console.error(`  ${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    } catch (error) {
      this.failed = true;
      this.notes.push(`The measurement \`${name}\` failed: ${(error as Error).message.split('\n')[0]}`);
      console.error(`  ${name}:`, error);
    }
  }
}
