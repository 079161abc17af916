// `npm run bench:jobs`: measures the cost of durable jobs and their effect on a page. Names on the command line
// select measurements: `npm run bench:jobs -- lanes fanout`.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Servers, startServers } from '../src/cli/dev.ts';
import { type Figure, median, quantile, ratio, report } from './figures.ts';
import { cpuOf, type Host, startHost, until, type Visit, visit } from './host.ts';

const figures: Figure[] = [];
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
/** The host and each set of servers start once for all their measurements. */
await inMiniflare(lanes, throughput, fanout);
await inProcesses(false, idleAndBusy, progress, recovery);
await inProcesses(true, idleAndBusy);
await report('jobs', figures);

function wanted<T extends (...args: never[]) => unknown>(measures: readonly T[]): readonly T[] {
  return measures.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
}

/** One workerd with the app, compute and the queues, as in bench:core. */
async function inMiniflare(...measures: ((host: Host) => Promise<Figure[]>)[]): Promise<void> {
  if (wanted(measures).length === 0) return;
  await using host = await startHost({ jobs: true });
  for (const measure of wanted(measures)) {
    console.error(`${measure.name} ...`);
    figures.push(...(await measure(host)));
  }
}

/** Servers as `npm start` runs them. `together` puts compute into the app's process and thread. */
async function inProcesses(
  together: boolean,
  ...measures: ((servers: Servers, together: boolean) => Promise<Figure[]>)[]
): Promise<void> {
  if (wanted(measures).length === 0) return;
  const persist = await mkdtemp(path.join(tmpdir(), 'edgewise-bench-'));
  try {
    await using servers = await startServers({
      app: 'bench/worker/jobs.toml',
      compute: 'bench/worker/jobs.compute.toml',
      together,
      persist,
    });
    for (const measure of wanted(measures)) {
      console.error(`${measure.name}${together ? ' in one thread' : ''} ...`);
      figures.push(...(await measure(servers, together)));
    }
  } finally {
    await rm(persist, { recursive: true, force: true });
  }
}

/** Measures a task that does nothing, called in turn by a handler, against an empty method and an empty message. */
async function lanes(host: Host): Promise<Figure[]> {
  const calls = 15;
  const page = await host.visit(`/lanes?calls=${calls}`);
  await page.connect();
  const times: Record<'bare' | 'passing' | 'service' | 'queue' | 'bareQueue', number[]> = {
    bare: [],
    passing: [],
    service: [],
    queue: [],
    bareQueue: [],
  };
  for (let round = -3; round < 15; round++) {
    for (const side of ['bare', 'passing', 'service', 'queue', 'bareQueue'] as const) {
      const [, found = ''] = await shows(page, new RegExp(`\\{\\\\"${side}\\\\":([\\d.e-]+)`), () => page.click());
      if (round >= 0) times[side].push(Number(found)); // Skips the first rounds, which warm up.
    }
  }
  page.cut();
  const figure = (name: string, side: keyof typeof times, floor: 'bare' | 'bareQueue'): Figure => ({
    name,
    unit: 'x',
    ...ratio(times[side], times[floor]),
    note:
      `${median(times[side]).toFixed(3)} ms against ${median(times[floor]).toFixed(3)} ms; ` +
      `${times[side].length} rounds of ${side.startsWith('queue') || side === 'service' || side === 'bareQueue' ? calls : calls * 20} calls in turn`,
  });
  return [
    { ...figure('no-op, durable: false / bare RPC', 'passing', 'bare'), aim: { at: 'most', value: 1.5 } },
    figure('no-op, durable, service lane / bare RPC', 'service', 'bare'),
    figure('no-op, durable, queue lane / bare RPC', 'queue', 'bare'),
    figure('no-op, durable, queue lane / bare queue', 'queue', 'bareQueue'),
    figure('bare queue (producer, consumer, RPC, answer) / bare RPC', 'bareQueue', 'bare'),
  ];
}

