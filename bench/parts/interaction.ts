// A click on a page of 52 elements, until its answer is there: one visitor at a time, and many at once.

import { chromium } from 'playwright-core';
import { launchOptions } from '../../test/chromium.ts';
import type { Bench, Part } from '../bench.ts';
import { bare } from '../contenders/bare.ts';
import { edgewise } from '../contenders/edgewise.ts';
import { type Contender, type Contenders, floors, ours, startContenders, type Visitor } from '../contenders/index.ts';
import type { Figure, Findings, Table } from '../findings.ts';
import { startHost } from '../host.ts';
import { clickAndWait, watchClicks } from '../painted.ts';
import { startProxy } from '../proxy.ts';
import { median, quantile, ratio } from '../statistics.ts';

export const interaction: Part = { title: 'Interaction', run };

async function run(bench: Bench): Promise<void> {
  if (bench.wants('clicks')) {
    await using contenders = await startContenders();
    await bench.measure('clicks', () => clicks(bench, contenders));
  }
  await bench.measure('handlers', () => handlers(bench));
  await bench.measure('painted', () => painted(bench));
}

/**
 * How often the contenders take turns, and for how many milliseconds each of them is clicked in a turn. In the first `warm` turns,
 * which do not count, the platform compiles what runs often: it takes some 15,000 clicks to be done with an engine.
 */
const plans = [
  { count: 1, warm: 20, rounds: 24, time: 900 },
  { count: 10, warm: 2, rounds: 6, time: 900 },
  { count: 50, warm: 2, rounds: 12, time: 900 },
  { count: 200, warm: 2, rounds: 5, time: 1_500 },
] as const;
/** Milliseconds after a round of many visitors. What a contender does then, it does for its own clicks. */
const rest = 400;
/** Clicks of one visitor in a round. A session of Edgewise accepts 1,200 frames at once, and then 200 a second. */
const mostClicks = 800;

/** What the rounds of one contender say, with one number of visitors. */
interface Series {
  readonly p50: number[];
  readonly p99: number[];
  readonly rate: number[];
  readonly late: number[];
  readonly cpu: number[];
}

