// A session object that sleeps, is killed, rings and is swept: real hibernation, real alarms, real SQLite.

import {
  abortAllDurableObjects,
  env,
  evictDurableObject,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { run, ui } from 'edgewise';
import { afterEach, describe, expect, test } from 'vitest';
import gallery from '../../examples/app.ts';
import { type DownFrame, encode, limits, type Paint, protocolVersion, type UpFrame } from '../../src/protocol/index.ts';
import type { SessionObject } from '../../src/session/index.ts';

// The tests run in the isolate of the gallery's Worker, so that pages of their own can join its pages.

gallery.page('/test/counter', () => {
  const count = ui.state(0);
  ui.button('Count', () => {
    count.value++;
  });
  ui.label(() => `Count ${count.value}`);
  const note = ui.label('');
  ui.button('Note', () => {
    note.text = `${note.text}!`;
  });
});

gallery.page('/test/ticking', () => {
  const ticks = ui.state(0);
  ui.timer(50, () => {
    ticks.value++;
  });
  ui.label(() => `Ticks ${ticks.value}`);
});

gallery.page('/test/slow-ticking', () => {
  const ticks = ui.state(0);
  ui.timer('60s', () => {
    ticks.value++;
  });
  ui.label(() => `Ticks ${ticks.value}`);
});

gallery.page('/test/burst', () => {
  const count = ui.state(0);
  ui.button('Burst', async () => {
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      count.value++;
    }
  });
  ui.label(() => `Count ${count.value}`);
});

gallery.page('/test/volatile', () => {
  const slot = ui.column();
  ui.button('Build', () => {
    slot.add(() => ui.button('Built', () => ui.label('heard')));
  });
});

gallery.page('/test/waits', ({ session }) => {
  const out = ui.label('-');
  ui.button('Confirm', async () => {
    out.text = `confirmed ${await ui.confirm('Sure?')}`;
  });
  ui.button('Event', async () => {
    out.text = `event ${await run.event('from elsewhere')} of ${session.length}`;
  });
  ui.button('Sleep', async () => {
    await run.sleep('10.5s');
    out.text = 'slept';
  });
});

const origin = 'http://localhost';
const bindings = env as unknown as { readonly SESSION: DurableObjectNamespace };
const worker = (exports as unknown as { readonly default: Fetcher }).default;

afterEach(async () => {
  await reset();
});

/** A browser's end of a socket that keeps what it receives until it is asked for. */
class Wire {
  readonly #ws: WebSocket;
  readonly #received: string[] = [];
  #arrived = () => {};
  closed: CloseEvent | undefined;

