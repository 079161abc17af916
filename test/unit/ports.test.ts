import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { freePort } from '../../src/wrangler/index.ts';

test('a chosen port is none that listens, and below those of outgoing connections, which could take it before its use', async () => {
  vi.spyOn(Math, 'random').mockReturnValueOnce(0.5).mockReturnValueOnce(0.5);
  const first = await freePort();
  const server = createServer().listen(first, '127.0.0.1');
  await once(server, 'listening');
  const second = await freePort();
  server.close();
  expect(second).not.toBe(first);
  expect([first, second].filter((port) => port < 20_000 || port >= 32_000)).toEqual([]);
});
