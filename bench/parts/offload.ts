// Work that is handed over: what a call costs on each lane, and what its page feels while it runs.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Servers, startServers } from '../../src/cli/servers.ts';
import type { Bench, Part } from '../bench.ts';
import type { Figure, Findings } from '../findings.ts';
import { type Host, startHost } from '../host.ts';
import { cpuOf } from '../process.ts';
import { median, quantile, range, ratio } from '../statistics.ts';
import { shows, type Visit, visit } from '../visit.ts';
import { until } from '../wait.ts';

export const offload: Part = { title: 'Offload', run };

async function run(bench: Bench): Promise<void> {
  if (bench.wants('lanes', 'rate', 'fanout')) {
    await using host = await startHost({ jobs: true });
    await bench.measure('lanes', () => lanes(bench, host));
    await bench.measure('rate', () => rate(bench, host));
    await bench.measure('fanout', () => fanout(bench, host));
  }
  if (bench.wants('busy', 'reports', 'cancel', 'cores', 'recovery')) {
    await inProcesses(false, async (servers) => {
      await bench.measure('busy', () => busy(bench, servers, false));
      await bench.measure('reports', () => reports(bench, servers));
      await bench.measure('cancel', () => cancel(bench, servers));
      await bench.measure('cores', () => cores(bench, servers));
      await bench.measure('recovery', () => recovery(bench, servers));
    });
  }
  if (bench.wants('busyTogether')) {
    await inProcesses(true, (servers) => bench.measure('busyTogether', () => busy(bench, servers, true)));
  }
}

/** Servers as `npm start` runs them. `together` puts compute into the app's process and thread. */
async function inProcesses(together: boolean, work: (servers: Servers) => Promise<void>): Promise<void> {
  const persist = await mkdtemp(path.join(tmpdir(), 'edgewise-bench-'));
  const worker = path.join(import.meta.dirname, '../worker');
  try {
    await using servers = await startServers({
      app: path.join(worker, 'jobs.toml'),
      compute: ['jobs.compute.toml', 'jobs.compute2.toml'].map((file) => path.join(worker, file)),
      together,
      persist,
    });
    await work(servers);
  } finally {
    await rm(persist, { recursive: true, force: true });
  }
}

/** Measures a task that does nothing, called in turn by a handler, against an empty method and an empty message. */
async function lanes(bench: Bench, host: Host): Promise<Findings> {
  const calls = 15;
  const timesOf = async <S extends string>(warm: number, rounds: number, ...sides: S[]) => {
    const page = await host.visit(`/lanes?calls=${calls}&sides=${sides.join()}`);
    await page.connect();
    const times = Object.fromEntries(sides.map((side) => [side, [] as number[]])) as Record<S, number[]>;
    for (let round = -warm; round < rounds; round++) {
      for (const side of sides) {
        const [, found = ''] = await shows(page, new RegExp(`\\{\\\\"${side}\\\\":([\\d.e-]+)`), () => page.click());
        if (round >= 0) times[side].push(Number(found));
      }
    }
    page.cut();
    return times;
  };
  // A round of these takes 20 ms, and the compiler of the runtime is done with them after some 20,000 calls.
  const quick = await timesOf(bench.rounds(80, 20), bench.rounds(150, 10), 'bare', 'passing', 'free');
  const slow = await timesOf(2, bench.rounds(12, 3), 'bare', 'passing', 'service', 'queue', 'bareStored', 'bareQueue');
  const compared = (ours: readonly number[], floor: readonly number[]) => ({
    unit: 'x',
    ...ratio(ours, floor),
    note: `${median(ours).toFixed(3)} ms against ${median(floor).toFixed(3)} ms`,
  });
  return {
    figures: [
      {
        id: 'offload.passing/rpc',
        name: 'no-op, durable: false / bare RPC',
        aim: { at: 'most', value: 1.4 },
        ...compared(quick.passing, quick.bare),
      },
      {
        id: 'offload.passing/stored',
        name: 'no-op, durable: false / a row and a bare RPC after it',
        ...compared(slow.passing, slow.bareStored),
      },
      {
        id: 'offload.free/rpc',
        name: 'no-op, durable: false, in a background task / bare RPC',
        ...compared(quick.free, quick.bare),
      },
      {
        id: 'offload.durable',
        name: 'no-op, durable, service lane',
        value: median(slow.service),
        spread: range(slow.service),
        unit: 'ms',
        aim: { at: 'most', value: 2.5 },
      },
      {
        id: 'offload.durable/rpc',
        name: 'no-op, durable, service lane / bare RPC',
        ...compared(slow.service, slow.bare),
      },
      {
        id: 'offload.queue/queue',
        name: 'no-op, durable, queue lane / bare Queue',
        ...compared(slow.queue, slow.bareQueue),
      },
    ],
    tables: [
      {
        title: 'A call of nothing',
        unit: 'ms',
        by: 'how',
        columns: ['median', 'fastest round', 'slowest round'],
        rows: (
          [
            ['bare RPC', quick.bare],
            ['a row, and bare RPC after it', slow.bareStored],
            ['cpuBound, durable: false', quick.passing],
            ['cpuBound, durable: false, in a background task', quick.free],
            ['cpuBound, durable, service lane', slow.service],
            ['bare Queue, consumer, RPC, answer', slow.bareQueue],
            ['cpuBound, durable, queue lane', slow.queue],
          ] as const
        ).map(([name, times]) => ({ name, values: [median(times), ...range(times)] })),
      },
    ],
    notes: [
      `A handler makes ${calls} calls in turn, ${calls * 20} of those that are not durable.`,
      'The results of a handler are stored within 250 ms; a background task has nothing to store.',
    ],
  };
}

