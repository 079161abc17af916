// A network between a client and a server: each direction takes time, and may lose what it carries.
//
// TCP hides a loss and delivers late instead, with everything behind it. A sender with little to send notices the loss
// only by its timer, after at least 200 ms more than a round trip. So a lost chunk is a delayed one here.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** Milliseconds that a round trip takes more. @default 0 */
  readonly roundTrip?: number;
  /** Part of the chunks that is lost and sent again, such as 0.02. @default 0 */
  readonly loss?: number;
}

export interface Proxy extends AsyncDisposable {
  readonly url: URL;
  /** Ends every connection. What is under way is lost. */
  cut(): void;
}

/** Milliseconds that a sender waits for an acknowledgement, beside a round trip, before it sends again. */
const retransmission = 200;

export async function startProxy(target: URL, { roundTrip = 0, loss = 0 }: Network = {}): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      carry(from, to, { roundTrip, loss });
      from.on('close', () => sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
    },
  };
}

/** Delivers the chunks of one direction late, in their order, and its end after them. */
function carry(from: Socket, to: Socket, { roundTrip, loss }: Required<Network>): void {
  const underWay: Buffer[] = [];
  let free = 0;
  let ended = false;
  from.setNoDelay(true);
  from.on('data', (chunk: Buffer) => {
    const now = performance.now();
    const lost = Math.random() < loss;
    free = Math.max(free, now + roundTrip / 2 + (lost ? retransmission + roundTrip : 0));
    underWay.push(chunk);
    // Timers of different lengths may run out of order, so each delivers the oldest chunk.
    setTimeout(deliver, free - now);
  });
  from.on('error', () => from.destroy());
  from.on('close', () => {
    ended = true;
    if (underWay.length === 0) to.destroy();
  });
  function deliver(): void {
    const chunk = underWay.shift();
    if (chunk && !to.destroyed) to.write(chunk);
    if (ended && underWay.length === 0) to.destroy();
  }
}
