// `npm run bench:sessions`: measures the cost of durability. The same run measures bare objects, in the same
// miniflare and with the same client, alternating with the sessions.

import { type Figure, median, ratio, report } from './figures.ts';
import { type Host, type HostOptions, startHost, until, type Visit } from './host.ts';
import { Inspector } from './inspector.ts';
import type { RawSocket } from './socket.ts';

const rounds = 7;
/** Milliseconds of one measurement of throughput. */
const span = 1_200;
const figures: Figure[] = [];
/** Names on the command line select measurements: `npm run bench:sessions -- wake memory`. */
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
await run({}, throughput, wake, resumes, rows);
// Memory has its own process, because earlier work would change it. Its objects may not sleep.
await run({ awake: true }, memory);
await report('sessions', figures);

async function run(options: HostOptions, ...measures: ((host: Host) => Promise<Figure[]>)[]): Promise<void> {
  const wanted = measures.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  if (wanted.length === 0) return;
  await using host = await startHost(options);
  for (const measure of wanted) {
    console.error(`${measure.name} ...`);
    figures.push(...(await measure(host)));
  }
}

/**
 * Measures fifty sessions with one click under way in each, until the last click is acknowledged and so
 * durable.
 * Compares with as many bare objects that echo, and with objects that write each event before they answer.
 */
async function throughput(host: Host): Promise<Figure[]> {
  const pages = await Promise.all(Array.from({ length: 50 }, () => host.visit('/counter')));
  await Promise.all(pages.map((page) => page.connect()));
  const echoes = await Promise.all(Array.from({ length: 50 }, (_, i) => host.bare('echo', `many ${i}`)));
  const writers = await Promise.all(Array.from({ length: 50 }, (_, i) => host.bare('writer', `many ${i}`)));
  const rates: Record<'session' | 'echo' | 'writer', number[]> = { session: [], echo: [], writer: [] };
  const cost: Record<'session' | 'echo' | 'writer', number[]> = { session: [], echo: [], writer: [] };
  for (let round = -1; round < rounds; round++) {
    const measured = {
      session: () => clicks(host, pages),
      echo: () => echoed(host, echoes),
      writer: () => echoed(host, writers),
    };
    for (const side of ['session', 'echo', 'writer'] as const) {
      const { rate, cpu } = await measured[side]();
      if (round < 0) continue; // Warms up.
      rates[side].push(rate);
      cost[side].push(cpu);
    }
  }
  for (const end of [...pages, ...echoes, ...writers]) end.cut();
  const note = (side: 'echo' | 'writer') =>
    `${median(rates.session).toFixed(0)}/s against ${median(rates[side]).toFixed(0)}/s`;
  const spent = (side: 'echo' | 'writer') =>
    `${(median(cost.session) * 1000).toFixed(0)} µs against ${(median(cost[side]) * 1000).toFixed(0)} µs`;
  return [
    {
      name: 'durable clicks of 50 sessions / bare echo',
      unit: 'x',
      aim: { at: 'least', value: 0.7 },
      ...ratio(rates.session, rates.echo),
      note: note('echo'),
    },
    {
      name: 'durable clicks of 50 sessions / a write in each event',
      unit: 'x',
      aim: { at: 'least', value: 5 },
      ...ratio(rates.session, rates.writer),
      note: note('writer'),
    },
    { name: 'CPU of a durable click / of an echo', unit: 'x', ...ratio(cost.session, cost.echo), note: spent('echo') },
    {
      name: 'CPU of a durable click / of a written event',
      unit: 'x',
      ...ratio(cost.session, cost.writer),
      note: spent('writer'),
    },
  ];
}

interface Measured {
  /** Answers a second. */
  readonly rate: number;
  /** Milliseconds of workerd's CPU for each answer. Unlike the rate, other work on the machine hardly affects it. */
  readonly cpu: number;
}