  constructor(response: Response) {
    expect(response.status).toBe(101);
    this.#ws = response.webSocket as WebSocket;
    this.#ws.accept();
    this.#ws.addEventListener('message', (event) => {
      this.#received.push(event.data as string);
      this.#arrived();
    });
    this.#ws.addEventListener('close', (event) => {
      this.closed = event;
      this.#arrived();
    });
  }

  /** What arrived and was not asked for. */
  get waiting(): readonly string[] {
    return this.#received;
  }

  send(frame: UpFrame): void {
    this.#ws.send(encode(frame));
  }

  ping(): void {
    this.#ws.send('ping');
  }

  close(): void {
    this.#ws.close();
  }

  /** Drops what arrived. */
  drop(): void {
    this.#received.length = 0;
  }

  async next(): Promise<DownFrame> {
    while (this.#received.length === 0) {
      if (this.closed) throw new Error(`The socket was closed: ${this.closed.code} ${this.closed.reason}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return JSON.parse(this.#received.shift() as string) as DownFrame;
  }

  /** The next frame that `wanted` takes; those before it are dropped. */
  async find(wanted: (frame: DownFrame) => boolean): Promise<DownFrame> {
    for (;;) {
      const frame = await this.next();
      if (wanted(frame)) return frame;
    }
  }

  acknowledged(event: number): Promise<DownFrame> {
    return this.find((frame) => frame[0] === 'a' && frame[1] >= event);
  }

  patch(): Promise<DownFrame> {
    return this.find((frame) => typeof frame[0] === 'number');
  }
}

interface Tab {
  readonly paint: Paint;
  readonly build: string;
  readonly cookie: string;
  readonly path: string;
  readonly object: DurableObjectStub;
}

async function load(path: string, cookie?: string): Promise<Tab> {
  const response = await worker.fetch(`${origin}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
  expect(response.status).toBe(200);
  const set = response.headers.getSetCookie().find((line) => line.startsWith('edgewise='));
  const [, json = ''] = /id="edgewise-paint">(.*?)<\/script>/.exec(await response.text()) ?? [];
  const both = set?.split(';')[0] ?? cookie ?? '';
  const object = bindings.SESSION.get(bindings.SESSION.idFromName(both.split('.')[1] ?? ''));
  return { ...(JSON.parse(json) as { paint: Paint; build: string }), cookie: both, path, object };
}

/** Opens a socket and says hello with a cursor (default: what the document carried) and events that were not acknowledged. */
async function connect(tab: Tab, cursor: readonly [epoch: number, frame: number], events: UpFrame[] = []) {
  const query = new URLSearchParams({ page: tab.paint.page, path: tab.path });
  const headers = { Upgrade: 'websocket', Origin: origin, Cookie: tab.cookie };
  const wire = new Wire(await worker.fetch(`${origin}/_edgewise/socket?${query}`, { headers }));
  wire.send(['h', protocolVersion, tab.build, ...cursor, events as never]);
  return wire;
}

async function visit(path: string, cookie?: string) {
  const tab = await load(path, cookie);
  const { paint } = tab;
  const wire = await connect(tab, [paint.epoch, paint.frame]);
  expect(await wire.next()).toEqual(['w', paint.epoch, paint.frame, paint.event]);
  return { ...tab, wire };
}

/** The nth node of a kind. */
function nodeOf(tree: Paint['tree'], kind: string, nth = 0): number {
  const found: number[] = [];
  const search = (node: Paint['tree']): void => {
    if (node[1] === kind) found.push(node[0]);
    for (const child of node[3] ?? []) search(child);
  };
  search(tree);
  return found[nth] ?? 0;
}

function textOf(tree: Paint['tree'], id: number): unknown {
  if (tree[0] === id) return tree[2].text;
  for (const child of tree[3] ?? []) {
    const text = textOf(child, id);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What keeps the object awake. The asking itself is not among it. */
function whyAwake(object: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(object, (instance) => (instance as unknown as SessionObject).whyAwake());
}

/** Waits until nothing of the session is pending. */
async function atRest(object: DurableObjectStub): Promise<void> {
  await expect.poll(() => whyAwake(object)).toEqual([]);
}

/** Runs a statement behind the session's back. A write ends the copies of rows that sockets have, as each write of a session does. */
function sql(object: DurableObjectStub, query: string): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(object, (_, state) => {
    if (!query.startsWith('SELECT')) {
      for (const ws of state.getWebSockets())
        ws.serializeAttachment({ ...ws.deserializeAttachment(), rows: undefined });
    }
    return state.storage.sql.exec(query).toArray();
  });
}

function tables(object: DurableObjectStub): Promise<unknown[]> {
  return sql(object, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'");
}

function alarmOf(object: DurableObjectStub): Promise<number | null> {
  return runInDurableObject(object, (_, state) => state.storage.getAlarm());
}

describe('asleep', () => {
  test('[AF1] a page that has come to rest holds nothing that keeps its object in memory', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    expect(await alarmOf(object), 'what ends idle pages').toBeGreaterThan(Date.now() + 3_600_000);
    wire.close();
  });

  test('[AF2] waking an unchanged page sends nothing but the answer: same ids, the next number', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    const button = nodeOf(paint.tree, 'button');
    const label = nodeOf(paint.tree, 'label');
    wire.send([1, button, 'click']);
    expect(await wire.patch()).toEqual([1, [label, 'text', 'Count 1']]);
    await wire.acknowledged(1);
    for (let life = 2; life <= 3; life++) {
      await atRest(object);
      await evictDurableObject(object);
      wire.send([life, button, 'click']);
      expect(await wire.next()).toEqual([life, [label, 'text', `Count ${life}`]]);
      expect(await wire.next()).toEqual(['a', life]);
    }
    await atRest(object);
    expect(wire.waiting).toEqual([]);
    wire.close();
  });

  test('a page whose tables are of version 1 wakes as it was, with the tables of this version', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    const button = nodeOf(paint.tree, 'button');
    wire.send([1, button, 'click']);
    await wire.patch();
    await wire.acknowledged(1);
    await atRest(object);
    await sql(object, 'CREATE TABLE part (job TEXT, sort TEXT, n INTEGER, value TEXT)');
    await sql(object, "UPDATE meta SET value = 1 WHERE key = 'schema'");
    await evictDurableObject(object);
    wire.send([2, button, 'click']);
    expect(await wire.patch()).toEqual([2, [nodeOf(paint.tree, 'label'), 'text', 'Count 2']]);
    expect(await sql(object, 'SELECT type FROM part')).toEqual([]);
    await atRest(object);
    wire.close();
  });

  test('a socket has a copy of the rows that its page wakes with from its rest to the next change', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    const button = nodeOf(paint.tree, 'button');
    const copies = () =>
      runInDurableObject(object, (_, state) =>
        state.getWebSockets().map((ws) => typeof ws.deserializeAttachment().rows),
      );
    wire.send([1, button, 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    expect(await copies()).toEqual(['string']);
    await evictDurableObject(object);
    wire.send([2, button, 'click']);
    expect(await wire.patch()).toEqual([2, [nodeOf(paint.tree, 'label'), 'text', 'Count 2']]);
    expect(await copies(), 'before the commit').toEqual(['undefined']);
    await wire.acknowledged(2);
    expect(await copies()).toEqual(['undefined']);
    expect(await sql(object, 'SELECT event FROM page')).toEqual([{ event: 2 }]);
    await atRest(object);
    expect(await copies()).toEqual(['string']);
    wire.close();
  });

  test('what a socket has in place of the rows of the database overwrites none of them: the object begins anew', async () => {
    const tab = await visit('/test/counter');
    const { wire, paint, object } = tab;
    const button = nodeOf(paint.tree, 'button');
    wire.send([1, button, 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    await runInDurableObject(object, (_, state) => {
      state.storage.sql.exec("UPDATE cell SET value = '41' WHERE key LIKE '%.s.%'");
    });
    await evictDurableObject(object);
    wire.send([2, button, 'click']);
    expect(await wire.patch()).toEqual([2, [nodeOf(paint.tree, 'label'), 'text', 'Count 2']]);
    await expect.poll(() => wire.closed).toBeDefined();
    expect(wire.waiting, 'no acknowledgement').toEqual([]);
    const again = await connect(tab, [paint.epoch, 2], [[2, button, 'click']]);
    const snapshot = await again.find((frame) => frame[0] === 's');
    expect(textOf(snapshot[5] as Paint['tree'], nodeOf(paint.tree, 'label'))).toBe('Count 42');
    await again.acknowledged(2);
    again.close();
  });

  test('the platform answers the heartbeat of a socket while its object sleeps, and after it has woken again', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    await atRest(object);
    for (let event = 1; event <= 2; event++) {
      await evictDurableObject(object);
      wire.ping();
      await expect.poll(() => wire.waiting).toEqual(['pong']);
      wire.drop();
      wire.send([event, nodeOf(paint.tree, 'button'), 'click']);
      await wire.acknowledged(event);
      wire.ping();
      await expect.poll(() => wire.waiting).toEqual(['pong']);
      wire.drop();
      await atRest(object);
    }
    wire.close();
  });

  test('an acknowledgement alone wakes the object and is not answered', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    await evictDurableObject(object);
    wire.send(['a', 1]);
    await expect.poll(() => runInDurableObject(object, (_, state) => state.getWebSockets().length)).toBe(1);
    await atRest(object);
    expect(wire.waiting).toEqual([]);
    wire.close();
  });

  test('an object does not fall asleep between a patch and its commit', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    const button = nodeOf(paint.tree, 'button');
    const label = nodeOf(paint.tree, 'label');
    wire.send([1, button, 'click']);
    expect(await wire.next()).toEqual([1, [label, 'text', 'Count 1']]);
    // Waits for what is pending, as the platform does: the commit is one of the things.
    await evictDurableObject(object);
    expect(await wire.next()).toEqual(['a', 1]);
    expect(await sql(object, 'SELECT event FROM page')).toEqual([{ event: 1 }]);
    wire.send([2, button, 'click']);
    await wire.acknowledged(2);
    wire.close();
  });

  test('a short timer keeps a page awake while somebody watches, and goes on when somebody comes back', async () => {
    const tab = await visit('/test/ticking');
    const { wire, paint, object } = tab;
    expect((await whyAwake(object)).join()).toMatch(/timers? shorter than/);
    await wire.patch();
    wire.close();
    await atRest(object);
    await evictDurableObject(object);
    const again = await connect(tab, [0, 0]);
    const snapshot = await again.find((frame) => frame[0] === 's');
    const label = nodeOf(paint.tree, 'label');
    const before = Number(String(textOf(snapshot[5] as Paint['tree'], label)).split(' ')[1]);
    expect(before).toBeGreaterThan(0);
    expect((await again.patch())[1]).toEqual([label, 'text', `Ticks ${before + 1}`]);
    again.close();
    await atRest(object);
  });

  test('[AF4] a long timer rides on the alarm: the object sleeps, and the tick reaches the socket that outlived the sleep', async () => {
    const { wire, paint, object } = await visit('/test/slow-ticking');
    await atRest(object);
    const alarm = (await alarmOf(object)) ?? 0;
    expect(alarm).toBeLessThanOrEqual(Date.now() + 60_000);
    await sql(object, "UPDATE due SET at = 1 WHERE key LIKE 'timer.%'");
    await evictDurableObject(object);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await wire.next()).toEqual([1, [nodeOf(paint.tree, 'label'), 'text', 'Ticks 1']]);
    await atRest(object);
    expect(await alarmOf(object), 'the next tick').toBeGreaterThanOrEqual(alarm);
    wire.close();
  });

  test('a handler on what a handler built keeps the object awake only while somebody watches', async () => {
    const { wire, paint, object } = await visit('/test/volatile');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    expect((await whyAwake(object)).join()).toMatch(/handlers on elements that handlers built/);
    wire.close();
    await expect.poll(() => whyAwake(object)).toEqual([]);
  });
});