/** The contenders take turns in each round, so a disturbance meets all of them. */
async function clicks(bench: Bench, { list, missing }: Contenders): Promise<Findings> {
  const measured = new Map<number, Map<string, Series>>();
  for (const plan of plans) {
    const { count } = plan;
    const series = new Map(
      list.map(({ name }) => [name as string, { p50: [], p99: [], rate: [], late: [], cpu: [] } as Series]),
    );
    measured.set(count, series);
    const rounds = bench.rounds(plan.rounds, Math.ceil(plan.rounds / 6));
    // Few visitors use up what a session accepts in a round, so each round has fresh ones.
    const lasting = count > 10;
    const visitors = new Map<string, Visitor[]>();
    for (let round = -bench.rounds(plan.warm, 2); round < rounds; round++) {
      for (const contender of list) {
        const present = visitors.get(contender.name) ?? (await visit(contender, count));
        if (lasting) visitors.set(contender.name, present);
        const { latencies, rate, late, cpu } = await clickAll(contender, present, plan.time, lasting);
        if (!lasting) for (const visitor of present) visitor.cut();
        if (round < 0) continue; // Warms up.
        const found = series.get(contender.name) as Series;
        found.p50.push(quantile(latencies, 0.5));
        found.p99.push(quantile(latencies, 0.99));
        found.rate.push(rate);
        found.late.push(late);
        found.cpu.push(cpu * 1000);
      }
    }
    for (const visitor of [...visitors.values()].flat()) visitor.cut();
  }
  const columns = list.map(({ name }) => name as string);
  const table = (title: string, unit: string, of: keyof Series, better: 'low' | 'high'): Table => ({
    title,
    unit,
    by: 'visitors',
    better,
    columns,
    rows: [...measured].map(([count, series]) => ({
      name: String(count),
      values: columns.map((name) => median(series.get(name)?.[of] ?? [])),
    })),
    chart: 'bars',
  });
  const compared = (count: number, of: keyof Series, against: string): Pick<Figure, 'value' | 'spread' | 'note'> => {
    const mine = measured.get(count)?.get(ours)?.[of] ?? [];
    const theirs = measured.get(count)?.get(against)?.[of] ?? [];
    return { ...ratio(mine, theirs), note: `${short(median(mine), of)} against ${short(median(theirs), of)}` };
  };
  const figures: Figure[] = [
    {
      id: 'interaction.roundTrip/echo',
      name: 'round trip of a click, one visitor / bare echo',
      unit: 'x',
      aim: { at: 'most', value: 1.2 },
      ...compared(1, 'p50', 'bare echo'),
    },
    {
      id: 'interaction.roundTripP99/echo',
      name: 'the slowest hundredth of them / bare echo',
      unit: 'x',
      ...compared(1, 'p99', 'bare echo'),
    },
    {
      id: 'interaction.rate50/echo',
      name: 'durable clicks a second, 50 visitors / bare echo',
      unit: 'x',
      aim: { at: 'least', value: 0.7 },
      ...compared(50, 'rate', 'bare echo'),
    },
    {
      id: 'interaction.cpu50/echo',
      name: 'CPU of a durable click, 50 visitors / bare echo',
      unit: 'x',
      aim: { at: 'most', value: 1.7 },
      ...compared(50, 'cpu', 'bare echo'),
    },
    {
      id: 'interaction.cpu50/hand',
      name: 'CPU of a durable click, 50 visitors / the same by hand',
      unit: 'x',
      ...compared(50, 'cpu', 'by hand'),
    },
    {
      id: 'interaction.rate50/write',
      name: 'durable clicks a second, 50 visitors / bare write',
      unit: 'x',
      ...compared(50, 'rate', 'bare write'),
    },
  ];
  for (const { name } of list.filter(({ name }) => name !== ours && !floors.includes(name))) {
    const id = name.replace(' ', '');
    figures.push(
      {
        id: `interaction.roundTrip/${id}`,
        name: `round trip of a click, one visitor / ${name}`,
        unit: 'x',
        ...compared(1, 'p50', name),
      },
      {
        id: `interaction.rate50/${id}`,
        name: `durable clicks a second, 50 visitors / ${name}`,
        unit: 'x',
        ...(name === 'NiceGUI' && { aim: { at: 'least', value: 3 } as const }),
        ...compared(50, 'rate', name),
      },
    );
  }
  const late = (name: string) => median(measured.get(50)?.get(name)?.late ?? []).toFixed(0);
  const rounds = new Intl.ListFormat('en').format(plans.map((plan) => String(plan.rounds)));
  const warm = new Intl.ListFormat('en').format(plans.map((plan) => String(plan.warm)));
  const counts = new Intl.ListFormat('en').format(plans.map(({ count }) => String(count)));
  return {
    figures,
    tables: [
      table('Click to answer, median', 'ms', 'p50', 'low'),
      table('Click to answer, slowest hundredth', 'ms', 'p99', 'low'),
      table('Clicks a second', '/s', 'rate', 'high'),
      table('CPU of the server for a click', 'µs', 'cpu', 'low'),
    ],
    notes: [
      `Each visitor has one click under way. The contenders take turns, in ${rounds} rounds of up to ${plans[0].time} ms for ${counts} visitors, after ${warm} that do not count. ${rest} ms follow each round of 50 visitors and more, whose CPU counts, too.`,
      `Clicks a second: until the last answer. Edgewise and by hand acknowledge a click when it is stored. In the median round of 50 visitors the last one was ${late(ours)} and ${late('by hand')} ms after that. Agents SDK: each click is stored before its answer. NiceGUI and the bare echo store nothing.`,
      'The client and the server share the cores, and the client is the same for all.',
      ...missing,
    ],
  };
}

/** Measures a handler that calls nothing, as in all other tables, and one that calls a function. */
async function handlers(bench: Bench): Promise<Findings> {
  await using host = await startHost();
  const [mine, echo] = [edgewise(host), bare(host, 'echo')];
  const sides = [
    { contender: echo, visitors: await visit(echo, 50), cpu: [] as number[] },
    { contender: mine, visitors: await visit(mine, 50), cpu: [] as number[] },
    { contender: mine, visitors: await visit(mine, 50, '/calling'), cpu: [] as number[] },
  ] as const;
  for (let round = -2; round < bench.rounds(12, 2); round++) {
    for (const { contender, visitors, cpu: found } of sides) {
      const { cpu } = await clickAll(contender, visitors, 900, true);
      if (round >= 0) found.push(cpu * 1000);
    }
  }
  for (const { visitors } of sides) for (const visitor of visitors) visitor.cut();
  const [bareCpu, plain, calling] = sides.map(({ cpu }) => cpu) as [number[], number[], number[]];
  const against = (one: number[], other: number[]) =>
    `${short(median(one), 'cpu')} against ${short(median(other), 'cpu')}`;
  return {
    figures: [
      {
        id: 'interaction.calling/echo',
        name: 'CPU of a durable click whose handler calls a function, 50 visitors / bare echo',
        unit: 'x',
        ...ratio(calling, bareCpu),
        note: against(calling, bareCpu),
      },
      {
        id: 'interaction.calling/plain',
        name: 'the same / a handler that calls nothing',
        unit: 'x',
        ...ratio(calling, plain),
        note: against(calling, plain),
      },
    ],
    notes: [
      'The handler of a click sets a state and calls nothing, so it needs no frame. One that calls a function has figures of its own.',
    ],
  };
}

