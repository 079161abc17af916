// How the CPU of the server grows with the size of what it works on. bench/counting/growth.ts counts rows and bytes.

import type { Bench, Part } from '../bench.ts';
import type { Figure, Findings, Table } from '../findings.ts';
import { type Host, startHost } from '../host.ts';
import { exponent, median } from '../statistics.ts';
import { shows, type Visit } from '../visit.ts';
import { until } from '../wait.ts';

export const growth: Part = { title: 'Growth', run };

async function run(bench: Bench): Promise<void> {
  if (!bench.wants('sizes', 'sessions', 'aims')) return;
  await using host = await startHost();
  await bench.measure('aims', () => aims(bench, host));
  await bench.measure('sizes', () => sizes(bench, host));
  await bench.measure('sessions', () => sessions(bench, host));
}

interface Growing {
  readonly id: string;
  readonly name: string;
  readonly sizes: readonly number[];
  /** Returns milliseconds of CPU. */
  readonly cost: (host: Host, size: number) => Promise<number>;
}

const growing: readonly Growing[] = [
  { id: 'first', name: 'first paint of a page of n elements', sizes: [10, 100, 1_000, 10_000], cost: opening },
  {
    id: 'click',
    name: 'click on a page of n elements',
    sizes: [10, 100, 1_000, 10_000],
    cost: (host, size) => clicking(host, `/grow/elements?size=${size}`, 20),
  },
  {
    id: 'bound',
    name: 'click that changes n texts',
    sizes: [10, 100, 1_000, 10_000],
    cost: (host, size) => clicking(host, `/grow/bound?size=${size}`, 10),
  },
  {
    id: 'list',
    name: 'an item more in a list of n',
    sizes: [10, 100, 1_000, 10_000, 30_000],
    cost: (host, size) => clicking(host, `/grow/list?size=${size}`, 10),
  },
  {
    id: 'jobs',
    name: 'n jobs at once',
    sizes: [1, 10, 100, 1_000],
    cost: (host, size) => finishing(host, 'jobs', size),
  },
  {
    id: 'calls',
    name: 'n durable calls of one handler',
    sizes: [1, 10, 100, 1_000],
    cost: (host, size) => finishing(host, 'calls', size),
  },
  {
    id: 'passing',
    name: 'n calls of one handler, durable: false',
    sizes: [1, 10, 100, 1_000],
    cost: (host, size) => finishing(host, 'passing', size),
  },
  {
    id: 'log',
    name: 'n lines of a log',
    sizes: [100, 1_000, 10_000, 100_000],
    cost: (host, size) => finishing(host, 'log', size),
  },
];

async function sizes(bench: Bench, host: Host): Promise<Findings> {
  const points = new Map<string, (readonly [size: number, cost: number])[]>();
  for (const { name, sizes, cost } of growing) {
    const found: (readonly [number, number])[] = [];
    for (const size of bench.quick ? sizes.slice(0, -1) : sizes) {
      const rounds: number[] = [];
      // The first round warms up.
      for (let round = -1; round < bench.rounds(size > 1_000 ? 2 : 3, 1); round++) {
        const cpu = await cost(host, size);
        if (round >= 0) rounds.push(cpu);
      }
      found.push([size, median(rounds)]);
    }
    points.set(name, found);
  }
  return {
    figures: growing.map(({ id, name }) => exponentOf(id, name, points.get(name) ?? [])),
    tables: [tableOf(points)],
    notes: [
      'CPU of workerd. An exponent of 0 is constant, of 1 linear. It is that of the three largest sizes, by regression.',
    ],
  };
}