/** Measures durable jobs that do nothing, started at once by one handler and awaited together. */
async function rate(bench: Bench, host: Host): Promise<Findings> {
  const jobs = 100;
  const open = async (count: number, bare = '') => {
    const pages = await Promise.all(Array.from({ length: count }, () => host.visit(`/many?jobs=${jobs}${bare}`)));
    await Promise.all(pages.map((page) => page.connect()));
    return pages;
  };
  const sides = { one: await open(1), ten: await open(10), bare: await open(1, '&bare') };
  const rates: Record<keyof typeof sides, number[]> = { one: [], ten: [], bare: [] };
  for (let round = -1; round < bench.rounds(5, 2); round++) {
    for (const side of Object.keys(sides) as (keyof typeof sides)[]) {
      const pages = sides[side];
      const began = performance.now();
      await Promise.all(pages.map((page) => shows(page, /done/, () => page.click())));
      const rate = (pages.length * jobs * 1_000) / (performance.now() - began);
      await until(() => pages.every((page) => page.durable === page.clicks));
      if (round >= 0) rates[side].push(rate);
    }
  }
  for (const page of Object.values(sides).flat()) page.cut();
  const figure = (id: string, name: string, side: keyof typeof sides, sessions: number): Figure => ({
    id,
    name,
    value: median(rates[side]),
    unit: '/s',
    spread: range(rates[side]),
    note: `${jobs} at once in each of ${sessions}, service lane; ${median(rates.bare).toFixed(0)}/s bare calls in one`,
  });
  return {
    figures: [
      {
        ...figure('offload.rate1', 'durable jobs of nothing, one session', 'one', 1),
        aim: { at: 'least', value: 2_000 },
      },
      figure('offload.rate10', 'durable jobs of nothing, ten sessions', 'ten', 10),
    ],
  };
}

/** Measures the time from a visitor's click to the patch of each of many sessions. */
async function fanout(bench: Bench, host: Host): Promise<Findings> {
  const watchers: Visit[] = [];
  // A thousand sessions, or as many as this machine opens in 20 seconds.
  for (const limit = Date.now() + 20_000; watchers.length < bench.rounds(1_000, 200) && Date.now() < limit; ) {
    const some = await Promise.all(Array.from({ length: 20 }, () => host.visit('/board')));
    await Promise.all(some.map((page) => page.connect()));
    watchers.push(...some);
  }
  const sessions = watchers.length;
  // Every session has subscribed and has its first value.
  await sleep(1_000);
  const writer = watchers[0] as Visit;
  const middles: number[] = [];
  const lasts: number[] = [];
  const cpu: number[] = [];
  let board = 0;
  for (let round = -1; round < bench.rounds(5, 2); round++) {
    const wanted = `board ${++board}"`;
    const times: number[] = [];
    const before = await host.cpu();
    const began = performance.now();
    for (const page of watchers) {
      // A session that slept shows the value with a snapshot.
      page.onshown = (text) => {
        if (text.includes(wanted)) times.push(performance.now() - began);
      };
    }
    writer.click();
    await until(() => times.length === sessions);
    if (round >= 0) {
      middles.push(median(times));
      lasts.push(Math.max(...times));
      cpu.push(((await host.cpu()) - before) / sessions);
    }
    await sleep(300);
  }
  for (const page of watchers) page.cut();
  const note = `${sessions} sessions in one workerd, each with a socket; from the click of one of them`;
  const figure = (id: string, name: string, values: readonly number[]): Figure => ({
    id,
    name,
    value: median(values),
    unit: 'ms',
    spread: range(values),
    note,
  });
  return {
    figures: [
      figure('offload.sharedHalf', 'shared signal, until half of the sessions show it', middles),
      figure('offload.sharedAll', 'shared signal, until the last session shows it', lasts),
      figure('offload.sharedCpu', 'CPU of workerd for each session that is notified', cpu),
    ],
  };
}

