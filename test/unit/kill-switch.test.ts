import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type KillSwitch, openKillSwitch } from '../../src/wrangler/index.ts';

let open: KillSwitch | undefined;
afterEach(() => open?.close());

/** Sends a request, with any header, as a program on this machine can. */
function send(
  address: string,
  method: string,
  headers: Record<string, string> = {},
): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve([response.statusCode ?? 0, text]));
    });
    sent.on('error', reject).end();
  });
}

test('a kill that is asked for twice by one key kills once, and both calls get the answer; another key kills again', async () => {
  let kills = 0;
  open = await openKillSwitch(() => `kill ${++kills}`);
  const ask = (key: string) => send(`${open?.address}?key=${key}`, 'POST');
  expect(await Promise.all([ask('first-key'), ask('first-key')])).toEqual([
    [200, 'kill 1'],
    [200, 'kill 1'],
  ]);
  expect(await ask('first-key')).toEqual([200, 'kill 1']);
  expect(await ask('other-key')).toEqual([200, 'kill 2']);
});

test('a kill that fails says why, and the same key may try again', async () => {
  let starting = true;
  open = await openKillSwitch(() => {
    if (starting) throw new Error('It is still starting.');
    return 'killed';
  });
  const ask = () => send(`${open?.address}?key=first-key`, 'POST');
  expect(await ask()).toEqual([500, 'It is still starting.']);
  starting = false;
  expect(await ask()).toEqual([200, 'killed']);
});

test('nothing is killed by who does not know the secret, by a link, by a page under another name of the machine, or without a key', async () => {
  let kills = 0;
  open = await openKillSwitch(() => `kill ${++kills}`);
  const { address } = open;
  const { origin, port } = new URL(address);
  const statuses = await Promise.all([
    send(`${origin}/?key=first-key`, 'POST'),
    send(`${origin}/${'a'.repeat(32)}?key=first-key`, 'POST'),
    send(`${address}/more?key=first-key`, 'POST'),
    send(`${address}?key=first-key`, 'GET'),
    send(`${address}?key=first-key`, 'POST', { Host: `rebound.example:${port}` }),
    send(address, 'POST'),
    send(`${address}?key=${encodeURIComponent('../../x')}`, 'POST'),
  ]);
  expect(statuses.map(([status]) => status)).toEqual([404, 404, 404, 405, 404, 400, 400]);
  expect(kills).toBe(0);
});

test('a request without an address that can be read is answered, and the switch stays open', async () => {
  open = await openKillSwitch(() => 'killed');
  const { hostname, port } = new URL(open.address);
  const socket = connect(Number(port), hostname);
  socket.write('GET //: HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
  expect((await text(socket)).split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
  expect(await send(`${open.address}?key=first-key`, 'POST')).toEqual([200, 'killed']);
});
