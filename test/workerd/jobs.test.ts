// Jobs in the runtime: real SQLite, real alarms, the local queue with the settings of wrangler.toml, the examples' compute Worker.

import {
  createExecutionContext,
  createMessageBatch,
  env,
  evictDurableObject,
  getQueueResult,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { afterEach, describe, expect, test } from 'vitest';
import app from '../../examples/app.ts';
import type * as Tasks from '../../examples/tasks.ts';
import { ui } from '../../src/elements/index.ts';
import { type DownFrame, encode, type NodeLiteral, type Paint, protocolVersion } from '../../src/protocol/index.ts';
import type { SessionObject } from '../../src/session/index.ts';
import { run } from '../../src/tasks/index.ts';

const origin = 'http://localhost';
const bindings = env as unknown as { readonly SESSION: DurableObjectNamespace; readonly JOBS: Queue };
const worker = (exports as unknown as { readonly default: Fetcher }).default;
const tasks = run.tasks<typeof Tasks>('COMPUTE');

for (const via of ['service', 'queue'] as const) {
  app.page(`/test/${via}`, () => {
    const result = ui.label('none');
    const bar = ui.progress(0);
    const log = ui.log();
    ui.button('Start', async () => {
      const job = run.with({ via }).cpuBound(tasks.report, { title: 'Primes', sections: 2 });
      bar.value = job.progress;
      for await (const line of job.chunks) log.push(line);
      const { primes } = await job;
      result.text = `${primes} primes`;
    });
  });
}

afterEach(async () => {
  await reset();
});

function find(node: NodeLiteral, kind: string): NodeLiteral | undefined {
  return node[1] === kind ? node : node[3]?.map((child) => find(child, kind)).find(Boolean);
}

/** Loads a page and clicks its button; the socket's frames are there to be asked for. */
async function click(path: string) {
  const response = await worker.fetch(`${origin}${path}`);
  const cookie =
    response.headers
      .getSetCookie()
      .find((line) => line.startsWith('edgewise='))
      ?.split(';')[0] ?? '';
  const [, json = ''] = /id="edgewise-paint">(.*?)<\/script>/.exec(await response.text()) ?? [];
  const { paint, build } = JSON.parse(json) as { paint: Paint; build: string };
  const query = new URLSearchParams({ page: paint.page, path });
  const upgrade = await worker.fetch(
    new Request(`${origin}/_edgewise/socket?${query}`, {
      headers: { Upgrade: 'websocket', Origin: origin, Cookie: cookie },
    }),
  );
  const socket = upgrade.webSocket as WebSocket;
  const frames: DownFrame[] = [];
  socket.addEventListener('message', (event) => void frames.push(JSON.parse(event.data as string) as DownFrame));
  socket.accept();
  socket.send(encode(['h', protocolVersion, build, paint.epoch, paint.frame, []]));
  socket.send(encode([1, find(paint.tree, 'button')?.[0] ?? 0, 'click']));
  const name = cookie.split('.')[1] ?? '';
  const object = bindings.SESSION.get(bindings.SESSION.idFromName(name));
  return { frames, socket, name, page: paint.page, object: object as typeof object & SessionObject };
}

interface Row {
  readonly job: string;
  readonly open: number;
  readonly state: string;
}

function rows(object: DurableObjectStub): Promise<Row[]> {
  return runInDurableObject(object, (_, { storage }) => {
    const there = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'job'").toArray().length > 0;
    return there ? (storage.sql.exec('SELECT job, open, state FROM job').toArray() as unknown as Row[]) : [];
  });
}

function cells(object: DurableObjectStub): Promise<string> {
  return runInDurableObject(object, (_, { storage }) =>
    JSON.stringify(storage.sql.exec('SELECT value FROM cell').toArray()),
  );
}

describe('both lanes', () => {
  for (const via of ['service', 'queue'] as const) {
    test(`${via}: progress, lines and the result reach the browser, and the row has the outcome`, async () => {
      const { frames, object } = await click(`/test/${via}`);
      await expect.poll(() => JSON.stringify(frames)).toContain('148933 primes');
      const seen = JSON.stringify(frames);
      expect(seen).toContain('Section 1:');
      expect(seen).toContain('Section 2:');
      const values = [...seen.matchAll(/"value",(0\.\d+|1)/g)].map((match) => Number(match[1]));
      expect(values.length).toBeGreaterThan(2);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect((await rows(object)).map(({ open }) => open)).toEqual([0]);
    });
  }

  test('the object is evicted while the job runs in the service lane: the alarm alone brings the result', async () => {
    const { object, socket } = await click('/test/service');
    await expect.poll(() => rows(object).then((found) => found.length)).toBe(1);
    socket.close();
    await evictDurableObject(object);
    // The lease is seconds away: ring now.
    await expect
      .poll(async () => (await runDurableObjectAlarm(object), await cells(object)), { interval: 500 })
      .toContain('148933 primes');
    expect((await rows(object)).map(({ open }) => open)).toEqual([0]);
  });

  test('the object is evicted while the job runs in the queue lane: the attempt goes on, and its answer wakes it', async () => {
    const { object, socket } = await click('/test/queue');
    await expect.poll(() => rows(object).then((found) => found[0]?.state ?? '')).toContain('running');
    socket.close();
    await evictDurableObject(object);
    await expect.poll(() => cells(object)).toContain('148933 primes');
    expect(JSON.stringify(await rows(object))).toContain('\\"attempt\\":1');
  });
});

describe('the queue', () => {
  async function deliver(queue: string, bodies: unknown[]) {
    const messages = bodies.map((body, index) => ({ id: `${index}`, timestamp: new Date(0), attempts: 1, body }));
    const batch = createMessageBatch(queue, messages);
    const ctx = createExecutionContext();
    await app.queue(batch, env as never);
    return getQueueResult(batch, ctx);
  }

  test('messages that name nothing, or nobody, are acknowledged and leave no object behind', async () => {
    const bodies = [null, { session: 'a'.repeat(32), job: 'unknown' }, { job: 'alone' }];
    const result = await deliver('edgewise-jobs', bodies);
    expect(result.explicitAcks.toSorted()).toEqual(['0', '1', '2']);
    const dead = await deliver('edgewise-jobs-dead', bodies);
    expect(dead.explicitAcks.toSorted()).toEqual(['0', '1', '2']);
    const object = bindings.SESSION.get(bindings.SESSION.idFromName('a'.repeat(32)));
    expect(
      await runInDurableObject(object, (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
      ),
    ).toEqual([]);
  });

  test('two deliveries of one message side by side run one attempt', async () => {
    const { object, name } = await click('/test/queue');
    await expect.poll(() => rows(object).then((found) => found.length)).toBe(1);
    const [row] = await rows(object);
    const message = { session: name, job: row?.job };
    const result = await deliver('edgewise-jobs', [message, message]);
    expect(result.explicitAcks.toSorted()).toEqual(['0', '1']);
    await expect.poll(() => rows(object).then((found) => found[0]?.open)).toBe(0);
    expect((await rows(object))[0]?.state).toContain('"attempt":1');
  });
});