/** Measures click to patch in another session, while nothing runs and while a task computes without end. */
async function busy(bench: Bench, servers: Servers, together: boolean): Promise<Findings> {
  const url = new URL(`http://127.0.0.1:${servers.app.port}`);
  const [page, other] = await Promise.all([visit(url, '/counter'), visit(url, '/busy')]);
  await Promise.all([page.connect(), other.connect()]);
  const trips = 120;
  const clicks = async () => {
    const times: number[] = [];
    for (let i = 0; i < trips; i++) {
      const answer = Promise.withResolvers<void>();
      page.onpatch = () => answer.resolve();
      const began = performance.now();
      page.click();
      await answer.promise;
      times.push(performance.now() - began);
      // At a random moment of a slice, and below the session's rate limit.
      await sleep(3 + Math.random() * 12);
    }
    return times;
  };
  await clicks(); // Warms up.
  const idle: number[][] = [];
  const loaded: number[][] = [];
  const load: number[] = [];
  for (let round = 0; round < bench.rounds(4, 1); round++) {
    idle.push(await clicks());
    other.click();
    await sleep(500);
    const before = await cpuOf(servers.compute.workerd);
    const began = performance.now();
    loaded.push(await clicks());
    load.push(((await cpuOf(servers.compute.workerd)) - before) / (performance.now() - began));
    other.click();
    // The task notices its end at the next yield.
    await sleep(300);
  }
  page.cut();
  other.cut();
  const at = (sides: readonly number[][], q: number) => sides.map((times) => quantile(times, q));
  const where = together ? 'compute busy in the same thread' : 'compute busy in its own process';
  const compared = (q: number): Figure => ({
    id: `offload.busy${together ? 'Together' : ''}P${q * 100}/idle`,
    name: `click to patch, ${q === 0.5 ? 'median' : 'slowest hundredth'}, ${where} / idle`,
    unit: 'x',
    ...ratio(at(loaded, q), at(idle, q)),
    ...(!together && { aim: { at: 'most', value: 2 } as const }),
    note:
      `${quantile(loaded.flat(), q).toFixed(2)} ms against ${quantile(idle.flat(), q).toFixed(2)} ms idle, ` +
      `through the proxy of wrangler; compute at ${(median(load) * 100).toFixed(0)} % of a core`,
  });
  return { figures: [compared(0.5), compared(0.99)] };
}

/** Measures what a task with 10,000 reports a second costs the session that started it. */
async function reports(bench: Bench, servers: Servers): Promise<Findings> {
  const url = new URL(`http://127.0.0.1:${servers.app.port}`);
  const rate = 10_000;
  const seconds = 2;
  const reported = async () => (await (await fetch(new URL('/bare/reported', url))).json()) as number;
  const found: Figure[] = [];
  for (const via of ['service', 'queue'] as const) {
    const calls: number[] = [];
    const frames: number[] = [];
    const reached: number[] = [];
    const cpu: number[] = [];
    for (let round = -1; round < bench.rounds(2, 1); round++) {
      const page = await visit(url, `/reports?via=${via}&rate=${rate}&seconds=${seconds}`);
      await page.connect();
      // The cost of the connection itself is over.
      await sleep(500);
      let texts = 0;
      let last = '';
      page.onpatch = (text) => {
        texts++;
        last = /at ([\d.]+)/.exec(text)?.[1] ?? last;
      };
      const before = { reported: await reported(), cpu: await cpuOf(servers.app.workerd) };
      const began = performance.now();
      const [, took = ''] = await shows(page, /took ([\d.]+)/, () => page.click());
      const span = (performance.now() - began) / 1_000;
      await until(() => last === '1');
      const after = { reported: await reported(), cpu: await cpuOf(servers.app.workerd) };
      page.cut();
      if (round < 0) continue; // Warms up.
      calls.push((after.reported - before.reported) / (Number(took) / 1_000));
      frames.push(texts / span);
      reached.push((rate * seconds) / (Number(took) / 1_000));
      cpu.push((after.cpu - before.cpu) / span / 10);
    }
    const note = `at ${median(reached).toFixed(0)} reports/s for ${seconds} s; the last value was shown each time`;
    found.push(
      {
        id: `offload.reports.${via}.calls`,
        name: `10,000 reports a second, ${via} lane, calls to the session`,
        value: median(calls),
        unit: '/s',
        aim: { at: 'most', value: 10 },
        spread: range(calls),
        note,
      },
      {
        id: `offload.reports.${via}.frames`,
        name: `10,000 reports a second, ${via} lane, frames to the browser`,
        value: median(frames),
        unit: '/s',
        aim: { at: 'most', value: 60 },
        spread: range(frames),
      },
      {
        id: `offload.reports.${via}.cpu`,
        name: `10,000 reports a second, ${via} lane, CPU of the app's workerd`,
        value: median(cpu),
        unit: '% of a core',
        spread: range(cpu),
        note: 'compute in its own process',
      },
    );
  }
  return { figures: found };
}

