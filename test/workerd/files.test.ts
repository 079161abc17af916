// Files over HTTP: real parts, real R2, real rows and RPC to the examples' compute Worker.

import { env, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { afterEach, describe, expect, test } from 'vitest';
import app from '../../examples/app.ts';
import type * as Tasks from '../../examples/tasks.ts';
import { App, ui } from '../../src/index.ts';
import { encode, type NodeLiteral, type Paint, protocolVersion } from '../../src/protocol/index.ts';
import { run } from '../../src/tasks/index.ts';

const origin = 'http://localhost';
const bindings = env as unknown as { readonly SESSION: DurableObjectNamespace; readonly FILES: R2Bucket };
const worker = (exports as unknown as { readonly default: Fetcher }).default;
const tasks = run.tasks<typeof Tasks>('COMPUTE');
const part = 8 * 2 ** 20;

/** What the handlers of the page heard, in the isolate of the test. */
const heard: string[] = [];

app.page('/test/files', () => {
  const path = ui.label('none');
  ui.upload({
    multiple: true,
    onUpload: async ({ file }) => {
      heard.push(`${file.name} ${file.size}`);
      path.text = file.url;
      if (!file.name.endsWith('.words')) return;
      heard.push(`here ${(await file.text()).split(' ').length}`);
      for (const via of ['service', 'queue'] as const) {
        heard.push(`${via} ${await run.with({ via }).cpuBound(tasks.countWords, file)}`);
      }
    },
    onRejected: ({ reason }) => heard.push(reason),
  });
  ui.camera({ onFrame: ({ frame }) => heard.push(`frame of ${frame.length} bytes`) });
});

app.static('/test/static', { bucket: 'FILES', prefix: 'static/' });

afterEach(async () => {
  heard.length = 0;
  await reset();
});

function find(node: NodeLiteral, kind: string): NodeLiteral | undefined {
  return node[1] === kind ? node : node[3]?.map((child) => find(child, kind)).find(Boolean);
}

/** Opens the page and offers a file. */
async function offer(name: string, size: number, type = '') {
  const response = await worker.fetch(`${origin}/test/files`);
  const [cookie = ''] =
    response.headers
      .getSetCookie()
      .find((line) => line.startsWith('edgewise='))
      ?.split(';') ?? [];
  const [, json = ''] = /id="edgewise-paint">(.*?)<\/script>/.exec(await response.text()) ?? [];
  const { paint, build } = JSON.parse(json) as { paint: Paint; build: string };
  const query = new URLSearchParams({ page: paint.page, path: '/test/files' });
  const upgrade = { headers: { Upgrade: 'websocket', Origin: origin, Cookie: cookie } };
  const socket = (await worker.fetch(`${origin}/_edgewise/socket?${query}`, upgrade)).webSocket as WebSocket;
  let text = '';
  socket.addEventListener('message', ({ data }) => {
    text += data;
  });
  socket.accept();
  socket.send(encode(['h', protocolVersion, build, paint.epoch, paint.frame, []]));
  const field = find(paint.tree, 'upload')?.[0] as number;
  socket.send(encode([1, field, 'offer', ['batch-0001', [['key-00001', name, type, size]]]]));
  await expect.poll(() => text).toMatch(/"ticket":"|"problem":"/);
  const [, ticket = ''] = /"ticket":"(\w+)"/.exec(text) ?? [];
  const object = bindings.SESSION.get(bindings.SESSION.idFromName(cookie.split('.')[1] ?? ''));
  return { cookie, ticket, object, text: () => text, page: paint.page, camera: find(paint.tree, 'camera')?.[0] };
}

function post(
  { cookie, ticket }: { readonly cookie: string; readonly ticket: string },
  from: number | string,
  body: BodyInit | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  return worker.fetch(`${origin}/_edgewise/upload/${ticket}`, {
    method: 'POST',
    headers: { Cookie: cookie, Origin: origin, 'Upload-Offset': String(from), ...headers },
    body,
  });
}

/** Bytes that differ from place to place. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const block = Uint8Array.from({ length: Math.min(length, 65_521) }, (_, at) => (at * 7 + (at >> 8)) & 255);
  for (let at = 0; at < length; at += block.length) bytes.set(block.subarray(0, length - at), at);
  return bytes;
}

async function digest(bytes: BufferSource): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join(' ');
}

async function uploaded(name: string, bytes: Uint8Array<ArrayBuffer>, type = '') {
  const visit = await offer(name, bytes.length, type);
  for (let from = 0; from === 0 || from < bytes.length; from += part) {
    const answer = await post(visit, from, bytes.slice(from, from + part));
    expect(await answer.json()).toMatchObject({ received: Math.min(bytes.length, from + part) });
  }
  await expect.poll(() => heard[0]).toBe(`${name} ${bytes.length}`);
  await expect.poll(visit.text).toContain('/_edgewise/files/');
  const [url = ''] = /\/_edgewise\/files\/[^"]+/.exec(visit.text()) ?? [];
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    worker.fetch(`${origin}${url}`, { method, headers: { Cookie: visit.cookie, ...headers } });
  return { ...visit, url, get };
}

test('[EO8] a file of several parts is in the bucket as it was, and served with ranges', async () => {
  const bytes = pattern(part + 1_000);
  const { get, object, ticket, cookie } = await uploaded('a b.bin', bytes);
  const whole = await get();
  expect(whole.status).toBe(200);
  expect(whole.headers.get('Content-Length')).toBe(String(bytes.length));
  expect(whole.headers.get('Content-Disposition')).toBe("attachment; filename*=UTF-8''a%20b.bin");
  expect(await digest(await whole.arrayBuffer())).toBe(await digest(bytes));
  const etag = whole.headers.get('ETag') ?? '';
  for (const [range, status, from, to] of [
    ['bytes=0-9', 206, 0, 10],
    ['bytes=8388600-8388620', 206, 8_388_600, 8_388_621],
    ['bytes=-5', 206, bytes.length - 5, bytes.length],
    [`bytes=${bytes.length - 3}-`, 206, bytes.length - 3, bytes.length],
    [`bytes=${bytes.length - 3}-99999999999`, 206, bytes.length - 3, bytes.length],
  ] as const) {
    const answer = await get({ Range: range });
    expect(answer.status, range).toBe(status);
    expect(answer.headers.get('Content-Range')).toBe(`bytes ${from}-${to - 1}/${bytes.length}`);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([...bytes.slice(from, to)]);
  }
  for (const [headers, status] of [
    [{ Range: `bytes=${bytes.length}-` }, 416],
    [{ Range: 'bytes=-0' }, 416],
    [{ Range: 'bytes=5-2' }, 200],
    [{ Range: 'bytes=0-1,3-4' }, 200],
    [{ Range: 'lines=0-1' }, 200],
    [{ Range: 'bytes=0-9', 'If-Range': '"other"' }, 200],
    [{ Range: 'bytes=0-9', 'If-Range': etag }, 206],
    [{ 'If-None-Match': etag }, 304],
  ] as const) {
    const answer = await get({ ...headers });
    expect(answer.status, JSON.stringify(headers)).toBe(status);
    await answer.body?.cancel();
  }
  expect((await get({}, 'HEAD')).headers.get('Content-Length')).toBe(String(bytes.length));
  expect((await post({ cookie, ticket }, 0, bytes.slice(0, 5))).status, 'the ticket is spent').toBe(410);
  // What the session ends, the bucket loses.
  expect((await bindings.FILES.list()).objects).toHaveLength(1);
  await runInDurableObject(object, (instance) => (instance as unknown as { revoke(): Promise<void> }).revoke());
  await runDurableObjectAlarm(object);
  expect((await bindings.FILES.list()).objects).toHaveLength(0);
  expect((await get()).status).toBe(404);
});

test('[MO10] nobody else reads a file or uploads with its ticket', async () => {
  const mine = await uploaded('mine.txt', pattern(10));
  const other = await offer('other.txt', 10);
  const get = (cookie?: string) =>
    worker.fetch(`${origin}${mine.url}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
  for (const cookie of [other.cookie, undefined, 'edgewise=session.AAAAAAAAAAAAAAAAAAAAAA.1793000000.x']) {
    const answer = await get(cookie);
    expect(answer.status).toBe(404);
    await answer.body?.cancel();
  }
  const fresh = await offer('fresh.txt', 10);
  expect((await post({ ...fresh, cookie: other.cookie }, 0, pattern(10))).status).toBe(410);
  expect((await post(fresh, 0, pattern(10), { Origin: 'https://evil.example' })).status).toBe(403);
  expect((await post(fresh, 0, pattern(10), { Origin: 'null' })).status).toBe(403);
  // The application's middleware decides about the page, and so about its files.
  const guarded = new App();
  guarded.use('/test/*', async (c) => c.text('no', 403));
  const request = new Request(`${origin}${mine.url}`, { headers: { Cookie: mine.cookie } });
  expect((await guarded.fetch(request, env)).status).toBe(404);
  const upload = new Request(`${origin}/_edgewise/upload/${fresh.ticket}`, {
    method: 'POST',
    headers: { Cookie: fresh.cookie, Origin: origin, 'Upload-Offset': '0' },
    body: pattern(10),
  });
  expect((await guarded.fetch(upload, env)).status).toBe(403);
});

describe('[MO10] a part', () => {
  test('that is not what was announced changes nothing', async () => {
    const visit = await offer('a.bin', 10);
    const cut = new ReadableStream({
      start(controller) {
        controller.enqueue(pattern(3));
        controller.error(new Error('cut'));
      },
    });
    for (const [name, from, body, status] of [
      ['too short', 0, pattern(9), 400],
      ['too long', 0, pattern(11), 400],
      ['empty', 0, null, 400],
      ['further on', 5, pattern(5), 409],
      ['at no number', 'x', pattern(10), 400],
      ['at a negative number', -1, pattern(10), 400],
    ] as const) {
      const answer = await post(visit, from, body);
      expect(answer.status, name).toBe(status);
      await answer.body?.cancel();
    }
    await post(visit, 0, cut).then(
      (answer) => answer.body?.cancel(),
      () => {},
    );
    const paths = ['', '..', '%2e%2e/socket', 'x'.repeat(200), `${visit.ticket}/../x`];
    for (const path of paths) {
      const answer = await post({ ...visit, ticket: path }, 0, pattern(10));
      expect([400, 404, 410], path).toContain(answer.status);
      await answer.body?.cancel();
    }
    const get = await worker.fetch(`${origin}/_edgewise/upload/${visit.ticket}`, { headers: { Cookie: visit.cookie } });
    expect(get.status).toBe(405);
    await get.body?.cancel();
    expect(heard).toEqual([]);
    expect((await bindings.FILES.list()).objects).toEqual([]);
    expect(await (await post(visit, 0, pattern(10))).json()).toEqual({ received: 10, done: true });
    await expect.poll(() => heard).toEqual(['a.bin 10']);
  });

  test('of a lying type refuses the file', async () => {
    const visit = await offer('a.png', 10, 'image/png');
    const answer = await post(visit, 0, new TextEncoder().encode('<script>  '));
    expect(answer.status).toBe(415);
    expect(await answer.json()).toEqual({
      problem: 'a.png was refused: its content is not of the type image/png.',
    });
    await expect.poll(() => heard).toEqual(['a.png was refused: its content is not of the type image/png.']);
    expect((await post(visit, 0, pattern(10))).status).toBe(410);
  });

  test('sent twice at once counts once', async () => {
    const visit = await offer('a.bin', 10);
    const answers = await Promise.all([post(visit, 0, pattern(10)), post(visit, 0, pattern(10).fill(0))]);
    const said = await Promise.all(answers.map((answer) => answer.json<{ done?: boolean }>()));
    expect(said.some(({ done }) => done)).toBe(true);
    await expect.poll(() => heard).toEqual(['a.bin 10']);
  });
});

test.each([
  ['text/html', 'application/octet-stream'],
  ['text/javascript', 'application/octet-stream'],
  ['text/css', 'application/octet-stream'],
  ['application/xhtml+xml', 'application/octet-stream'],
  ['image/svg+xml', 'image/svg+xml'],
  ['text/plain', 'text/plain'],
])('[MO10] a file of the type %s is saved, not shown, and runs no code', async (type, served) => {
  const { get } = await uploaded(
    'page',
    new TextEncoder().encode('<svg onload="alert(1)"/>') as Uint8Array<ArrayBuffer>,
    type,
  );
  const { headers, body } = await get();
  await body?.cancel();
  expect(headers.get('Content-Type')).toBe(served);
  expect(headers.get('Content-Disposition')).toMatch(/^attachment/);
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Content-Security-Policy')).toMatch(/^sandbox; default-src 'none'/);
  expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
  expect(headers.get('Cache-Control')).toBe('private, no-cache');
});

test('a handler, a task and a job of the queue read the same file', async () => {
  const text = Array.from({ length: 300_000 }, () => 'word').join(' ');
  await uploaded('long.words', new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>);
  await expect
    .poll(() => heard, { timeout: 60_000 })
    .toEqual([`long.words ${text.length}`, 'here 300000', 'service 300000', 'queue 300000']);
});

test('an empty file arrives', async () => {
  const visit = await offer('empty.txt', 0);
  expect(await (await post(visit, 0, null)).json()).toEqual({ received: 0, done: true });
  await expect.poll(() => heard).toEqual(['empty.txt 0']);
});

test('app.static serves the objects below its prefix, with ranges, and nothing else', async () => {
  await bindings.FILES.put('static/a b.mp4', pattern(1_000));
  await bindings.FILES.put('secret.txt', 'secret');
  const get = (path: string, headers: Record<string, string> = {}) =>
    worker.fetch(`${origin}/test/static/${path}`, { headers });
  const whole = await get('a%20b.mp4');
  expect(whole.headers.get('Content-Type')).toBe('video/mp4');
  expect(await digest(await whole.arrayBuffer())).toBe(await digest(pattern(1_000)));
  const range = await get('a%20b.mp4', { Range: 'bytes=10-19' });
  expect([range.status, range.headers.get('Content-Range')]).toEqual([206, 'bytes 10-19/1000']);
  expect([...new Uint8Array(await range.arrayBuffer())]).toEqual([...pattern(1_000).slice(10, 20)]);
  expect((await get('a%20b.mp4', { 'If-None-Match': whole.headers.get('ETag') ?? '' })).status).toBe(304);
  for (const path of ['', 'none', '../secret.txt', '..%2fsecret.txt', '%2e%2e%2fsecret.txt', '/secret.txt']) {
    const missing = await get(path);
    expect(missing.status, path).toBe(404);
    expect(await missing.text()).not.toBe('secret');
  }
  expect(() => new App().static('/x', 'public' as never)).toThrow('public/logo.svg has the address /logo.svg');
  expect(() => new App().static('x', { bucket: 'FILES' })).toThrow('begins with a slash');
});

test('[MO10] a frame of a camera reaches its handler, from its own page only', async () => {
  const { page, camera, cookie } = await offer('x', 1);
  const other = await offer('x', 1);
  const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
  const send = (path: string, body: BodyInit | null, headers: Record<string, string> = {}) =>
    worker.fetch(`${origin}/_edgewise/frame/${path}`, {
      method: 'POST',
      headers: { Cookie: cookie, Origin: origin, ...headers },
      body,
    });
  for (const [name, path, body, headers, status] of [
    ['another origin', `${page}/${camera}`, jpeg, { Origin: 'https://evil.example' }, 403],
    ['another session', `${page}/${camera}`, jpeg, { Cookie: other.cookie }, 404],
    ['a stranger', `${page}/${camera}`, jpeg, { Cookie: '' }, 404],
    ['another page', `${'f'.repeat(32)}/${camera}`, jpeg, {}, 404],
    ['another element', `${page}/1`, jpeg, {}, 404],
    ['no element', `${page}/x`, jpeg, {}, 404],
    ['no JPEG', `${page}/${camera}`, new TextEncoder().encode('<html>'), {}, 415],
    ['nothing', `${page}/${camera}`, new Uint8Array(), {}, 415],
    ['too much', `${page}/${camera}`, new Uint8Array(1_048_577), {}, 413],
    ['a frame', `${page}/${camera}`, jpeg, {}, 204],
  ] as const) {
    const answer = await send(path, body, headers);
    await answer.body?.cancel();
    expect(answer.status, name).toBe(status);
  }
  expect(heard).toEqual(['frame of 7 bytes']);
});
