// The world outside of the application: a web server on this machine that answers when the test lets it, and a wire that
// the test can cut.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { until } from './stage.ts';

/** 500 characters and more, in lines of 40. */
export const poem = Array.from(
  { length: 30 },
  (_, line) => `line ${String(line).padStart(2, '0')} ${'.'.repeat(31)}`,
).join('\n');

interface Door {
  shut: boolean;
  broken: boolean;
  arrivals: number;
  readonly waiting: ServerResponse[];
}

/**
 * - `/poem` answers at once; `/slow` when the test calls `open('slow')`, as does `/gate/NAME` with its own name.
 * - `/door/NAME` answers at once, unless the test has shut the door: then when it is opened, with a word of the test's.
 * - `/cut` ends the connection in the middle; `/fails` answers 500; `/big` sends 20 MB.
 */
export class Outside implements AsyncDisposable {
  readonly #waiting = new Map<string, ServerResponse[]>();
  readonly #doors = new Map<string, Door>();
  readonly #server = createServer((request, response) => {
    const [, first = '', name = first] = (request.url ?? '/').split('?')[0]?.split('/') ?? [];
    switch (first) {
      case 'poem':
        response.end(poem);
        break;
      case 'slow':
      case 'gate': {
        const waiting = this.#waiting.get(name) ?? [];
        waiting.push(response);
        this.#waiting.set(name, waiting);
        break;
      }
      case 'door': {
        const door = this.#door(name);
        door.arrivals++;
        if (door.broken) response.writeHead(500).end();
        else if (door.shut) door.waiting.push(response);
        else response.end();
        break;
      }
      case 'cut':
        response.writeHead(200, { 'content-length': '1000' });
        response.write('a beginning');
        setImmediate(() => response.destroy());
        break;
      case 'fails':
        response.writeHead(500).end('The kitchen is on fire.');
        break;
      case 'big':
        response.end('0123456789abcdef'.repeat(1_310_720));
        break;
      default:
        response.writeHead(404).end('Nothing here.');
    }
  });

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many requests wait at a gate. */
  waiting(name: string): number {
    return this.#waiting.get(name)?.length ?? 0;
  }

  /** Waits until a request waits at the gate, and lets the oldest one through. */
  async open(name: string): Promise<void> {
    await until(`a request waits at the gate ${name}`, () => this.waiting(name) > 0);
    this.#waiting.get(name)?.shift()?.end(poem);
  }

  /** From now on the door answers 500, until it is mended. */
  breakDown(name: string, broken = true): void {
    this.#door(name).broken = broken;
  }

  /** From now on requests wait at the door, also those of a process that has been started anew. */
  shut(name: string): void {
    this.#door(name).shut = true;
  }

  /** Lets all through who wait at the door, with a word, and whoever comes later, without one. */
  unlock(name: string, word = ''): void {
    const door = this.#door(name);
    door.shut = false;
    for (const response of door.waiting.splice(0)) response.end(word);
  }

  /** How many requests have come to the door, whether they waited or not. */
  arrivals(name: string): number {
    return this.#door(name).arrivals;
  }

  #door(name: string): Door {
    const door = this.#doors.get(name) ?? { shut: false, broken: false, arrivals: 0, waiting: [] };
    this.#doors.set(name, door);
    return door;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Stands between a browser and the app. Its visitors find it at `url`. */
export class Wire implements AsyncDisposable {
  readonly #target: number;
  readonly #pairs = new Set<[Socket, Socket]>();
  #cut = false;
  readonly #server = createTcpServer((near) => {
    if (this.#cut) {
      near.destroy();
      return;
    }
    const far = connect(this.#target, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    for (const socket of pair) socket.on('error', () => {});
    for (const [from, to] of [pair, [far, near] as const]) {
      from.pipe(to);
      from.on('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    }
  });

  constructor(target: number) {
    this.#target = target;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets every connection and refuses new ones, until `mend`. */
  cut(): void {
    this.#cut = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  mend(): void {
    this.#cut = false;
  }

  /** Nothing comes back any more, though it goes there: what the app answers is lost with the next `cut`. */
  deafen(): void {
    for (const [near, far] of this.#pairs) far.unpipe(near);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