async function clicks(host: Host, pages: readonly Visit[]): Promise<Measured> {
  const before = await host.cpu();
  const began = performance.now();
  let answers = 0;
  for (const page of pages) {
    page.onpatch = () => {
      answers++;
      if (performance.now() - began < span) page.click();
    };
    page.click();
  }
  await new Promise((resolve) => setTimeout(resolve, span));
  await until(() => pages.every((page) => page.durable === page.clicks));
  const rate = (answers * 1000) / (performance.now() - began);
  return { rate, cpu: ((await host.cpu()) - before) / answers };
}

async function echoed(host: Host, sockets: readonly RawSocket[]): Promise<Measured> {
  const before = await host.cpu();
  const began = performance.now();
  let answers = 0;
  let open = sockets.length;
  for (const [index, socket] of sockets.entries()) {
    let asked = 0;
    socket.onmessage = () => {
      answers++;
      if (performance.now() - began < span) socket.send(`[${++asked},48271,"click"]`);
      else open--;
    };
    socket.send(`[${index},48271,"click"]`);
  }
  await new Promise((resolve) => setTimeout(resolve, span));
  await until(() => open === 0);
  const rate = (answers * 1000) / (performance.now() - began);
  return { rate, cpu: ((await host.cpu()) - before) / answers };
}

/** Measures message to answer of an evicted object, which first runs its constructor, and for a session rebuilds its page. */
async function wake(host: Host): Promise<Figure[]> {
  const pages: Visit[] = [];
  const sockets: RawSocket[] = [];
  for (let i = 0; i < 6; i++) {
    const page = await host.visit('/counter');
    await page.connect();
    page.click();
    pages.push(page);
    sockets.push(await host.bare('echo', `sleeper ${i}`));
  }
  await until(() => pages.every((page) => page.durable === page.clicks));
  // Waits until the sessions are at rest, so that a wake finds them unchanged.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const ours: number[] = [];
  const theirs: number[] = [];
  const kinds = { patch: 0, snapshot: 0 };
  for (let round = 0; round < 5; round++) {
    for (const [index, page] of pages.entries()) {
      await host.evict('Session', page.session);
      const began = performance.now();
      await answered((done) => {
        page.onpatch = () => {
          kinds.patch++;
          done();
        };
        page.onsnapshot = () => kinds.snapshot++;
        page.click();
      });
      if (round > 0) ours.push(performance.now() - began);
      const socket = sockets[index] as RawSocket;
      await host.evict('Echo', `sleeper ${index}`);
      const bare = performance.now();
      await answered((done) => {
        socket.onmessage = done;
        socket.send(`[${round},48271,"click"]`);
      });
      if (round > 0) theirs.push(performance.now() - bare);
    }
    await until(() => pages.every((page) => page.durable === page.clicks));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  for (const end of [...pages, ...sockets]) end.cut();
  const note =
    `${median(ours).toFixed(2)} ms against ${median(theirs).toFixed(2)} ms` +
    (kinds.snapshot > 0 ? `; ${kinds.snapshot} snapshots` : '; no snapshot');
  return [
    {
      name: 'wake to patch / wake of a bare object',
      unit: 'x',
      aim: { at: 'most', value: 2 },
      value: median(ours) / median(theirs),
      note,
    },
  ];
}

function answered(ask: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => ask(resolve));
}

/** Measures the bytes that a returning browser receives on a page of 52 elements, after each number of missed patches. */
async function resumes(host: Host): Promise<Figure[]> {
  const found: Figure[] = [];
  let snapshot = 0;
  for (const patches of [1, 10, 100]) {
    const page = await host.visit(`/burst?patches=${patches}`);
    await page.connect();
    page.click();
    await until(() => page.frame > page.paint.frame);
    // Disconnects right after the first answer, while the handler continues.
    const seen = page.paint.frame;
    page.cut();
    await new Promise((resolve) => setTimeout(resolve, 500 + patches * 4));
    const { frames, bytes, kind } = await page.resume(seen);
    found.push({ name: `return after ${patches} patches`, value: bytes, unit: 'B', note: `${kind}, ${frames} frames` });
    const whole = await page.resume(0, 0);
    if (whole.kind !== 'snapshot') throw new Error('A browser without a page did not receive a snapshot.');
    snapshot = whole.bytes;
  }
  return [...found, { name: 'return by snapshot', value: snapshot, unit: 'B', note: '52 elements' }];
}

