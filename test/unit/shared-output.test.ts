import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { execute, TaskExecution } from '../../src/compute/runner.ts';
import { ui } from '../../src/elements/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import { ChunkLog } from '../../src/shared/chunk-log.ts';
import { shared, sharedLimits } from '../../src/shared/index.ts';
import { run } from '../../src/tasks/index.ts';
import { seeded, settled, TestBrowser, TestServer, TestShared, VirtualClock } from '../../src/testing/index.ts';

const { subscribers } = sharedLimits;
/** More are tried with SEEDS=300 in the environment. */
const seeds = Number(process.env.SEEDS ?? 12);

afterEach(() => {
  (sharedLimits as { subscribers: number }).subscribers = subscribers;
});

function find(browser: TestBrowser, kind: string, text?: string): MirrorNode {
  const visit = (node: MirrorNode): MirrorNode | undefined =>
    node.kind === kind && (text === undefined || node.props.text === text)
      ? node
      : node.children.map(visit).find(Boolean);
  return visit(browser.root) as MirrorNode;
}

function lines(browser: TestBrowser): unknown {
  return find(browser, 'log').props.lines;
}

function status(browser: TestBrowser): unknown {
  return find(browser, 'label').props.text;
}

function click(browser: TestBrowser, text: string): void {
  browser.emit(find(browser, 'button', text), 'click');
}

/** A job that writes a line every 100 ms, and how far it is. */
function world(options: { latency?: () => number; chance?: () => number } = {}) {
  const clock = new VirtualClock(options.chance);
  let runs = 0;
  const tasks = {
    /** Says something else in each attempt: what was shown must stay what was said first. */
    async *moody(count: number): AsyncGenerator<string, number> {
      const mood = runs++;
      for (let n = 0; n < count; n++) {
        yield `line ${n}, mood ${mood}`;
        await new Promise<void>((resolve) => clock.after(100, resolve));
      }
      return count;
    },
    async *write(count: number, every = 100): AsyncGenerator<number | string, number> {
      for (let n = 0; n < count; n++) {
        yield `line ${n}`;
        yield (n + 1) / count;
        if (every > 0) await new Promise<void>((resolve) => clock.after(every, resolve));
      }
      return count;
    },
    *large(size: number): Generator<string> {
      yield 'small';
      yield 'x'.repeat(size);
    },
  };
  const COMPUTE: ComputeService = {
    async run(call) {
      const begun = await execute(tasks, call, { clock, wait: settled });
      return begun instanceof TaskExecution ? { running: begun } : begun;
    },
  };
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const writer = shared.job('writer', handles.write, { whileRunning: 'restart' });
  const moody = shared.job('moody', handles.moody);
  const large = shared.job('large', handles.large);
  const all = new TestShared({ clock, services: { COMPUTE }, ...options });
  const pages = {
    '/': () => {
      ui.label(() => `${writer.status.value} ${writer.result.value}`);
      for (const count of [5, 20]) ui.button(`Write ${count}`, () => writer.start(count));
      ui.button('Write many', () => writer.start(2_500, 0));
      ui.button('Again', () => writer.retry());
      ui.log({ max: 5_000 }).follow(writer.chunks);
      ui.label(() => `after ${writer.chunks.value.first}: ${writer.chunks.value.length}`);
    },
    '/bar': () => {
      ui.label(() => `${writer.status.value} ${writer.progress.value}`);
    },
    '/moody': () => {
      ui.label(() => `${moody.status.value} ${moody.result.value}`);
      ui.button('Write 20', () => moody.start(20));
      ui.log().follow(moody.chunks);
    },
    '/large': () => {
      ui.label(() => `${large.status.value} ${large.error.value?.message}`);
      ui.button('Write', () => large.start(sharedLimits.value));
      ui.log().follow(large.chunks);
    },
  };
  const servers = new Map<string, TestServer>();
  const serve = (name: string) => {
    const server = servers.get(name) ?? new TestServer({ clock, pages, name, shared: all, services: { COMPUTE } });
    servers.set(name, server);
    return server;
  };
  const visit = async (name: string, path = '/') => {
    const server = serve(name);
    const opening = TestBrowser.open(server, clock, path);
    await clock.advance(500);
    const browser = await opening;
    await clock.advance(100);
    return { server, browser };
  };
  return { clock, all, serve, visit, servers };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `line ${from + at}`);

