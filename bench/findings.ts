// What a part of the benchmark finds: figures, and tables that compare contenders.

export interface Limit {
  readonly at: 'most' | 'least';
  readonly value: number;
}

export interface Figure {
  /** Names the figure in results, budgets and README, such as `interaction.roundTrip/echo`. */
  readonly id: string;
  /** Says what was measured. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value should be; undefined for a figure without an aim. */
  readonly aim?: Limit;
  /** Lowest and highest value of the rounds. */
  readonly spread?: readonly [number, number];
  readonly note?: string;
}

/** Compares contenders: a column for each, a row for each setting. */
export interface Table {
  readonly title: string;
  readonly unit: string;
  /** The head of the first column, such as `sessions`. */
  readonly by: string;
  /** Which values are better. Undefined for a table whose columns are no contenders. */
  readonly better?: 'low' | 'high';
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly note?: string;
  /** The figure to draw. @default none */
  readonly chart?: 'bars' | 'lines';
}

export interface Row {
  readonly name: string;
  /** One for each column; null where the contender was not measured. */
  readonly values: readonly (number | null)[];
}

export interface Findings {
  readonly figures?: readonly Figure[];
  readonly tables?: readonly Table[];
  /** Sentences that a reader needs in order to judge the figures. */
  readonly notes?: readonly string[];
}

/** What a part writes to bench/results. */
export interface Result {
  readonly part: string;
  readonly title: string;
  readonly date: string;
  readonly seconds: number;
  readonly command: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly figures: readonly (Figure & { readonly met?: boolean })[];
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

/** Returns whether a value is within its limit, which a margin widens: 0.25 allows a quarter more, or less. */
export function within(value: number, { at, value: limit }: Limit, margin = 0): boolean {
  return at === 'most' ? value <= limit * (1 + margin) : value >= limit / (1 + margin);
}

/** Writes a number with three digits, as a person compares it. */
export function rounded(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4);
}

export function limitText({ at, value }: Limit): string {
  return `${at === 'most' ? '≤' : '≥'} ${rounded(value)}`;
}