/** Opens ten pages at a time. */
async function visit(contender: Contender, count: number, path?: string): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  while (visitors.length < count) {
    const some = Math.min(10, count - visitors.length);
    visitors.push(...(await Promise.all(Array.from({ length: some }, () => contender.visit(undefined, path)))));
  }
  return visitors;
}

interface Round {
  readonly latencies: number[];
  /** Clicks a second, until the last answer. */
  readonly rate: number;
  /** Milliseconds after which the last of them was as safe as the contender makes it. */
  readonly late: number;
  /** Milliseconds of the server's CPU for a click. Unlike the rate, other work on the machine hardly affects it. */
  readonly cpu: number;
}

async function clickAll(
  contender: Contender,
  visitors: readonly Visitor[],
  time: number,
  rests: boolean,
): Promise<Round> {
  const latencies: number[] = [];
  const before = await contender.cpu();
  const began = performance.now();
  let ended = began;
  await Promise.all(
    visitors.map(
      (visitor) =>
        new Promise<void>((resolve) => {
          let left = mostClicks;
          let clicked = 0;
          const click = () => {
            left--;
            clicked = performance.now();
            visitor.click();
          };
          visitor.onanswer = () => {
            ended = performance.now();
            latencies.push(ended - clicked);
            if (left > 0 && ended - began < time) click();
            else resolve();
          };
          click();
        }),
    ),
  );
  await Promise.all(visitors.map((visitor) => visitor.settled()));
  const late = performance.now() - ended;
  if (rests) await new Promise((resolve) => setTimeout(resolve, rest));
  const cpu = ((await contender.cpu()) - before) / latencies.length;
  return { latencies, rate: (latencies.length * 1000) / (ended - began), late, cpu };
}

function short(value: number, of: keyof Series): string {
  if (of === 'rate') return `${value.toFixed(0)}/s`;
  return of === 'cpu' ? `${value.toFixed(0)} µs` : `${value.toFixed(3)} ms`;
}

/** Networks between the browser and the server, and how often the button is clicked over each. */
const networks = [
  { name: 'no delay', clicks: 40 },
  { name: '50 ms', roundTrip: 50, clicks: 40 },
  { name: '150 ms', roundTrip: 150, clicks: 20 },
  { name: '50 ms, 2 % lost', roundTrip: 50, loss: 0.02, clicks: 150 },
] as const;

/** Measures from the click to the painted answer in Chromium, over networks of different quality. */
async function painted(bench: Bench): Promise<Findings> {
  await using contenders = await startContenders({ pages: true });
  const browser = await chromium.launch(launchOptions());
  bench.versions.Chromium = browser.version();
  const columns = contenders.list.map(({ name }) => name as string);
  const rows: { name: string; times: number[][] }[] = [];
  try {
    for (const { name, clicks, ...network } of networks) {
      const times: number[][] = [];
      for (const { url } of contenders.list) {
        await using proxy = await startProxy(url, network);
        const page = await browser.newPage();
        await page.goto(new URL('/counter', proxy.url).href);
        await page.getByText('Line 48').waitFor();
        // The page is connected, and what it loads later is there.
        await page.waitForTimeout(1_000);
        await watchClicks(page);
        times.push((await clickAndWait(page, bench.rounds(clicks, Math.ceil(clicks / 4)))).slice(2));
        await page.close();
      }
      rows.push({ name, times });
    }
  } finally {
    await browser.close();
  }
  const table = (title: string, q: number): Table => ({
    title,
    unit: 'ms',
    by: 'round trip of the network',
    better: 'low',
    columns,
    rows: rows.map(({ name, times }) => ({ name, values: times.map((each) => quantile(each, q)) })),
  });
  return {
    tables: [
      { ...table('Click to painted in Chromium, median', 0.5), chart: 'bars' },
      table('Click to painted in Chromium, slowest hundredth', 0.99),
    ],
    notes: [
      'Click to painted: from the time stamp of the click to the first message after the frame with the new count. Frames come every 16.7 ms.',
      'TCP hides a loss and delivers late. So a lost chunk is modelled as one that comes 200 ms and a round trip later, with all behind it.',
      ...contenders.missing,
    ],
  };
}