test('what a shared job yields is shown to all in order, and is in the first HTML of a late one', async () => {
  const { clock, visit, serve, all, servers } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  click(ada.browser, 'Write 20');
  await clock.advance(950);
  expect((lines(ada.browser) as string[]).length).toBeGreaterThan(5);
  expect(lines(bob.browser)).toEqual(lines(ada.browser));
  const paint = JSON.stringify(await serve('eve').open('/'));
  for (const line of lines(ada.browser) as string[]) expect(paint).toContain(`"${line}"`);
  await clock.advance(5_000);
  for (const { browser } of [ada, bob]) expect([status(browser), lines(browser)]).toEqual(['done 20', range(0, 20)]);
  await clock.advance(5_000);
  all.evict('job:writer');
  const late = await visit('fay');
  expect(lines(late.browser)).toEqual(range(0, 20));
  await clock.advance(5_000);
  for (const { server } of [ada, bob, late]) expect(server.whyAwake()).toEqual([]);
  for (const server of servers.values()) expect(server.errors).toEqual([]);
});

test(
  '[LW3] nothing that a shared job yields is lost or doubled when objects, sessions and relays die, or calls get lost',
  async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const chance = seeded(seed);
      const pick = (below: number) => Math.floor(chance() * below);
      (sharedLimits as { subscribers: number }).subscribers = 1 + pick(2);
      const { clock, visit, all, servers } = world({ latency: () => pick(60), chance });
      const names = ['ada', 'bob', 'eve'];
      const browsers = new Map<string, TestBrowser>();
      const seen: [name: string, lines: readonly string[]][] = [];
      for (const name of names) browsers.set(name, (await visit(name, '/moody')).browser);
      click(browsers.get('ada') as TestBrowser, 'Write 20');
      const losses = chance() * 0.2;
      all.lose = () => chance() < losses;
      for (let step = 0; step < 12; step++) {
        await clock.advance(pick(400));
        const objects = [...all.stores.keys()];
        if (chance() < 0.3) all.kill(objects[pick(objects.length)] as string);
        if (chance() < 0.3) servers.get(names[pick(3)] as string)?.kill();
        for (const [name, browser] of browsers) seen.push([name, lines(browser) as string[]]);
      }
      all.lose = () => false;
      await clock.advance(10 * 60_000);
      const said = lines(browsers.get('ada') as TestBrowser) as string[];
      expect(
        said.map((line) => line.replace(/, mood \d+$/, '')),
        `seed ${seed}`,
      ).toEqual(range(0, 20));
      for (const [name, browser] of browsers) {
        expect([status(browser), lines(browser)], `${name}, seed ${seed}`).toEqual(['done 20', said]);
      }
      for (const [name, shown] of seen) expect(shown, `${name}, seed ${seed}`).toEqual(said.slice(0, shown.length));
    }
  },
  30_000 + seeds * 1_000,
);

test('the newest of it is kept, up to a cap, and says how many came before', async () => {
  const { clock, visit } = world();
  const ada = await visit('ada');
  click(ada.browser, 'Write many');
  await clock.advance(20_000);
  expect(status(ada.browser)).toBe('done 2500');
  expect((lines(ada.browser) as string[]).slice(-3)).toEqual(range(2_497, 2_500));
  const late = await visit('bob');
  const shown = lines(late.browser) as string[];
  expect(shown).toEqual(range(2_500 - sharedLimits.chunks, 2_500));
  expect(find(late.browser, 'log').props.total).toBe(2_500);
  expect(find(late.browser, 'label', `after ${2_500 - sharedLimits.chunks}: ${sharedLimits.chunks}`)).toBeDefined();
});