/**
 * Kills the app's process in the middle of a job of known length, which then runs again from its start.
 * The recovery is the time from the new process's first answer to the code after the job, minus the job
 * itself.
 */
async function recovery(bench: Bench, servers: Servers): Promise<Findings> {
  const url = new URL(`http://127.0.0.1:${servers.app.port}`);
  const length = 1_000;
  const down: number[] = [];
  const recover = async (watched: boolean): Promise<number> => {
    const page = await visit(url, `/long?length=${length}`);
    await page.connect();
    page.click();
    await sleep(length / 2);
    page.cut();
    const killed = Date.now();
    await servers.app.kill();
    await servers.app.ready();
    const ready = Date.now();
    down.push(ready - killed);
    // Without a browser the object's own alarm wakes it. A look at the page would wake it earlier.
    if (!watched) await sleep(length + 12_000);
    const [, ended = ''] = await shows(page, /ended ([1-9]\d*)/, () => page.connect());
    page.cut();
    return Number(ended) - ready - length;
  };
  const watched: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < bench.rounds(3, 1); round++) watched.push(await recover(true));
  for (let round = 0; round < bench.rounds(1, 0); round++) alone.push(await recover(false));
  const figure = (id: string, name: string, times: readonly number[], note: string): Figure => ({
    id,
    name,
    value: median(times),
    unit: 'ms',
    spread: range(times),
    note,
  });
  const taken = `a job of ${length} ms, which is taken off`;
  return {
    figures: [
      figure('offload.recovery', 'restart to recovered, a browser returns', watched, taken),
      figure('offload.recoveryAlone', 'restart to recovered, nobody returns', alone, `${taken}; by the alarm`),
      figure('offload.restart', 'kill to the first answer', down, "wrangler's own restart of workerd"),
    ],
  };
}

/** Measures from the click that cancels a task to the end of the task, which notices it at its next yield. */
async function cancel(bench: Bench, servers: Servers): Promise<Findings> {
  const url = new URL(`http://127.0.0.1:${servers.app.port}`);
  const page = await visit(url, '/cancel');
  await page.connect();
  const times: number[] = [];
  for (let round = -1; round < bench.rounds(15, 4); round++) {
    await shows(page, /running/, () => page.click());
    await sleep(150);
    const [, cancelled = '', stopped = ''] = await shows(page, /cancelled (\d+), stopped (\d+)/, () => page.click());
    if (round >= 0) times.push(Number(stopped) - Number(cancelled));
  }
  page.cut();
  return {
    figures: [
      {
        id: 'offload.cancel',
        name: 'cancel to the end of the task',
        value: median(times),
        unit: 'ms',
        spread: range(times),
        note: 'from the handler that cancels to the `finally` of the task, in another process; clocks of whole milliseconds',
      },
    ],
  };
}

/** Measures the same four pieces of work in one compute Worker and over two, each with a core of its own. */
async function cores(bench: Bench, servers: Servers): Promise<Findings> {
  const url = new URL(`http://127.0.0.1:${servers.app.port}`);
  const times: Record<'1' | '2', number[]> = { 1: [], 2: [] };
  for (let round = -1; round < bench.rounds(4, 1); round++) {
    for (const workers of ['1', '2'] as const) {
      const page = await visit(url, `/cores?workers=${workers}`);
      await page.connect();
      const began = performance.now();
      await shows(page, /done/, () => page.click());
      if (round >= 0) times[workers].push(performance.now() - began);
      page.cut();
    }
  }
  return {
    figures: [
      {
        id: 'offload.cores',
        name: 'four pieces of work in one compute Worker / over two',
        unit: 'x',
        ...ratio(times[1], times[2]),
        note: `${median(times[1]).toFixed(0)} ms against ${median(times[2]).toFixed(0)} ms; 2 would be perfect`,
      },
    ],
  };
}