/** Counts the rows that SQLite writes for one click alone and for clicks in quick succession. */
async function rows(host: Host): Promise<Figure[]> {
  const page = await host.visit('/counter', { 'X-Counted': '1' });
  await page.connect();
  const count = async (): Promise<number> => {
    const response = await fetch(new URL(`/counted/rows?name=${page.session}`, host.url));
    return (await response.json()) as number;
  };
  const settled = async () => {
    await until(() => page.durable === page.clicks);
    // The session writes the page's row once more as the page comes to rest.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  };
  page.click();
  await settled();
  const start = await count();
  page.click();
  await until(() => page.durable === page.clicks);
  const one = (await count()) - start;
  await settled();
  const rest = (await count()) - start - one;
  const before = await count();
  for (let i = 0; i < 100; i++) page.click();
  await until(() => page.durable === page.clicks);
  const hundred = (await count()) - before;
  page.cut();
  return [
    { name: 'rows written by one click', value: one, unit: 'rows', note: `and ${rest} as the page comes to rest` },
    { name: 'rows written by a click among 100 at once', value: hundred / 100, unit: 'rows' },
  ];
}

/**
 * Measures the memory that a connected session adds to a bare object with a socket: V8's heap after a
 * collection, and workerd's resident memory.
 * Both sides have the same socket to this end of the wire, so the difference contains none of it.
 */
async function memory(host: Host): Promise<Figure[]> {
  const inspector = await Inspector.open(await host.inspector());
  const measure = async () => {
    await host.collect();
    return { heap: await inspector.heap(), rss: await host.rss() };
  };
  const held: { cut(): void }[] = [];
  const grow = async (count: number, open: (index: number) => Promise<{ cut(): void }>) => {
    // Skips the first ones, which pay for shared code and caches.
    for (let i = 0; i < 5; i++) held.push(await open(-1 - i));
    const before = await measure();
    for (let i = 0; i < count; i++) held.push(await open(i));
    const after = await measure();
    return { heap: (after.heap - before.heap) / count / 1024, rss: (after.rss - before.rss) / count / 1024 };
  };
  const page = (path: string) => async () => {
    const visit = await host.visit(path);
    await visit.connect();
    return visit;
  };
  // Paints pages before the measurement, because caches grow with the first hundreds of paints.
  for (let i = 0; i < 50; i++) held.push(await page('/hello')());
  for (let i = 0; i < 5; i++) held.push(await page('/labels')());
  const bare = await grow(100, (index) => host.bare('echo', `memory ${index}`));
  const hello = await grow(100, page('/hello'));
  const labels = await grow(20, page('/labels'));
  inspector.close();
  for (const end of held) end.cut();
  const note = ({ rss }: { rss: number }) => `resident memory ${(rss - bare.rss).toFixed(0)} KB above`;
  return [
    {
      name: 'heap of a hello session above a bare object',
      value: hello.heap - bare.heap,
      unit: 'KB',
      aim: { at: 'most', value: 20 },
      note: note(hello),
    },
    {
      name: 'heap of each of 1,000 labels',
      value: (labels.heap - hello.heap) / 1_000,
      unit: 'KB',
      aim: { at: 'most', value: 0.6 },
      note: note(labels),
    },
    {
      name: 'heap of a bare object with a socket',
      value: bare.heap,
      unit: 'KB',
      note: `resident memory ${bare.rss.toFixed(0)} KB`,
    },
  ];
}