test('another start begins anew, for all', async () => {
  const { clock, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  click(ada.browser, 'Write 20');
  await clock.advance(1_000);
  expect((lines(bob.browser) as string[]).length).toBeGreaterThan(5);
  click(bob.browser, 'Write 5');
  await clock.advance(3_000);
  for (const { browser } of [ada, bob]) expect([status(browser), lines(browser)]).toEqual(['done 5', range(0, 5)]);
});

test('a sleeping page that is woken by more of it is sent what was appended, and no more', async () => {
  const { clock, visit, serve } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  click(ada.browser, 'Write 5');
  await clock.advance(10_000);
  bob.server.evict();
  const sent = bob.browser.wire?.sent.length ?? 0;
  click(ada.browser, 'Write 20');
  await clock.advance(10_000);
  expect(lines(bob.browser)).toEqual(range(0, 20));
  const frames = bob.browser.wire?.sent.slice(sent).map((frame) => JSON.parse(frame) as unknown[]) ?? [];
  expect(frames.filter(([type]) => type === 's')).toEqual([]);
  // Each line came once, after the old ones had gone.
  const appended = frames.flatMap((frame) => frame.slice(1)).filter((op) => (op as unknown[])[0] === 'a');
  expect(appended.flatMap((op) => (op as unknown[])[2])).toEqual(range(0, 20));
  expect(serve('bob').errors).toEqual([]);
});

test('a chunk that is too large for all fails the job, with a sentence', async () => {
  const { clock, visit } = world();
  const ada = await visit('ada', '/large');
  click(ada.browser, 'Write');
  await clock.advance(5_000);
  expect(status(ada.browser)).toMatch(
    /^failed A chunk of task "large" has \d+ characters; the limit is 262144\. Put it into R2 or a database, and return its key\.$/,
  );
});

test('whoever does not show it does not fetch it', async () => {
  const { clock, visit, all } = world();
  const ada = await visit('ada');
  const bob = await visit('bob', '/bar');
  ada.browser.close();
  await clock.advance(1_000);
  const eve = await visit('eve');
  click(eve.browser, 'Write 5');
  await clock.advance(1_000);
  eve.browser.close();
  await clock.advance(1_000);
  const before = all.calls.filter((call) => call.endsWith('.chunks')).length;
  const fay = await visit('fay', '/bar');
  await clock.advance(5_000);
  expect([status(bob.browser), status(fay.browser)]).toEqual(['done 1', 'done 1']);
  expect(all.calls.filter((call) => call.endsWith('.chunks'))).toHaveLength(before);
});

test('the job that is shown is kept for as long as it is: weeks later its output is there, and it can be started again', async () => {
  const { clock, visit, all } = world();
  const ada = await visit('ada');
  click(ada.browser, 'Write 5');
  await clock.advance(10_000);
  click(ada.browser, 'Write 20');
  await clock.advance(10_000);
  ada.browser.close();
  for (let day = 0; day < 20; day++) {
    await clock.advance(86_400_000);
    all.evict('job:writer');
  }
  const bob = await visit('bob');
  expect([status(bob.browser), lines(bob.browser)]).toEqual(['done 20', range(0, 20)]);
  click(bob.browser, 'Again');
  await clock.advance(1_000);
  expect(status(bob.browser)).toBe('running undefined');
  await clock.advance(10_000);
  expect([status(bob.browser), lines(bob.browser)]).toEqual(['done 20', range(0, 20)]);
  await clock.advance(2 * 86_400_000);
  expect(all.stores.get('job:writer')?.jobs('all')).toHaveLength(1);
});

test('tails in any order, pieces and repetitions make the same output', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(30))), fc.nat(40), (pieces, count) => {
      const output = new ChunkLog();
      const texts = range(0, count);
      for (const [from, length] of pieces) {
        const first = Math.min(from, output.next, count);
        output.take({ job: 'a', first, texts: texts.slice(first, first + length) });
        expect(output.since('a', 0).texts).toEqual(texts.slice(output.first, output.next));
      }
      output.take({ job: 'a', first: output.next, texts: texts.slice(output.next) });
      expect(output.since('a', 0)).toEqual({ job: 'a', first: 0, texts });
      expect(output.since('a', count + 5).texts).toEqual([]);
      expect(output.since('b', 7)).toEqual({ job: 'a', first: 0, texts });
    }),
  );
});