describe('a handler that waits for what no code computes', () => {
  const shows = (text: string) => (frame: DownFrame) => JSON.stringify(frame).includes(text);

  test('goes on with the answer to a question that was asked before the object slept, and again before it crashed', async () => {
    const { wire, paint, object, ...tab } = await visit('/test/waits');
    wire.send([1, nodeOf(paint.tree, 'button', 0), 'click']);
    const asked = JSON.stringify(await wire.find(shows('"confirm"')));
    const question = Number(/\[(\d+),"confirm"/.exec(asked)?.[1]);
    await wire.acknowledged(1);
    await atRest(object);
    await evictDurableObject(object);
    wire.send(['a', 1]);
    await atRest(object);
    await abortAllDurableObjects();
    const again = await connect({ ...tab, paint, object }, [paint.epoch, paint.frame], [[2, question, 'answer', true]]);
    await again.find(shows('confirmed true'));
    await again.acknowledged(2);
    const alive = bindings.SESSION.get(object.id);
    await atRest(alive);
    expect(await sql(alive, "SELECT key FROM cell WHERE key LIKE '%.h.%'")).toEqual([]);
    again.close();
  });

  test('goes on with an event that the application sends to the object while it sleeps', async () => {
    const { wire, paint, object, cookie } = await visit('/test/waits');
    wire.send([1, nodeOf(paint.tree, 'button', 1), 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    await evictDurableObject(object);
    await gallery.send(cookie.split('.')[1] ?? '', 'from elsewhere', 'ok');
    await wire.find(shows('event ok of 22'));
    await atRest(object);
    wire.close();
  });

  test('sleeps by the alarm, which wakes the object', async () => {
    const { wire, paint, object } = await visit('/test/waits');
    wire.send([1, nodeOf(paint.tree, 'button', 2), 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    await evictDurableObject(object);
    await wire.find(shows('slept'));
    wire.close();
  });
});

describe('the alarm', () => {
  test('[NF3] ends a page that nobody used for its time; the last one takes the session along, and nothing is left', async () => {
    const { wire, paint, object, cookie } = await visit('/test/counter');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    wire.close();
    await atRest(object);
    await sql(object, 'UPDATE page SET seen = 1');
    await sql(object, 'UPDATE due SET at = 1');
    await evictDurableObject(object);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await tables(object)).toEqual([]);
    expect(await alarmOf(object)).toBeNull();
    // The cookie still names a session; it begins anew.
    const again = await visit('/test/counter', cookie);
    expect(textOf(again.paint.tree, nodeOf(again.paint.tree, 'label'))).toBe('Count 0');
    again.wire.close();
  });

  test('does not end a page whose browser is connected, however long it was silent', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    await sql(object, 'UPDATE page SET seen = 1');
    await sql(object, 'UPDATE due SET at = 1');
    await evictDurableObject(object);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await sql(object, 'SELECT page FROM page')).toEqual([{ page: paint.page }]);
    expect(await alarmOf(object)).toBeGreaterThan(Date.now() + 3_600_000);
    wire.send([2, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(2);
    wire.close();
  });

  test('that rings early or twice changes nothing', async () => {
    const { wire, paint, object } = await visit('/test/slow-ticking');
    await atRest(object);
    for (let ring = 0; ring < 2; ring++) expect(await runDurableObjectAlarm(object)).toBe(true);
    await atRest(object);
    expect(wire.waiting).toEqual([]);
    expect(await sql(object, 'SELECT page FROM page')).toEqual([{ page: paint.page }]);
    expect(await alarmOf(object)).toBeGreaterThan(0);
    wire.close();
  });
});

describe('coming back', () => {
  test('[EO1] an event that was applied and not acknowledged is sent again and counts once, with the object in memory or not', async () => {
    const tab = await visit('/test/counter');
    const { paint, object } = tab;
    const button = nodeOf(paint.tree, 'button');
    const label = nodeOf(paint.tree, 'label');
    const click = [1, button, 'click'] as const;
    tab.wire.send(click);
    await tab.wire.acknowledged(1);
    tab.wire.close();
    for (const lose of [async () => {}, () => evictDurableObject(object), () => abortAllDurableObjects()]) {
      await lose();
      const wire = await connect(tab, [0, 0], [click as never]);
      const snapshot = await wire.find((frame) => frame[0] === 's');
      expect(snapshot[4], 'the last event').toBe(1);
      expect(textOf(snapshot[5] as Paint['tree'], label)).toBe('Count 1');
      wire.close();
    }
  });

  test('[EO1] a crash before the commit loses the patch, not the click: sent again it counts, once', async () => {
    const tab = await visit('/test/counter');
    const { paint } = tab;
    const button = nodeOf(paint.tree, 'button');
    const label = nodeOf(paint.tree, 'label');
    tab.wire.send([1, button, 'click']);
    await tab.wire.acknowledged(1);
    for (let event = 2; event <= 6; event++) {
      const wire = await connect(tab, [0, 0]);
      await wire.find((frame) => frame[0] === 's');
      wire.send([event, button, 'click']);
      await wire.patch();
      await abortAllDurableObjects();
      const again = await connect(tab, [0, 0], [[event, button, 'click']]);
      const snapshot = await again.find((frame) => frame[0] === 's');
      expect([snapshot[4], textOf(snapshot[5] as Paint['tree'], label)]).toEqual([event, `Count ${event}`]);
      await again.acknowledged(event);
      again.close();
    }
  });

  test('[NF1] what a handler set is there after a crash, beside what states hold', async () => {
    const tab = await visit('/test/counter');
    const { paint } = tab;
    tab.wire.send([1, nodeOf(paint.tree, 'button', 1), 'click']);
    tab.wire.send([2, nodeOf(paint.tree, 'button', 0), 'click']);
    await tab.wire.acknowledged(2);
    await abortAllDurableObjects();
    const back = await load('/test/counter', `${tab.cookie}; edgewise_page=${paint.page}`);
    expect(back.paint.page).toBe(paint.page);
    expect(textOf(back.paint.tree, nodeOf(paint.tree, 'label', 0))).toBe('Count 1');
    expect(textOf(back.paint.tree, nodeOf(paint.tree, 'label', 1))).toBe('!');
  });

  test('[WS3] returning after ten patches costs ten patches; after a crash, one snapshot', async () => {
    const tab = await visit('/test/burst');
    const { paint, object } = tab;
    tab.wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    tab.wire.close();
    await atRest(object);
    const wire = await connect(tab, [paint.epoch, paint.frame]);
    expect(await wire.next()).toEqual(['w', paint.epoch, paint.frame, 1]);
    const label = nodeOf(paint.tree, 'label');
    const texts: unknown[] = [];
    while (texts.at(-1) !== 'Count 10') {
      for (const op of (await wire.patch()).slice(1)) if (Array.isArray(op) && op[0] === label) texts.push(op[2]);
    }
    expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => `Count ${i + 1}`));
    wire.close();
    await abortAllDurableObjects();
    const after = await connect(tab, [paint.epoch, paint.frame]);
    const snapshot = await after.find((frame) => frame[0] === 's' || frame[0] === 'w');
    expect(snapshot[0]).toBe('s');
    expect(textOf(snapshot[5] as Paint['tree'], label)).toBe('Count 10');
    after.close();
  });

  test('[EO6] the newer of two sockets has the page; the older is told and may close last', async () => {
    const tab = await visit('/test/counter');
    const { paint, object } = tab;
    const wire = await connect(tab, [paint.epoch, paint.frame]);
    expect(await wire.next()).toEqual(['w', paint.epoch, paint.frame, 0]);
    expect((await tab.wire.find((frame) => frame[0] === 'x'))[1]).toBe('replaced');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    tab.wire.close();
    await expect.poll(() => runInDurableObject(object, (_, state) => state.getWebSockets().length)).toBe(1);
    wire.send([2, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(2);
    wire.close();
  });

  test('a socket whose page is lost is brought to a fresh one; what it meant for the old one is not applied', async () => {
    const { wire, paint, object } = await visit('/test/counter');
    wire.send([1, nodeOf(paint.tree, 'button'), 'click']);
    await wire.acknowledged(1);
    await atRest(object);
    await sql(object, 'DELETE FROM page');
    await evictDurableObject(object);
    wire.send([2, nodeOf(paint.tree, 'button'), 'click']);
    const snapshot = await wire.next();
    expect([snapshot[0], snapshot[4]]).toEqual(['s', 0]);
    expect(textOf(snapshot[5] as Paint['tree'], nodeOf(paint.tree, 'label'))).toBe('Count 0');
    // Its browser says hello again and finds that its numbers begin anew.
    expect((await wire.next()).slice(0, 2)).toEqual(['x', 'refused']);
  });

  test('[EO4] an event for an element that is not there is dropped, counted and acknowledged', async () => {
    const { wire, paint } = await visit('/test/counter');
    wire.send([1, 987_654, 'click']);
    wire.send([2, nodeOf(paint.tree, 'button'), 'click']);
    expect(await wire.patch()).toEqual([1, [nodeOf(paint.tree, 'label'), 'text', 'Count 1']]);
    await wire.acknowledged(2);
    wire.close();
  });
});

describe('many tabs', () => {
  test('[AF6] a session keeps as many pages as the limit says: the oldest that nobody watches go first, then the oldest', async () => {
    const first = await visit('/test/counter');
    const { cookie, object } = first;
    const wires = [first.wire];
    const pages = [first.paint.page];
    for (let tab = 2; tab <= limits.pages; tab++) {
      const { wire, paint } = await visit('/test/counter', cookie);
      wires.push(wire);
      pages.push(paint.page);
    }
    const kept = async () => (await sql(object, 'SELECT page FROM page')).map((row) => row.page as string);
    await expect.poll(async () => (await kept()).length).toBe(limits.pages);
    // Somewhere in the middle one closes: it is the first to go.
    wires[50]?.close();
    await expect
      .poll(() => runInDurableObject(object, (_, state) => state.getWebSockets().length))
      .toBe(limits.pages - 1);
    const more = await visit('/test/counter', cookie);
    await expect.poll(kept).toContain(more.paint.page);
    expect(await kept()).not.toContain(pages[50]);
    expect(await kept()).toHaveLength(limits.pages);
    // All are watched now: the one that was not used for longest has to go, and is told.
    const last = await visit('/test/counter', cookie);
    expect((await first.wire.find((frame) => frame[0] === 'x'))[1]).toBe('gone');
    await expect.poll(kept).toContain(last.paint.page);
    expect(await kept()).toHaveLength(limits.pages);
    expect(await kept()).not.toContain(pages[0]);
    for (const wire of [...wires, more.wire, last.wire]) wire.close();
  });
});
