// NiceGUI: the page of bench/peers/nicegui/app.py, in a process of its own. The client speaks its protocol over a
// WebSocket: Engine.IO 4, Socket.IO 5, and the events of NiceGUI's own script.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from '../../src/wrangler/index.ts';
import { cpuOf } from '../process.ts';
import { openSocket } from '../socket.ts';
import type { Contender, Visitor } from './contender.ts';
import { SocketVisitor } from './socket-visitor.ts';

/** Milliseconds between two acknowledgements, as NiceGUI's script sends them. */
const acknowledgesEvery = 3_000;

export interface NiceGui extends Contender, AsyncDisposable {
  readonly url: URL;
  readonly pid: number;
}

export async function startNiceGui(python: string): Promise<NiceGui> {
  const port = await freePort();
  const server = spawn(python, [path.join(import.meta.dirname, '../peers/nicegui/app.py'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = async () => {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  await ready(server).catch(async (error) => {
    await end();
    throw error;
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  return {
    name: 'NiceGUI',
    url,
    pid: server.pid as number,
    cpu: () => cpuOf(server.pid),
    visit: (by = url, path = '/counter') => visit(new URL(path, by)),
    [Symbol.asyncDispose]: end,
  };
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    server.stdout?.on('data', (text) => String(text).includes('ready to go') && resolve());
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`The process ended with ${code} before it was ready.`)));
  });
}

/** An element as the document lists it. */
interface Listed {
  readonly tag: string;
  readonly props?: { readonly label?: string };
  readonly events?: readonly { readonly type: string; readonly listener_id: string }[];
}

/** Opens the page and connects as its script does, with the handshake in the address of the socket. */
async function visit(url: URL): Promise<Visitor> {
  const html = await (await fetch(url)).text();
  const client = /'client_id': '([^']+)'/.exec(html)?.[1];
  const listed = /String\.raw`(.*?)`/s.exec(html)?.[1];
  if (!client || !listed) throw new Error(`${url} has no page of NiceGUI.`);
  const buttons = Object.entries(JSON.parse(listed) as Record<string, Listed>)
    .filter(([, { tag }]) => tag === 'q-btn')
    .map(([id, { props, events }]) => ({
      id: Number(id),
      text: props?.label,
      listener_id: events?.find(({ type }) => type === 'click')?.listener_id,
    }));

  const visitor = new NiceGuiVisitor(url, client, buttons);
  await visitor.reconnect();
  return visitor;
}

interface Button {
  readonly id: number;
  readonly text: string | undefined;
  readonly listener_id: string | undefined;
}

/** Socket.IO's client sends what was emitted without a connection when there is one again. */
class NiceGuiVisitor extends SocketVisitor {
  readonly #url: URL;
  readonly #client: string;
  readonly #buttons: readonly Button[];
  readonly #ids = { document_id: randomUUID(), tab_id: randomUUID(), old_tab_id: '' };
  #next = 0;
  #acknowledged = performance.now();

  constructor(url: URL, client: string, buttons: readonly Button[]) {
    super(true);
    this.#url = url;
    this.#client = client;
    this.#buttons = buttons;
  }

  click(text?: string): void {
    const button = this.#buttons.find((each) => text === undefined || each.text === text);
    if (!button) throw new Error(`${this.#url} has no button '${text}'.`);
    this.#emit('event', { id: button.id, client_id: this.#client, listener_id: button.listener_id, args: [] });
  }

  async reconnect(): Promise<void> {
    const address = new URL('/_nicegui_ws/socket.io/', this.#url);
    const query = { client_id: this.#client, next_message_id: String(this.#next), implicit_handshake: 'true' };
    address.search = new URLSearchParams({ ...query, ...this.#ids, EIO: '4', transport: 'websocket' }).toString();
    const opened = await openSocket(address);
    await new Promise<void>((resolve, reject) => {
      let open = false;
      opened.onclose = () => {
        const error = new Error('NiceGUI closed the socket.');
        // Because a measurement would wait for its answers without end.
        if (open) throw error;
        reject(error);
      };
      opened.onmessage = (text) => {
        if (text.startsWith('0')) opened.send('40');
        else if (text.startsWith('40')) {
          open = true;
          resolve();
        } else if (text === '2') opened.send('3');
        else if (text.startsWith('42["update"')) this.#update(text);
        else if (text.startsWith('44')) reject(new Error(`NiceGUI refused the connection: ${text}`));
      };
    });
    this.connected(opened);
  }

  #emit(event: string, message: object): void {
    this.send(`42${JSON.stringify([event, message])}`);
  }

  #update(text: string): void {
    this.#next = Number(/"_id":(\d+)/.exec(text)?.[1] ?? this.#next) + 1;
    this.shown = Number(/"text":"(\d+)"/.exec(text)?.[1] ?? this.shown);
    if (performance.now() - this.#acknowledged > acknowledgesEvery) {
      this.#acknowledged = performance.now();
      this.#emit('ack', { client_id: this.#client, next_message_id: this.#next });
    }
    this.onanswer();
  }
}
