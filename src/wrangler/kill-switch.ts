// Lets an application kill its own servers while it is developed. A Worker cannot end the process that runs it, so what
// started that process does. Its address has a secret, which no page of the web can guess. Users of this machine can read it.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The variable with the address, which no build has. */
export const killVariable = 'EDGEWISE_KILL';

/** Most kills whose keys are known. */
const mostKeys = 1_000;

export interface KillSwitch {
  /** `POST ADDRESS?key=KEY` kills, once for each key, and answers with what was killed. */
  readonly address: string;
  close(): void;
}

/**
 * Opens a kill switch on a free port of this machine. A handler that asks for the kill dies in the middle of its call and calls again
 * when it continues, so the same key kills once.
 *
 * @param kill kills the servers, as a crash would, and returns what it has killed.
 */
export async function openKillSwitch(kill: () => string | Promise<string>): Promise<KillSwitch> {
  const secret = randomBytes(24).toString('base64url');
  const done = new Map<string, Promise<string>>();
  const server = createServer((request, response) => {
    const { key, status } = read(request, secret);
    request.resume();
    if (key === undefined) {
      response.writeHead(status).end();
      return;
    }
    let killed = done.get(key);
    if (!killed) {
      if (done.size >= mostKeys) done.delete(done.keys().next().value as string);
      killed = Promise.resolve().then(kill);
      done.set(key, killed);
    }
    killed.then(
      (text) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end(text),
      (error: Error) => {
        done.delete(key);
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end(error.message);
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/${secret}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Returns the key of a kill, or the status of what is none. A page of the web cannot make one: it does not know the secret. */
function read({ method, url = '/', headers }: IncomingMessage, secret: string): { key?: string; status: number } {
  const { pathname = '', searchParams = new URLSearchParams() } = URL.parse(url, 'http://127.0.0.1') ?? {};
  if (!same(pathname.slice(1), secret) || !/^127\.0\.0\.1:\d+$/.test(headers.host ?? '')) return { status: 404 };
  if (method !== 'POST') return { status: 405 };
  const key = searchParams.get('key') ?? '';
  return /^[\w-]{8,64}$/.test(key) ? { key, status: 200 } : { status: 400 };
}

function same(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
