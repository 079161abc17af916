// Many sessions: how fast they open, what they hold, how they sleep, and what a bad network does to them.

import type { Bench, Part } from '../bench.ts';
import { type Contender, ours, startContenders } from '../contenders/index.ts';
import type { Findings } from '../findings.ts';
import { type Host, startHost } from '../host.ts';
import { Inspector } from '../inspector.ts';
import { startProxy } from '../proxy.ts';
import type { RawSocket } from '../socket.ts';
import { median, ratio } from '../statistics.ts';
import type { Visit } from '../visit.ts';
import { until } from '../wait.ts';

export const sessions: Part = { title: 'Sessions', run };

async function run(bench: Bench): Promise<void> {
  await bench.measure('opening', () => opening(bench));
  await bench.measure('cuts', () => cuts(bench));
  if (bench.wants('wake', 'reconnect')) {
    await using host = await startHost();
    await bench.measure('wake', () => wake(bench, host));
    await bench.measure('reconnect', () => reconnect(bench, host));
  }
  if (bench.wants('memory')) {
    // In a process of its own, because earlier work would change it. Its objects may not sleep.
    await using host = await startHost({ awake: true });
    await bench.measure('memory', () => memory(host));
  }
}

/** Opens pages, ten at a time, until each shows its first frame over its socket. */
async function opening(bench: Bench): Promise<Findings> {
  await using contenders = await startContenders();
  const { list, missing } = contenders;
  const count = bench.rounds(60, 20);
  const rates = new Map(list.map(({ name }) => [name as string, [] as number[]]));
  const cpus = new Map(list.map(({ name }) => [name as string, [] as number[]]));
  for (let round = -1; round < bench.rounds(4, 1); round++) {
    for (const contender of list) {
      const before = await contender.cpu();
      const began = performance.now();
      for (let opened = 0; opened < count; opened += 10) {
        const some = await Promise.all(Array.from({ length: 10 }, () => contender.visit()));
        for (const visitor of some) visitor.cut();
      }
      if (round < 0) continue; // Warms up.
      rates.get(contender.name)?.push((count * 1000) / (performance.now() - began));
      cpus.get(contender.name)?.push(((await contender.cpu()) - before) / count);
    }
  }
  const columns = list.map(({ name }) => name as string);
  const row = (name: string, values: ReadonlyMap<string, number[]>) => ({
    name,
    values: columns.map((column) => median(values.get(column) ?? [])),
  });
  const table = { by: 'pages', columns };
  return {
    tables: [
      { title: 'Pages opened', unit: '/s', better: 'high', ...table, rows: [row('52 elements', rates)] },
      {
        title: 'CPU of the server for a page opened',
        unit: 'ms',
        better: 'low',
        ...table,
        rows: [row('52 elements', cpus)],
      },
    ],
    notes: [
      'A page opened: Edgewise and NiceGUI answer the document with the first paint and then a socket; the others only a socket.',
      ...missing,
    ],
  };
}

/**
 * Measures message to answer of an evicted object, which first runs its constructor. A session rebuilds its page then, the
 * counter by hand reads its rows, and the echo has nothing to do.
 */
