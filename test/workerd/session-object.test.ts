import { env, evictDurableObject, listDurableObjectIds, reset, runInDurableObject } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { afterEach, describe, expect, test } from 'vitest';
import { App } from '../../src/app/index.ts';
import { type DownFrame, encode, limits, type Paint, protocolVersion, type UpFrame } from '../../src/protocol/index.ts';

// The gallery's Worker (examples/app.ts) as it is deployed: identity, first paint and the platform's side of a session.

const origin = 'http://localhost';
const bindings = env as unknown as { readonly SESSION: DurableObjectNamespace };
const worker = (exports as unknown as { readonly default: Fetcher }).default;

afterEach(async () => {
  await reset();
});

interface Loaded {
  readonly paint: Paint;
  readonly build: string;
  readonly cookie: string;
}

async function load(path: string, cookie?: string): Promise<Loaded> {
  const response = await worker.fetch(`${origin}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
  expect(response.status).toBe(200);
  const set = response.headers.getSetCookie().find((line) => line.startsWith('edgewise='));
  const [, json = ''] = /id="edgewise-paint">(.*?)<\/script>/.exec(await response.text()) ?? [];
  return { ...(JSON.parse(json) as { paint: Paint; build: string }), cookie: set?.split(';')[0] ?? cookie ?? '' };
}

function upgrade(page: string, path: string, headers: Record<string, string>): Request {
  const query = new URLSearchParams({ page, path });
  return new Request(`${origin}/_edgewise/socket?${query}`, {
    headers: { Upgrade: 'websocket', Origin: origin, ...headers },
  });
}

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

  send(frame: UpFrame): void {
    this.#ws.send(encode(frame));
  }

  text(text: string): void {
    this.#ws.send(text);
  }

  close(): void {
    this.#ws.close();
  }

  async next(): Promise<string> {
    while (this.#received.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#received.shift() ?? `closed ${this.closed?.code}`;
  }

  /** The next frame that `wanted` takes; those before it are dropped. */
  async find(wanted: (frame: DownFrame) => boolean): Promise<DownFrame> {
    for (;;) {
      const frame = JSON.parse(await this.next()) as DownFrame;
      if (wanted(frame)) return frame;
    }
  }

  async whenClosed(): Promise<CloseEvent> {
    while (!this.closed) await this.next();
    return this.closed;
  }
}

/** Loads a page and connects to it, up to the welcome. */
async function visit(path: string, cookie?: string) {
  const loaded = await load(path, cookie);
  const { paint, build } = loaded;
  const wire = new Wire(await worker.fetch(upgrade(paint.page, path, { Cookie: loaded.cookie })));
  wire.send(['h', protocolVersion, build, paint.epoch, paint.frame, []]);
  expect(await wire.find((frame) => frame[0] === 'w')).toEqual(['w', paint.epoch, paint.frame, paint.event]);
  return { ...loaded, wire, object: bindings.SESSION.get(bindings.SESSION.idFromName(sessionOf(loaded.cookie))) };
}

function sessionOf(cookie: string): string {
  return cookie.split('.')[1] ?? '';
}

/** The id of the first node of a kind. */
/** The node of a kind that shows a text. The header of the gallery has a button, too, and its search has a field. */
function nodeOf(paint: Paint, kind: string, text: string): number {
  const search = (node: Paint['tree']): number | undefined => {
    if (node[1] === kind && Object.values(node[2] ?? {}).includes(text)) return node[0];
    for (const child of node[3] ?? []) {
      const found = search(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(paint.tree) ?? 0;
}

function tables(object: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(object, (_, state) =>
    state.storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name")
      .toArray()
      .map((row) => String(row.name)),
  );
}

describe('identity and first paint', () => {
  test('[MO1] one browser is one object, whatever it loads', async () => {
    const before = (await listDurableObjectIds(bindings.SESSION)).length;
    const first = await load('/');
    const second = await load('/tutorial/io', first.cookie);
    expect(second.cookie).toBe(first.cookie);
    expect(second.paint.page).not.toBe(first.paint.page);
    const ids = (await listDurableObjectIds(bindings.SESSION)).map(String);
    expect(ids).toHaveLength(before + 1);
    expect(ids).toContain(bindings.SESSION.idFromName(sessionOf(first.cookie)).toString());
    await load('/');
    expect(await listDurableObjectIds(bindings.SESSION)).toHaveLength(before + 2);
  });

  test('[AF5] a page that was fetched and never connected leaves no table and no alarm', async () => {
    const { cookie } = await load('/tutorial/cpu');
    const object = bindings.SESSION.get(bindings.SESSION.idFromName(sessionOf(cookie)));
    expect(await tables(object)).toEqual([]);
    expect(await runInDurableObject(object, (_, state) => state.storage.getAlarm())).toBeNull();
  });

  test('[NF3] a reload comes back to its page as long as it is kept, and only for the same address', async () => {
    const { paint, cookie } = await visit('/tutorial/io');
    const back = await load('/tutorial/io', `${cookie}; edgewise_page=${paint.page}`);
    expect(back.paint.page).toBe(paint.page);
    expect(back.paint.epoch).toBe(paint.epoch);
    const elsewhere = await load('/tutorial/cpu', `${cookie}; edgewise_page=${paint.page}`);
    expect(elsewhere.paint.page).not.toBe(paint.page);
    const foreign = await load('/tutorial/io', `edgewise_page=${paint.page}`);
    expect(foreign.paint.page, 'another session').not.toBe(paint.page);
  });
});

describe('a socket', () => {
  test('[MO2] is refused to other origins, and ended for strangers, before any object is touched', async () => {
    const page = 'a'.repeat(32);
    const before = (await listDurableObjectIds(bindings.SESSION)).length;
    for (const foreign of ['https://evil.example', 'null']) {
      const response = await worker.fetch(upgrade(page, '/', { Origin: foreign, Cookie: 'edgewise=x' }));
      expect(response.status).toBe(403);
    }
    for (const cookie of ['', 'edgewise=session.AAAAAAAAAAAAAAAAAAAAAA.1793000000.x', `edgewise_page=${page}`]) {
      const wire = new Wire(await worker.fetch(upgrade(page, '/', { Cookie: cookie })));
      expect(JSON.parse(await wire.next()).slice(0, 2)).toEqual(['x', 'revoked']);
      expect((await wire.whenClosed()).code).toBe(4005);
    }
    expect(await listDurableObjectIds(bindings.SESSION)).toHaveLength(before);
  });

  test('[MO2] is not given for a page that the middleware keeps from the visitor, whatever id it names', async () => {
    const { cookie } = await load('/');
    const app = new App();
    app.use('/tutorial/*', async (c, next) => (c.req.header('X-Key') === 'k' ? next() : c.redirect('/login')));
    app.page('/tutorial/io', () => {});
    const page = 'b'.repeat(32);
    const refused = new Wire(await app.fetch(upgrade(page, '/tutorial/io', { Cookie: cookie }), env));
    expect(JSON.parse(await refused.next()).slice(0, 2)).toEqual(['x', 'revoked']);
    const unknown = new Wire(await app.fetch(upgrade(page, '/tutorial/none', { Cookie: cookie }), env));
    expect(JSON.parse(await unknown.next()).slice(0, 2)).toEqual(['x', 'revoked']);
    const taken = await app.fetch(upgrade(page, '/tutorial/io', { Cookie: cookie, 'X-Key': 'k' }), env);
    expect(taken.status).toBe(101);
    taken.webSocket?.accept();
    taken.webSocket?.close();
  });

  test('[NF10] is ended for a page that the application lacks now, which its tab is to remember', async () => {
    const { cookie } = await load('/');
    const app = new App().page('/other', () => {});
    const wire = new Wire(await app.fetch(upgrade('c'.repeat(32), '/tutorial/io', { Cookie: cookie }), env));
    expect(JSON.parse(await wire.next()).slice(0, 2)).toEqual(['x', 'reload']);
  });

  test('[EO2] carries events to the page and patches back; what it did is durable before it is acknowledged', async () => {
    const { wire, paint, object } = await visit('/tutorial/io');
    const button = nodeOf(paint, 'button', 'Start Async Task');
    wire.send([1, button, 'click']);
    expect(await wire.find((frame) => typeof frame[0] === 'number')).toEqual([1, [button, 'busy', true]]);
    expect(await wire.find((frame) => frame[0] === 'a')).toEqual(['a', 1]);
    expect(await tables(object)).toEqual(['cell', 'due', 'meta', 'page']);
    const rows = await runInDurableObject(object, (_, state) =>
      state.storage.sql.exec('SELECT page, path, event FROM page').toArray(),
    );
    expect(rows).toEqual([{ page: paint.page, path: '/tutorial/io', event: 1 }]);
    expect(await runInDurableObject(object, (_, state) => state.storage.getAlarm())).toBeGreaterThan(Date.now());
    wire.close();
  });

  test('[AF1] a developer reads what keeps the object in memory, and that nothing does', async () => {
    const { wire, paint, cookie } = await visit('/tutorial/io');
    const awake = async () => (await worker.fetch(`${origin}/_edgewise/awake`, { headers: { Cookie: cookie } })).text();
    wire.send([1, nodeOf(paint, 'button', 'Start Async Task'), 'click']);
    await wire.find((frame) => typeof frame[0] === 'number');
    expect(await awake()).toContain('/tutorial/io: 1 handlers that have not ended');
    expect((await worker.fetch(`${origin}/_edgewise/awake`)).status).toBe(404);
    await wire.find((frame) => typeof frame[0] === 'number');
    while (!(await awake()).includes('Nothing')) await scheduler.wait(50);
    wire.close();
  });

  test('outlives the sleep of its object: the next message wakes it, and the page goes on', async () => {
    const { wire, paint, object } = await visit('/tutorial/fetch');
    const input = nodeOf(paint, 'input', 'URL');
    wire.send([1, input, 'value', 'https://one.example']);
    await wire.find((frame) => frame[0] === 'a');
    await evictDurableObject(object);
    wire.send([2, input, 'value', 'https://two.example']);
    expect(await wire.find((frame) => frame[0] === 'a' && frame[1] === 2)).toEqual(['a', 2]);
    expect(wire.closed).toBeUndefined();
    wire.close();
  });

  test('is answered with one page, however often it says hello without an acknowledgement', async () => {
    const { wire, build } = await visit('/');
    for (let hello = 0; hello < 100; hello++) wire.send(['h', protocolVersion, build, 0, 0, []]);
    wire.text('ping');
    let snapshots = 0;
    for (let text = await wire.next(); text !== 'pong'; text = await wire.next()) {
      if (text.startsWith('["s"')) snapshots++;
    }
    expect(snapshots).toBeLessThanOrEqual(1);
    wire.close();
  });

  test('that says hello faster than its session may is ended', async () => {
    const { wire, build } = await visit('/');
    for (let hello = 0; hello < 500; hello++) wire.send(['h', protocolVersion, build, 0, 0, []]);
    expect((await wire.find((frame) => frame[0] === 'x'))[1]).toBe('refused');
    await wire.whenClosed();
  });

  test('stores the headers of its visitor, by which the application is asked again after a sleep', async () => {
    const { wire, object, cookie } = await visit('/');
    const stored = await runInDurableObject(object, (_, state) => state.getWebSockets()[0]?.deserializeAttachment());
    const { visitor: text, path } = stored as { visitor: string; path: string };
    const visitor = JSON.parse(text) as { origin: string; headers: [string, string][] };
    expect({ origin: visitor.origin, path }).toEqual({ origin, path: '/' });
    expect(Object.fromEntries(visitor.headers)).toMatchObject({ cookie, origin });
    expect(visitor.headers.map(([name]) => name).join()).not.toMatch(/upgrade|sec-/);
    wire.close();
  });

  test('connects with the longest path and with headers of every size', async () => {
    const path = `/?q=${'a'.repeat(limits.path - 4)}`;
    const { paint, cookie } = await load(path);
    for (let size = 7_000; size < 8_400; size += 100) {
      const headers = { Cookie: cookie, 'X-Large': 'a'.repeat(size) };
      new Wire(await worker.fetch(upgrade(paint.page, path, headers))).close();
    }
  });

  test('has its heartbeat answered by the platform', async () => {
    const { wire } = await visit('/');
    wire.text('ping');
    for (;;) if ((await wire.next()) === 'pong') break;
    wire.close();
  });

  test('that breaks the protocol is told so and closed; others of the session are not', async () => {
    const one = await visit('/tutorial/io');
    const two = await visit('/tutorial/io', one.cookie);
    one.wire.text('{"not":"a frame"}');
    const end = await one.wire.find((frame) => frame[0] === 'x');
    expect(end[1]).toBe('refused');
    expect((await one.wire.whenClosed()).code).toBe(4003);
    two.wire.send([1, nodeOf(two.paint, 'button', 'Start Async Task'), 'click']);
    expect(await two.wire.find((frame) => frame[0] === 'a')).toEqual(['a', 1]);
    two.wire.close();
  });

  test('may close without a code; the object goes on', async () => {
    const { wire, object, cookie } = await visit('/tutorial/io');
    wire.close();
    const open = () => runInDurableObject(object, (_, state) => state.getWebSockets().length);
    await expect.poll(open).toBe(0);
    const again = await visit('/tutorial/io', cookie);
    again.wire.close();
  });
});

test('ending a session closes its sockets at once and leaves nothing of it', async () => {
  const { wire, object, cookie, paint } = await visit('/tutorial/io');
  wire.send([1, nodeOf(paint, 'button', 'Start Async Task'), 'click']);
  await wire.find((frame) => frame[0] === 'a');
  const app = new App();
  app.post('/logout', async (c) => {
    await app.revoke(c);
    return c.text('bye');
  });
  const response = await app.request(`${origin}/logout`, { method: 'POST', headers: { Cookie: cookie } }, env);
  expect(response.headers.get('Set-Cookie')).toMatch(/^edgewise=; Max-Age=0/);
  expect((await wire.find((frame) => frame[0] === 'x'))[1]).toBe('revoked');
  expect((await wire.whenClosed()).code).toBe(4005);
  expect(await tables(object)).toEqual([]);
  expect(await runInDurableObject(object, (_, state) => state.storage.getAlarm())).toBeNull();
});
