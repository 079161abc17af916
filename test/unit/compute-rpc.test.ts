// Tasks over real RPC: a Durable Object and a compute Worker in one workerd. The scenarios are in test/workerd/compute-rpc/caller.ts.

import * as esbuild from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';

let miniflare: Miniflare;

beforeAll(async () => {
  const common = { modules: true as const, compatibilityDate: '2026-10-01' };
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          ...common,
          name: 'caller',
          script: await bundle('caller.ts'),
          durableObjects: { CALLER: 'Caller' },
          serviceBindings: { COMPUTE: 'callee', FOREIGN: 'foreign' },
        },
        { ...common, name: 'callee', script: await bundle('callee.ts') },
        {
          ...common,
          name: 'foreign',
          script: `import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint {}`,
        },
      ],
    }),
  );
  await miniflare.ready;
});

afterAll(() => miniflare.dispose());

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [`${import.meta.dirname}/../workerd/compute-rpc/${entry}`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    conditions: ['workerd'],
    external: ['cloudflare:*', 'node:*'],
  });
  return outputFiles[0]?.text ?? '';
}

async function play(scenario: string): Promise<unknown> {
  const response = await miniflare.dispatchFetch(`http://caller/${scenario}`);
  if (!response.ok) throw new Error(`${scenario}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { result: unknown }).result;
}

test('a plain function gives what it returns; Map, Set, Date, BigInt and typed arrays cross', async () => {
  expect(await play('noop')).toBe(1);
  expect(await play('exotic')).toEqual([['1'], 5, [1.5], true]);
});

test('[LW3] a generator: progress only grows, chunks in order, the result after both', async () => {
  const result = (await play('generator')) as {
    value: number;
    chunks: string[];
    progress: (number | null)[];
    status: string;
  };
  expect(result.value).toBe(900_000_000);
  expect(result.chunks).toEqual(Array.from({ length: 10 }, (_, index) => `unit ${index * 100}`));
  expect(result.progress[0]).toBe(null);
  expect(result.progress.at(-1)).toBe(1);
  expect(result.progress).toEqual([...result.progress].sort((a, b) => (a ?? -1) - (b ?? -1)));
  expect(result.status).toBe('done');
});

test('[LW3] chunks of an async generator arrive while it waits for the next', async () => {
  const [first, second] = (await play('stream')) as [string, number][];
  expect([first?.[0], second?.[0]]).toEqual(['line 0', 'line 1']);
  expect((second?.[1] ?? 0) - (first?.[1] ?? 0)).toBeGreaterThan(300);
});

test('what a task yields before a step that holds the thread arrives before that step has ended, in one thread as well', async () => {
  const arrivals = (await play('phases')) as [chunk: string | { computed: number }, at: number][];
  expect(arrivals).toHaveLength(9);
  for (let phase = 0; phase < 9; phase += 3) {
    const [said, detail, computed] = arrivals.slice(phase).map(([chunk, at]) => ({ chunk, at }));
    const { computed: ended } = computed?.chunk as { computed: number };
    expect([said?.at, detail?.at].every((at) => (at as number) < ended)).toBe(true);
  }
});

test('[JE7] cancel: the caller knows at once, the generator ends with its finally block', async () => {
  const result = (await play('cancel')) as { progress: number; took: number; marks: string[] };
  expect(result).toMatchObject({
    caught: { name: 'CancelledError', class: 'CancelledError', reason: 'enough' },
    status: 'cancelled',
  });
  expect(result.progress).toBeGreaterThan(0.5);
  expect(result.took).toBeLessThan(50);
  expect(result.marks).toContain('cancelled closed');
});

test('[JE5] a timeout stops the generator too', async () => {
  const result = (await play('timeout')) as { caught: unknown; marks: string[] };
  expect(result.caught).toMatchObject({ class: 'TimeoutError', timeout: 150 });
  expect(result.marks).toContain('late closed');
});

test('[JE9] remote errors keep name, message, causes, own properties and stack', async () => {
  const error = (await play('remote')) as { remoteStack: string };
  expect(error).toMatchObject({
    class: 'TaskError',
    name: 'ParseError',
    message: 'cannot parse a.txt',
    task: 'parse',
    line: 7,
    context: { file: 'a.txt' },
    cause: { name: 'TypeError', message: 'unexpected end', cause: { thrown: { code: 42 } } },
  });
  expect(error.remoteStack).toContain('at parse');
});

test('[JE9] what cannot cross is named, both ways; what fits in 32 MiB crosses', async () => {
  expect(await play('argument')).toMatchObject({
    class: 'TypeError',
    message: expect.stringContaining('args[0].rows[2].onClick is a function'),
  });
  expect(await play('uncloneable')).toMatchObject({
    name: 'TypeError',
    message: expect.stringContaining('result.rows[1].onClick is a function'),
  });
  expect(await play('largeArgument')).toMatchObject({
    name: 'RangeError',
    message: expect.stringContaining('33.0 MiB'),
  });
  expect(await play('largeResult')).toMatchObject({ name: 'RangeError', message: expect.stringContaining('33.0 MiB') });
  expect(await play('fits')).toBe(31 * 1024 * 1024);
});

test('asked whether it is there, a service answers; one that cannot be asked is called', async () => {
  expect(await play('asked')).toEqual({ ok: true, value: 1 });
  expect(await play('askedForeign')).toMatchObject({
    message: expect.stringContaining('export default compute(tasks)'),
  });
});

test('an unknown task, a missing binding, a Worker without tasks, a task that waits for nothing', async () => {
  expect(await play('unknown')).toMatchObject({
    message: expect.stringContaining('Did you mean "parse"? It has: echo, '),
  });
  expect(await play('unbound')).toMatchObject({ message: expect.stringContaining('binding = "UNBOUND"') });
  expect(await play('foreign')).toMatchObject({ message: expect.stringContaining('export default compute(tasks)') });
  expect(await play('never')).toMatchObject({ message: expect.stringContaining('can no longer happen') });
});

test('[NB3] a session in the same thread goes on while a task computes', async () => {
  // How long each wait was is measured by `npm run bench -- offload.busyTogether`; a thread that is not given back has none.
  expect(await play('contention')).toBeGreaterThan(10);
});

test('a task of no length costs one call of its service', async () => {
  expect(await play('calls')).toEqual({ noop: 1, three: 3, failure: 1 });
});