/** Measures durable jobs that do nothing, started at once by one handler and awaited together. */
async function throughput(host: Host): Promise<Figure[]> {
  const jobs = 100;
  const open = async (count: number, bare = '') => {
    const pages = await Promise.all(Array.from({ length: count }, () => host.visit(`/many?jobs=${jobs}${bare}`)));
    await Promise.all(pages.map((page) => page.connect()));
    return pages;
  };
  const sides = { one: await open(1), ten: await open(10), bare: await open(1, '&bare') };
  const rates: Record<keyof typeof sides, number[]> = { one: [], ten: [], bare: [] };
  for (let round = -1; round < 7; round++) {
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
  const figure = (name: string, side: keyof typeof sides, sessions: number): Figure => ({
    name,
    value: median(rates[side]),
    unit: '/s',
    spread: range(rates[side]),
    note: `${jobs} at once in each of ${sessions}, service lane; ${median(rates.bare).toFixed(0)}/s bare calls in one`,
  });
  return [figure('durable no-op jobs, one session', 'one', 1), figure('durable no-op jobs, ten sessions', 'ten', 10)];
}

/** Measures the time from a visitor's click to the patch of each of many sessions. */
async function fanout(host: Host): Promise<Figure[]> {
  const watchers: Visit[] = [];
  // A thousand sessions, or as many as this machine opens in half a minute.
  for (const limit = Date.now() + 30_000; watchers.length < 1_000 && Date.now() < limit; ) {
    const some = await Promise.all(Array.from({ length: 20 }, () => host.visit('/board')));
    await Promise.all(some.map((page) => page.connect()));
    watchers.push(...some);
  }
  const sessions = watchers.length;
  // Every session has subscribed and has its first value.
  console.error(`${sessions} sessions`);
  await sleep(1_000);
  const writer = watchers[0] as Visit;
  const middles: number[] = [];
  const lasts: number[] = [];
  const cpu: number[] = [];
  let board = 0;
  for (let round = -1; round < 7; round++) {
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
  return [
    { name: 'shared signal, half of the sessions', value: median(middles), unit: 'ms', spread: range(middles), note },
    { name: 'shared signal, the last session', value: median(lasts), unit: 'ms', spread: range(lasts), note },
    {
      name: 'CPU of each session that is notified',
      value: median(cpu),
      unit: 'ms',
      spread: range(cpu),
      note: 'of workerd',
    },
  ];
}

/** Measures click to patch in another session, while nothing runs and while a task computes without end. */
async function idleAndBusy(servers: Servers, together: boolean): Promise<Figure[]> {
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
  const busy: number[][] = [];
  const load: number[] = [];
  for (let round = 0; round < 5; round++) {
    idle.push(await clicks());
    other.click();
    await sleep(500);
    const before = await cpuOf(servers.compute.workerd);
    const began = performance.now();
    busy.push(await clicks());
    load.push(((await cpuOf(servers.compute.workerd)) - before) / (performance.now() - began));
    other.click();
    // The task notices its end at the next yield.
    await sleep(300);
  }
  page.cut();
  other.cut();
  const where = together ? 'compute busy in the same thread' : 'compute busy in its own process';
  const figure = (q: number): Pick<Figure, 'note' | 'spread'> => ({
    note:
      `${quantile(busy.flat(), q).toFixed(2)} ms against ${quantile(idle.flat(), q).toFixed(2)} ms idle; ` +
      `${load.length} rounds of ${trips} clicks; the process of compute at ${(median(load) * 100).toFixed(0)} % of a core`,
  });
  const at = (sides: readonly number[][], q: number) => sides.map((times) => quantile(times, q));
  const time = (sides: readonly number[][], q: number) => ({
    value: quantile(sides.flat(), q),
    unit: 'ms',
    spread: range(at(sides, q)),
  });
  const twice = { at: 'most', value: 2 } as const;
  const setting = together ? 'app and compute in one process' : 'app in a process of its own';
  return [
    { name: `UI p50, idle, ${setting}`, ...time(idle, 0.5), note: 'through the proxy of wrangler dev' },
    { name: `UI p99, idle, ${setting}`, ...time(idle, 0.99) },
    {
      name: `UI p50, ${where}`,
      ...time(busy, 0.5),
      ...(together && { aim: { at: 'most', value: 15 } }),
      ...figure(0.5),
    },
    { name: `UI p99, ${where}`, ...time(busy, 0.99), ...figure(0.99) },
    {
      name: `UI p50, ${where} / idle`,
      unit: 'x',
      ...ratio(at(busy, 0.5), at(idle, 0.5)),
      ...(!together && { aim: twice }),
    },
    {
      name: `UI p99, ${where} / idle`,
      unit: 'x',
      ...ratio(at(busy, 0.99), at(idle, 0.99)),
      ...(!together && { aim: twice }),
    },
  ];
}

/** Measures what a task with 10,000 reports a second costs the session that started it. */
async function progress(servers: Servers): Promise<Figure[]> {
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
    for (let round = -1; round < 4; round++) {
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
        name: `progress, ${via} lane, calls to the session`,
        value: median(calls),
        unit: '/s',
        aim: { at: 'most', value: 10 },
        spread: range(calls),
        note,
      },
      {
        name: `progress, ${via} lane, frames to the browser`,
        value: median(frames),
        unit: '/s',
        aim: { at: 'most', value: 60 },
        spread: range(frames),
      },
      {
        name: `progress, ${via} lane, CPU of the app's workerd`,
        value: median(cpu),
        unit: '% of a core',
        spread: range(cpu),
        note: 'compute in its own process',
      },
    );
  }
  return found;
}

/**
 * Kills the app's process in the middle of a job of known length, which then runs again from its start.
 * The recovery is the time from the new process's first answer to the code after the job, minus the job
 * itself.
 */
async function recovery(servers: Servers): Promise<Figure[]> {
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
  for (let round = 0; round < 4; round++) watched.push(await recover(true));
  for (let round = 0; round < 2; round++) alone.push(await recover(false));
  const figure = (name: string, times: readonly number[], note: string): Figure => ({
    name,
    value: median(times),
    unit: 'ms',
    spread: range(times),
    note: `${note}; ${times.length} kills in a job of ${length} ms, which is taken off`,
  });
  return [
    figure('restart to recovered, a browser returns', watched, 'from the first answer of the new process'),
    figure('restart to recovered, nobody returns', alone, 'by the alarm of the session'),
    {
      name: 'kill to the first answer',
      value: median(down),
      unit: 'ms',
      spread: range(down),
      note: "wrangler's own restart of workerd",
    },
  ];
}

/** Does something and returns what the page then shows. */
async function shows(page: Visit, what: RegExp, act: () => unknown): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  const late = setTimeout(() => reject(new Error(`${page.path} did not show ${what} within 60 seconds.`)), 60_000);
  page.onshown = (text) => {
    const found = what.exec(text);
    if (found) resolve(found);
  };
  try {
    await act();
    return await promise;
  } finally {
    clearTimeout(late);
  }
}

function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