async function wake(bench: Bench, host: Host): Promise<Findings> {
  const pages: Visit[] = [];
  const counters: RawSocket[] = [];
  const echoes: RawSocket[] = [];
  for (let i = 0; i < 24; i++) {
    const page = await host.visit('/counter');
    await page.connect();
    page.click();
    pages.push(page);
    counters.push(await host.bare('durable', `sleeper ${i}`));
    echoes.push(await host.bare('echo', `sleeper ${i}`));
  }
  const durable = (page: Visit) => until(() => page.durable === page.clicks);
  await Promise.all(pages.map(durable));
  // Waits until the sessions are at rest, so that a wake finds them unchanged.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const kinds = { patch: 0, snapshot: 0 };
  const wakeOf = async (evicted: Promise<void>, ask: (done: () => void) => void): Promise<number> => {
    await evicted;
    const began = performance.now();
    await new Promise<void>((resolve) => ask(resolve));
    return performance.now() - began;
  };
  const wakeBare = (kind: 'Durable' | 'Echo', sockets: readonly RawSocket[], index: number, number: number) => {
    const socket = sockets[index] as RawSocket;
    return wakeOf(host.evict(kind, `sleeper ${index}`), (done) => {
      socket.onmessage = done;
      socket.send(`[${number},[48271,"OYlzG"],"click"]`);
    });
  };
  const wakes = {
    ours: (index: number) => {
      const page = pages[index] as Visit;
      return wakeOf(host.evict('Session', page.session), (done) => {
        page.onpatch = () => {
          kinds.patch++;
          done();
        };
        page.onsnapshot = () => kinds.snapshot++;
        page.click();
      });
    },
    hand: (index: number, round: number) => wakeBare('Durable', counters, index, round),
    bare: (index: number, round: number) => wakeBare('Echo', echoes, index, round),
  };
  const sides = ['ours', 'hand', 'bare'] as const;
  /** Rounds that warm up all sides. */
  const warm = 3;
  const rounds: { readonly ours: number; readonly hand: number; readonly bare: number }[] = [];
  for (let round = 1 - warm; round <= bench.rounds(12, 2); round++) {
    const found = { ours: [] as number[], hand: [] as number[], bare: [] as number[] };
    for (const [index, page] of pages.entries()) {
      // Each side is the first equally often, because the first of them comes after the pause.
      for (const turn of sides.keys()) {
        const side = sides[(index + turn) % sides.length] as (typeof sides)[number];
        found[side].push(await wakes[side](index, round + warm));
      }
      // So that no commit falls into another wake. A round of all pages takes longer than one needs to come to rest.
      await durable(page);
    }
    const { ours, hand, bare } = found;
    if (round > 0) rounds.push({ ours: median(ours), hand: median(hand), bare: median(bare) });
  }
  for (const end of [...pages, ...counters, ...echoes]) end.cut();
  const times = (of: 'ours' | 'hand' | 'bare') => rounds.map((round) => round[of]);
  const against = (of: 'ours' | 'hand', floor: 'hand' | 'bare') => ({
    ...ratio(times(of), times(floor)),
    note: `${median(times(of)).toFixed(2)} ms against ${median(times(floor)).toFixed(2)} ms`,
  });
  const woken = against('ours', 'bare');
  return {
    figures: [
      {
        id: 'sessions.wake/bare',
        name: 'wake to patch / wake of a bare object',
        unit: 'x',
        aim: { at: 'most', value: 1.8 },
        ...woken,
        note: `${woken.note}; ${kinds.snapshot > 0 ? `${kinds.snapshot} snapshots` : 'no snapshot'}`,
      },
      {
        id: 'sessions.wake/hand',
        name: 'wake to patch / wake of a durable counter by hand',
        unit: 'x',
        ...against('ours', 'hand'),
      },
      {
        id: 'sessions.wakeByHand/bare',
        name: 'wake of a durable counter by hand / wake of a bare object',
        unit: 'x',
        ...against('hand', 'bare'),
      },
    ],
    notes: [
      'A wake: three objects are evicted and woken in turns, each kind as often first. Then all wait until the click is stored, so that no commit falls into a wake. The texts that are sent are ready before, on all sides.',
    ],
  };
}

/**
 * Measures the memory that a connected session adds to a bare object with a socket: V8's heap after a
 * collection, and workerd's resident memory.
 * Both sides have the same socket to this end of the wire, so the difference contains none of it.
 */
async function memory(host: Host): Promise<Findings> {
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
  return {
    figures: [
      {
        id: 'sessions.heap',
        name: 'heap of a session with one label, above a bare object',
        value: hello.heap - bare.heap,
        unit: 'KB',
        aim: { at: 'most', value: 20 },
        note: note(hello),
      },
      {
        id: 'sessions.heapOfLabel',
        name: 'heap of each of 1,000 labels',
        value: (labels.heap - hello.heap) / 1_000,
        unit: 'KB',
        aim: { at: 'most', value: 0.6 },
        note: note(labels),
      },
    ],
  };
}

/**
 * Cuts the sockets of many sessions and has all of them return at once, with one click that waits, as after a deploy.
 * A real client spreads its return by up to a quarter of a second.
 */
