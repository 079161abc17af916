// `npm run bench:core`: measures the cost of a click. Each figure stands beside a bare one from the same run, in
// the same miniflare, with the same client, in alternating rounds.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from '../src/cli/build.ts';
import { type Figure, median, quantile, ratio, report } from './figures.ts';
import { type Host, startHost, until, type Visit } from './host.ts';
import type { RawSocket } from './socket.ts';

/** Something that answers a question. */
interface Side {
  ask(): void;
  onanswer: () => void;
}

const rounds = 9;
const trips = 400;

await using host = await startHost();
const figures: Figure[] = [
  ...(await roundTrips(host)),
  ...(await throughput(host)),
  ...(await frames(host)),
  ...(await calls(host)),
  ...(await client()),
];
await report('core', figures);

/** Asks one connection one question at a time. Each round has a fresh session, because a session accepts 200 events a second. */
async function roundTrips(host: Host): Promise<Figure[]> {
  const ours: number[][] = [];
  const theirs: number[][] = [];
  for (let round = -2; round < rounds; round++) {
    const page = await host.visit('/counter');
    await page.connect();
    const session = await time(asked(page));
    page.cut();
    const socket = await host.bare('echo', `trip ${round}`);
    const bare = await time(echoed(socket));
    socket.cut();
    if (round < 0) continue; // Warms up.
    ours.push(session);
    theirs.push(bare);
  }
  const at = (q: number) => {
    const mine = ours.map((times) => quantile(times, q));
    const bare = theirs.map((times) => quantile(times, q));
    return { ...ratio(mine, bare), note: `${median(mine).toFixed(3)} ms against ${median(bare).toFixed(3)} ms` };
  };
  return [
    { name: 'round trip p50 / bare echo', unit: 'x', aim: { at: 'most', value: 1.3 }, ...at(0.5) },
    { name: 'round trip p99 / bare echo', unit: 'x', ...at(0.99) },
  ];
}

/** Keeps one click under way in each of fifty sessions, as fast as the answers allow. */
async function throughput(host: Host): Promise<Figure[]> {
  const pages = await Promise.all(Array.from({ length: 50 }, () => host.visit('/counter')));
  await Promise.all(pages.map((page) => page.connect()));
  const sockets = await Promise.all(Array.from({ length: 50 }, (_, i) => host.bare('echo', `many ${i}`)));
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const session = await rate(pages.map(asked));
    const bare = await rate(sockets.map(echoed));
    if (round < 0) continue;
    ours.push(session);
    theirs.push(bare);
  }
  await until(() => pages.every((page) => page.durable === page.clicks));
  for (const end of [...pages, ...sockets]) end.cut();
  const note = `${median(ours).toFixed(0)}/s against ${median(theirs).toFixed(0)}/s`;
  return [
    {
      name: 'throughput of 50 sessions / bare echo',
      unit: 'x',
      aim: { at: 'least', value: 0.7 },
      ...ratio(ours, theirs),
      note,
    },
  ];
}

/** Measures the bytes of the frames of a thousand clicks on a page of 52 elements. The largest counts. */
async function frames(host: Host): Promise<Figure[]> {
  const page = await host.visit('/counter');
  await page.connect();
  let click = 0;
  let patch = 0;
  for (let i = 0; i < 1_000; i++) {
    const answer = Promise.withResolvers<string>();
    page.onpatch = answer.resolve;
    click = Math.max(click, Buffer.byteLength(page.click()));
    patch = Math.max(patch, Buffer.byteLength(await answer.promise));
  }
  page.cut();
  return [
    { name: 'a click', value: click, unit: 'B', aim: { at: 'most', value: 30 }, note: 'largest of 1,000' },
    { name: 'a one-text patch', value: patch, unit: 'B', aim: { at: 'most', value: 30 }, note: '52 elements' },
  ];
}

/** Measures an empty task against an empty method, called in turn by a handler. Each click runs a new handler. */
async function calls(host: Host): Promise<Figure[]> {
  const page = await host.visit('/rpc');
  await page.connect();
  const times: Record<'bare' | 'passing' | 'durable', number[]> = { bare: [], passing: [], durable: [] };
  for (let round = -3; round < 40; round++) {
    const answer = Promise.withResolvers<Record<keyof typeof times, number>>();
    page.onpatch = (text) => {
      const found = /"(\{.*?\})"/.exec(text)?.[1];
      if (found) answer.resolve(JSON.parse(JSON.parse(`"${found}"`) as string) as Record<keyof typeof times, number>);
    };
    page.click();
    const measured = await answer.promise;
    // Skips the first rounds, which warm up.
    if (round >= 0) for (const side of ['bare', 'passing', 'durable'] as const) times[side].push(measured[side]);
  }
  page.cut();
  const figure = (side: 'passing' | 'durable', name: string): Figure => ({
    name,
    unit: 'x',
    ...(side === 'passing' && { aim: { at: 'most', value: 1.5 } }),
    ...ratio(times[side], times.bare),
    note: `${median(times[side]).toFixed(3)} ms against ${median(times.bare).toFixed(3)} ms`,
  });
  return [
    figure('passing', 'cpuBound of nothing, durable: false / bare RPC'),
    figure('durable', 'cpuBound of nothing, durable / bare RPC'),
  ];
}

/** Measures the first page's download: the entry with all its imports, and the styles of all examples. */
async function client(): Promise<Figure[]> {
  const { manifest } = await build();
  const zipped = async (file: string) =>
    gzipSync(await readFile(path.join(import.meta.dirname, '../dist/client', file)), { level: 9 }).length;
  const scripts = await Promise.all([manifest.client, ...manifest.preload].map(zipped));
  const js = scripts.reduce((sum, size) => sum + size, 0) / 1024;
  const css = (await zipped(manifest.styles)) / 1024;
  return [
    {
      name: 'client JavaScript, gzip',
      value: js,
      unit: 'KB',
      aim: { at: 'most', value: 10 },
      note: `${scripts.length} files`,
    },
    { name: 'styles, gzip', value: css, unit: 'KB' },
  ];
}

function asked(page: Visit): Side {
  const side: Side = { ask: () => void page.click(), onanswer: () => {} };
  page.onpatch = () => side.onanswer();
  return side;
}

function echoed(socket: RawSocket): Side {
  let asked = 0;
  const side: Side = { ask: () => socket.send(`[${++asked},48271,"click"]`), onanswer: () => {} };
  socket.onmessage = () => side.onanswer();
  return side;
}

/** Returns the milliseconds of each round trip of a series. */
function time(side: Side): Promise<number[]> {
  const { promise, resolve } = Promise.withResolvers<number[]>();
  const times: number[] = [];
  let began = 0;
  const ask = () => {
    began = performance.now();
    side.ask();
  };
  side.onanswer = () => {
    times.push(performance.now() - began);
    if (times.length < trips) ask();
    else resolve(times);
  };
  ask();
  return promise;
}

/** Returns the answers a second, with one question of each side always under way. */
function rate(sides: readonly Side[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const began = performance.now();
  let answers = 0;
  let open = sides.length;
  for (const side of sides) {
    side.onanswer = () => {
      answers++;
      if (performance.now() - began < 1_500) side.ask();
      else if (--open === 0) resolve((answers * 1000) / (performance.now() - began));
    };
    side.ask();
  }
  return promise;
}
