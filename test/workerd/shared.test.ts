// Shared signals and jobs in the runtime: real objects, real SQLite, real alarms, RPC between them.

import { env, evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { App, run, shared, ui } from 'edgewise';
import { afterEach, expect, test } from 'vitest';
import gallery from '../../examples/app.ts';
import type * as Tasks from '../../examples/tasks.ts';
import { type DownFrame, encode, type NodeLiteral, type Paint, protocolVersion } from '../../src/protocol/index.ts';
import type { SessionObject } from '../../src/session/index.ts';
import { type SharedObject, sharedLimits } from '../../src/shared/index.ts';

const tasks = run.tasks<typeof Tasks>('COMPUTE');
const level = shared('test.level', 0);
const jobs = {
  service: shared.job('test.service', tasks.heavyCalculation),
  queue: shared.job('test.queue', tasks.heavyCalculation, { via: 'queue' }),
};

gallery.page('/test/level', () => {
  ui.label(() => `Level ${level.value}`);
  ui.button('Add', () => level.add(1));
});

const chat = shared.list<string>('test.chat');
const votes = shared('test.votes', { yes: 0 });

gallery.page('/test/chat', () => {
  ui.label(() => `${chat.size} messages, ${votes.value.yes} votes`);
  ui.button('Say', async () => {
    chat.add('hello');
    await votes.update(({ yes }) => ({ yes: yes + 1 }));
  });
  ui.each(chat, (text) => ui.label(text));
});

for (const [via, job] of Object.entries(jobs)) {
  gallery.page(`/test/shared-${via}`, () => {
    ui.label(() => `${job.status.value} ${job.result.value}`);
    ui.button('Start', () => job.start(0.5));
    ui.progress(job.progress);
  });
}

const report = shared.job('test.report', tasks.report);

gallery.page('/test/report', () => {
  const sections = () => report.chunks.value.map((line) => /^Section (\d+)/.exec(line)?.[1]);
  ui.label(() => `${report.status.value} ${sections().join(' ')}`);
  ui.button('Start', () => report.start({ title: 'Primes', sections: 5 }));
  ui.log().follow(report.chunks);
});

const origin = 'http://localhost';
const bindings = env as unknown as {
  readonly SESSION: DurableObjectNamespace;
  readonly SHARED: DurableObjectNamespace;
};
const worker = (exports as unknown as { readonly default: Fetcher }).default;
const { subscribers } = sharedLimits;

afterEach(async () => {
  (sharedLimits as { subscribers: number }).subscribers = subscribers;
  await reset();
});

function find(node: NodeLiteral, kind: string): NodeLiteral | undefined {
  return node[1] === kind ? node : node[3]?.map((child) => find(child, kind)).find(Boolean);
}

/** A browser that keeps the text of the page's first label. */
class Tab {
  readonly session: DurableObjectStub;
  readonly #ws: WebSocket;
  readonly #button: number;
  readonly #label: number;
  text: string;
  #changed = () => {};
  #events = 0;
  snapshots = 0;

  constructor(paint: Paint, cookie: string, ws: WebSocket, build: string) {
    const label = find(paint.tree, 'label') as NodeLiteral;
    this.#label = label[0];
    this.#button = find(paint.tree, 'button')?.[0] ?? 0;
    this.text = String(label[2].text);
    this.session = bindings.SESSION.get(bindings.SESSION.idFromName(cookie.split('.')[1] ?? ''));
    this.#ws = ws;
    ws.accept();
    ws.addEventListener('message', ({ data }) => this.#hear(JSON.parse(data as string) as DownFrame));
    ws.send(encode(['h', protocolVersion, build, paint.epoch, paint.frame, []]));
  }

  #hear(frame: DownFrame): void {
    if (frame[0] === 's') {
      this.snapshots++;
      this.text = String(find(frame[5], 'label')?.[2].text);
    }
    if (typeof frame[0] === 'number') {
      for (const op of frame.slice(1) as unknown as unknown[][]) {
        if (Array.isArray(op) && op[0] === this.#label && op[1] === 'text') this.text = String(op[2]);
      }
    }
    this.#changed();
  }

  click(): void {
    this.#ws.send(encode([++this.#events, this.#button, 'click']));
  }

  async shows(wanted: string | RegExp): Promise<void> {
    const there = () => (typeof wanted === 'string' ? this.text === wanted : wanted.test(this.text));
    while (!there()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  close(): void {
    this.#ws.close();
  }
}

async function visit(path: string): Promise<Tab> {
  const response = await worker.fetch(`${origin}${path}`);
  const cookie =
    response.headers
      .getSetCookie()
      .find((line) => line.startsWith('edgewise='))
      ?.split(';')[0] ?? '';
  const { paint, build } = paintOf(await response.text());
  const query = new URLSearchParams({ page: paint.page, path });
  const headers = { Upgrade: 'websocket', Origin: origin, Cookie: cookie };
  const { webSocket } = await worker.fetch(`${origin}/_edgewise/socket?${query}`, { headers });
  return new Tab(paint, cookie, webSocket as WebSocket, build);
}

function paintOf(html: string): { paint: Paint; build: string } {
  const [, json = ''] = /id="edgewise-paint">(.*?)<\/script>/.exec(html) ?? [];
  return JSON.parse(json) as { paint: Paint; build: string };
}

function object(name: string): DurableObjectStub {
  return bindings.SHARED.get(bindings.SHARED.idFromName(name));
}

/** Whom an object has in its rows. */
function leases(name: string): Promise<string[]> {
  return runInDurableObject(object(name), (_, state) => {
    if (state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'cell'").toArray().length === 0) return [];
    const rows = state.storage.sql.exec("SELECT key FROM cell WHERE page = 'shared' AND key LIKE 'lease.%'").toArray();
    return rows.map((row) => String(row.key).slice(6));
  });
}

async function asleep(session: DurableObjectStub): Promise<void> {
  const why = () => runInDurableObject(session, (instance) => (instance as unknown as SessionObject).whyAwake());
  await expect.poll(why).toEqual([]);
  await evictDurableObject(session);
}

test('[LW5] two sessions and a late third show the same, the third in its first HTML', async () => {
  const ada = await visit('/test/level');
  const bob = await visit('/test/level');
  await expect.poll(() => leases('signal:test.level')).toHaveLength(2);
  ada.click();
  bob.click();
  await Promise.all([ada.shows('Level 2'), bob.shows('Level 2')]);
  const late = await (await worker.fetch(`${origin}/test/level`)).text();
  expect(late).toContain('Level 2');
  for (const tab of [ada, bob]) tab.close();
  await expect.poll(() => leases('signal:test.level')).toEqual([]);
});

test('[LW8] three users with 30 simultaneous messages and updates end with 30, while objects are evicted', async () => {
  const tabs = [await visit('/test/chat'), await visit('/test/chat'), await visit('/test/chat')];
  await expect.poll(() => leases('list:test.chat')).toHaveLength(3);
  for (let message = 0; message < 10; message++) {
    for (const tab of tabs) tab.click();
    if (message === 4) await evictDurableObject(object('list:test.chat'));
    if (message === 6) await evictDurableObject(object('signal:test.votes'));
  }
  await Promise.all(tabs.map((tab) => tab.shows('30 messages, 30 votes')));
  const late = await (await worker.fetch(`${origin}/test/chat`)).text();
  expect(late.match(/>hello</g)).toHaveLength(30);
  for (const tab of tabs) tab.close();
  await expect.poll(() => leases('list:test.chat')).toEqual([]);
});

test('a session that sleeps with its socket open is woken by a change and shows it; the shared object may sleep too', async () => {
  const ada = await visit('/test/level');
  const bob = await visit('/test/level');
  await expect.poll(() => leases('signal:test.level')).toHaveLength(2);
  await asleep(bob.session);
  await evictDurableObject(object('signal:test.level'));
  ada.click();
  await Promise.all([ada.shows('Level 1'), bob.shows('Level 1')]);
  await asleep(bob.session);
  bob.click();
  await Promise.all([ada.shows('Level 2'), bob.shows('Level 2')]);
  // It woke as it fell asleep, and sent what had changed.
  expect([ada.snapshots, bob.snapshots]).toEqual([0, 0]);
  for (const tab of [ada, bob]) tab.close();
});

test('[AF5] a visitor who only looks leaves nothing in the shared object', async () => {
  expect(await (await worker.fetch(`${origin}/test/level`)).text()).toContain('Level 0');
  const tables = await runInDurableObject(object('signal:test.level'), (_, state) =>
    state.storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray(),
  );
  expect(tables).toEqual([]);
  expect(await runInDurableObject(object('signal:test.level'), (_, state) => state.storage.getAlarm())).toBeNull();
});

for (const via of ['service', 'queue'] as const) {
  test(`a shared job via ${via}: started by one, seen by all, a late one included`, async () => {
    const ada = await visit(`/test/shared-${via}`);
    const bob = await visit(`/test/shared-${via}`);
    expect([ada.text, bob.text]).toEqual(['idle undefined', 'idle undefined']);
    ada.click();
    await Promise.all([ada.shows(/^running/), bob.shows(/^running/)]);
    const late = await (await worker.fetch(`${origin}/test/shared-${via}`)).text();
    expect(late).toContain('running undefined');
    await Promise.all([ada.shows(/^done \d+/), bob.shows(/^done \d+/)]);
    expect(await (await worker.fetch(`${origin}/test/shared-${via}`)).text()).toContain(ada.text);
    for (const tab of [ada, bob]) tab.close();
  });
}

test('a shared job goes on after its object died in the middle, without anybody who asks for it', async () => {
  const ada = await visit('/test/shared-service');
  const bob = await visit('/test/shared-service');
  ada.click();
  await Promise.all([ada.shows(/^running/), bob.shows(/^running/)]);
  await evictDurableObject(object('job:test.service'));
  await runDurableObjectAlarm(object('job:test.service'));
  await Promise.all([ada.shows(/^done \d+/), bob.shows(/^done \d+/)]);
  for (const tab of [ada, bob]) tab.close();
});

test('what a shared job yields, in the runtime: two sessions show it, and a late one, through the death of its object', async () => {
  const ada = await visit('/test/report');
  const bob = await visit('/test/report');
  ada.click();
  await Promise.all([ada.shows(/^running 1/), bob.shows(/^running 1/)]);
  await evictDurableObject(object('job:test.report'));
  await runDurableObjectAlarm(object('job:test.report'));
  await Promise.all([ada.shows('done 1 2 3 4 5'), bob.shows('done 1 2 3 4 5')]);
  const late = await (await worker.fetch(`${origin}/test/report`)).text();
  expect(late).toContain('done 1 2 3 4 5');
  expect(late.match(/Section \d: \d+ primes from/g)).toHaveLength(10); // in the document, and in the paint beside it
  for (const tab of [ada, bob]) tab.close();
});

test('relays: with a cap of 25, 100 real sessions hang on several objects, and all show each change', async () => {
  (sharedLimits as { subscribers: number }).subscribers = 25;
  const tabs: Tab[] = [];
  for (let n = 0; n < 5; n++) {
    tabs.push(...(await Promise.all(Array.from({ length: 20 }, () => visit('/test/level')))));
  }
  const count = async () => {
    const root = await leases('signal:test.level');
    const relays = root.filter((who) => who.includes('#'));
    const theirs = await Promise.all(relays.map((relay) => leases(relay)));
    return [root.length - relays.length, ...theirs.map((all) => all.length)];
  };
  await expect.poll(async () => (await count()).reduce((sum, n) => sum + n)).toBe(100);
  const loads = await count();
  expect(Math.max(...loads)).toBeLessThanOrEqual(25);
  expect(loads.length).toBeGreaterThanOrEqual(4);
  for (let value = 1; value <= 3; value++) {
    tabs[value]?.click();
    await Promise.all(tabs.map((tab) => tab.shows(`Level ${value}`)));
  }
  // A relay that has forgotten everything knows its sessions from its rows, and its value from the root.
  await evictDurableObject(object('signal:test.level#1'));
  tabs[4]?.click();
  await Promise.all(tabs.map((tab) => tab.shows('Level 4')));
  for (const tab of tabs) tab.close();
});

test('200 real sessions on one object: all show the change, then nothing is pushed to those that left', async () => {
  const tabs: Tab[] = [];
  for (let n = 0; n < 10; n++) {
    tabs.push(...(await Promise.all(Array.from({ length: 20 }, () => visit('/test/level')))));
  }
  await expect.poll(() => leases('signal:test.level')).toHaveLength(200);
  for (let value = 1; value <= 3; value++) {
    tabs[value]?.click();
    await Promise.all(tabs.map((tab) => tab.shows(`Level ${value}`)));
  }
  for (const tab of tabs) tab.close();
  await expect.poll(() => leases('signal:test.level')).toEqual([]);
});

/** The application after a save of the author. */
const saved = new App();
saved.page('/test/level', () => {
  ui.label(() => `New level ${level.value}`);
  ui.button('Add', () => level.add(1));
});
saved.page('/test/shared-service', () => {
  ui.label(() => `new ${jobs.service.status.value} ${jobs.service.result.value}`);
  ui.button('Start', () => jobs.service.start(0.5));
  ui.progress(jobs.service.progress);
});

/** Makes another instance of a class on the `ctx` of an object, as the development server does at the first event after a save. */
function save(
  stub: DurableObjectStub,
  which: 'Session' | 'Shared',
  event: (next: SessionObject) => unknown,
): Promise<unknown> {
  return runInDurableObject(stub, (_, state) => {
    const next = new (saved[which] as unknown as new (ctx: DurableObjectState, env: unknown) => SessionObject)(
      state,
      env,
    );
    return event(next);
  });
}

test('[TO3] a second instance of both classes on the same ctx continues with the sockets, the values and the subscriptions', async () => {
  const ada = await visit('/test/level');
  const bob = await visit('/test/level');
  await expect.poll(() => leases('signal:test.level')).toHaveLength(2);
  ada.click();
  await Promise.all([ada.shows('Level 1'), bob.shows('Level 1')]);
  await save(ada.session, 'Session', (next) => next.sendEvent('nobody waits', 'null'));
  await ada.shows('New level 1');
  await save(object('signal:test.level'), 'Shared', (next) => (next as unknown as SharedObject).read(-1));
  // What the platform brings to the instances of before goes on, too.
  ada.click();
  bob.click();
  await Promise.all([ada.shows('New level 3'), bob.shows('Level 3')]);
  expect(await leases('signal:test.level')).toHaveLength(2);
  for (const tab of [ada, bob]) tab.close();
  await expect.poll(() => leases('signal:test.level')).toEqual([]);
});

test('[TO3] a job whose object gets a second instance keeps its one attempt', async () => {
  const ada = await visit('/test/shared-service');
  ada.click();
  await ada.shows(/^running/);
  await save(object('job:test.service'), 'Shared', (next) => (next as unknown as SharedObject).read(-1));
  await save(ada.session, 'Session', (next) => next.sendEvent('nobody waits', 'null'));
  await ada.shows(/^new done \d+/);
  const [row] = await runInDurableObject(object('job:test.service'), (_, { storage }) =>
    storage.sql.exec<{ state: string }>('SELECT state FROM job').toArray(),
  );
  expect(JSON.parse(row?.state ?? '')).toMatchObject({ attempt: 1, lost: 0 });
  ada.close();
});