async function reconnect(bench: Bench, host: Host): Promise<Findings> {
  const count = bench.rounds(1_000, 100);
  const pages: Visit[] = [];
  while (pages.length < count) {
    const some = await Promise.all(Array.from({ length: 20 }, () => host.visit('/counter')));
    await Promise.all(some.map((page) => page.connect()));
    pages.push(...some);
  }
  for (const page of pages) page.cut();
  // The sessions notice the end of their sockets.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = await host.cpu();
  const began = performance.now();
  const times: number[] = [];
  await Promise.all(
    pages.map(async (page) => {
      page.click();
      await page.connect();
      await until(() => page.durable === page.clicks);
      times.push(performance.now() - began);
    }),
  );
  const cpu = ((await host.cpu()) - before) / count;
  for (const page of pages) page.cut();
  return {
    figures: [
      {
        id: 'sessions.reconnect',
        name: `${count.toLocaleString('en')} sessions that return at once, until the last click is stored`,
        value: Math.max(...times),
        unit: 'ms',
        note: `half of them within ${median(times).toFixed(0)} ms`,
      },
      {
        id: 'sessions.reconnectCpu',
        name: 'CPU of the server for a session that returns with a click',
        value: cpu,
        unit: 'ms',
      },
    ],
  };
}

/** By how much the clock of `cuts` is faster: its two minutes take ten seconds. The network's 20 ms are real. */
const faster = 12;
/** Clicks of a visitor, and how many come between two breaks. */
const clicks = 120;
const breaks = 15;

/**
 * Each visitor clicks 120 times, once a second of a faster clock, and a network that carries a click in 20 ms breaks
 * every 15 s while a click is under way. It is back after two seconds.
 */
async function cuts(bench: Bench): Promise<Findings> {
  await using contenders = await startContenders();
  const { list, missing } = contenders;
  const visitors = bench.rounds(10, 2);
  const measured = await Promise.all(
    list.map(async (contender) => {
      const ends = await Promise.all(Array.from({ length: visitors }, () => overBrokenNetwork(contender)));
      return {
        delivered:
          (100 * ends.reduce((sum, { shown }) => sum + clicks - Math.abs(shown - clicks), 0)) / (clicks * visitors),
        lost: (100 * ends.filter(({ returned }) => !returned).length) / visitors,
      };
    }),
  );
  const delivered = measured.map((each) => each.delivered);
  const lost = measured.map((each) => each.lost);
  const columns = list.map(({ name }) => name as string);
  const mine = delivered[columns.indexOf(ours)] ?? Number.NaN;
  return {
    tables: [
      {
        title: 'Clicks over a network that breaks every 15 s',
        unit: '% that count at the end',
        by: 'visitors',
        better: 'high',
        columns,
        rows: [{ name: `${visitors} of ${clicks} clicks`, values: delivered }],
      },
      {
        title: 'Pages that never came back',
        unit: '%',
        by: 'visitors',
        better: 'low',
        columns,
        rows: [{ name: String(visitors), values: lost }],
      },
    ],
    figures: [
      {
        id: 'sessions.delivered',
        name: 'clicks that count once, over a network that breaks every 15 s',
        value: mine,
        unit: '%',
        aim: { at: 'least', value: 100 },
      },
    ],
    notes: [
      `The clock of the visitors is ${faster} times faster: a click each ${Math.round(1_000 / faster)} ms, a break of ${Math.round(2_000 / faster)} ms every ${((breaks * 1_000) / faster / 1_000).toFixed(2)} s. Timeouts of servers are not faster, which favours those that forget a page soon.`,
      'Each client does what the client of its contender does: Edgewise sends again what is not acknowledged, Socket.IO and PartySocket what was sent without a connection, the bare ones nothing.',
      ...missing,
    ],
  };
}

/** Returns the count that one visitor's page shows at the end, and whether it came back from each break. */
async function overBrokenNetwork(contender: Contender): Promise<{ shown: number; returned: boolean }> {
  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, (seconds * 1_000) / faster));
  await using proxy = await startProxy(contender.url, { roundTrip: 40 });
  const visitor = await contender.visit(proxy.url);
  let back: Promise<boolean> = Promise.resolve(true);
  for (let click = 1; click <= clicks; click++) {
    visitor.click();
    if (click % breaks === 0) {
      proxy.cut();
      visitor.cut();
      const connect = () =>
        visitor.reconnect().then(
          () => true,
          () => false,
        );
      back = pause(2).then(connect);
    }
    await pause(1);
  }
  const returned = await back;
  // Everything that is still to come has time to.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { shown } = visitor;
  visitor.cut();
  return { shown, returned };
}