/** Measures a click in one session while others are connected and idle. */
async function sessions(bench: Bench, host: Host): Promise<Findings> {
  const pages: Visit[] = [];
  const found: (readonly [number, number])[] = [];
  for (const count of bench.quick ? [1, 10, 100] : [1, 10, 100, 1_000, 2_000]) {
    while (pages.length < count) {
      const missing = Math.min(20, count - pages.length);
      const some = await Promise.all(Array.from({ length: missing }, () => host.visit('/counter')));
      await Promise.all(some.map((page) => page.connect()));
      pages.push(...some);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const page = pages[0] as Visit;
    const rounds: number[] = [];
    for (let round = 0; round < 5; round++) rounds.push(await clickCpu(host, page, 20));
    found.push([count, median(rounds)]);
  }
  for (const page of pages) page.cut();
  const name = 'click in one of n sessions';
  return { figures: [exponentOf('sessions', name, found)], tables: [tableOf(new Map([[name, found]]))] };
}

/** The aims for single operations. The cost of a click that changes nothing else is taken off. */
async function aims(bench: Bench, host: Host): Promise<Findings> {
  const rounds = bench.rounds(9, 3);
  const all = { none: [] as number[], bound: [] as number[], state: [] as number[], first: [] as number[] };
  // Two rounds warm up.
  for (let round = -2; round < rounds; round++) {
    const measured = {
      none: await clicking(host, '/grow/elements?size=1000', 15),
      bound: await clicking(host, '/grow/bound?size=1000', 15),
      state: await clicking(host, '/grow/state?size=1000', 15),
      first: await opening(host, 10_000),
    };
    if (round < 0) continue;
    for (const side of ['none', 'bound', 'state', 'first'] as const) all[side].push(measured[side]);
  }
  const none = median(all.none);
  return {
    figures: [
      {
        id: 'growth.boundLabel',
        name: 'each of 1,000 bound labels that change at once',
        value: ((median(all.bound) - none) / 1_000) * 1_000,
        unit: 'µs',
        aim: { at: 'most', value: 2 },
      },
      {
        id: 'growth.stateOfItems',
        name: 'a state of 1,000 plain items, changed and stored',
        value: median(all.state) - none,
        unit: 'ms',
        aim: { at: 'most', value: 0.4 },
      },
      {
        id: 'growth.firstPaint',
        name: 'first HTML of a page of 10,000 elements',
        value: median(all.first),
        unit: 'ms',
        aim: { at: 'most', value: 100 },
      },
    ],
  };
}

function exponentOf(id: string, name: string, points: readonly (readonly [number, number])[]): Figure {
  return {
    id: `growth.${id}`,
    name: `exponent of: ${name}`,
    // The smallest sizes show what a click costs, and no growth.
    value: exponent(points.slice(-3)),
    unit: '',
    aim: { at: 'most', value: 1.1 },
    note: points.map(([size, cost]) => `${size.toLocaleString('en')}: ${cost.toFixed(2)} ms`).join(', '),
  };
}

function tableOf(points: ReadonlyMap<string, readonly (readonly [number, number])[]>): Table {
  const sizes = [...new Set([...points.values()].flat().map(([size]) => size))].sort((a, b) => a - b);
  return {
    title: points.size > 1 ? 'CPU as the size grows' : 'CPU as the number of sessions grows',
    unit: 'ms',
    by: 'n',
    columns: [...points.keys()],
    rows: sizes.map((size) => ({
      name: String(size),
      values: [...points.values()].map((found) => found.find(([each]) => each === size)?.[1] ?? null),
    })),
    chart: 'lines',
  };
}

async function opening(host: Host, size: number): Promise<number> {
  const before = await host.cpu();
  await fetch(new URL(`/grow/elements?size=${size}`, host.url)).then((response) => response.text());
  return (await host.cpu()) - before;
}

async function clicking(host: Host, path: string, clicks: number): Promise<number> {
  const page = await host.visit(path);
  await page.connect();
  // The connection's own work is over.
  await new Promise((resolve) => setTimeout(resolve, 150));
  await clickCpu(host, page, 3);
  const cpu = await clickCpu(host, page, clicks);
  page.cut();
  return cpu;
}

/** Returns the CPU of each of some clicks, one after the other, until all are stored. */
async function clickCpu(host: Host, page: Visit, clicks: number): Promise<number> {
  const before = await host.cpu();
  for (let click = 0; click < clicks; click++) {
    const answer = Promise.withResolvers<void>();
    page.onshown = () => answer.resolve();
    page.click();
    await answer.promise;
  }
  await until(() => page.durable === page.clicks);
  return ((await host.cpu()) - before) / clicks;
}

/** Returns the CPU of one click whose handler shows `done` at its end. */
async function finishing(host: Host, what: string, size: number): Promise<number> {
  const page = await host.visit(`/grow/${what}?size=${size}`);
  await page.connect();
  const before = await host.cpu();
  await shows(page, /done 1/, () => page.click());
  await until(() => page.durable === page.clicks);
  const cpu = (await host.cpu()) - before;
  page.cut();
  return cpu;
}
