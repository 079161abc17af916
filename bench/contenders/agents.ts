// The Agents SDK: an agent whose method changes its state, which the SDK stores and sends to the page. The page of the
// SDK is a React application that renders the state. Its cost is the browser's, so it is not measured.

import type { Host } from '../host.ts';
import { openSocket } from '../socket.ts';
import type { Contender } from './contender.ts';
import { SocketVisitor } from './socket-visitor.ts';

export function agents(host: Host): Contender {
  let visits = 0;
  return {
    name: 'Agents SDK',
    url: host.url,
    cpu: host.cpu,
    async visit(by = host.url) {
      const visitor = new AgentVisitor(new URL(`/bare/agent?name=visit-${++visits}`, by));
      await visitor.reconnect();
      return visitor;
    },
  };
}

/** PartySocket, the SDK's client, sends what was called without a connection when there is one again. */
class AgentVisitor extends SocketVisitor {
  readonly #address: URL;
  #asked = 0;

  constructor(address: URL) {
    super(true);
    this.#address = address;
  }

  click(text = 'increment'): void {
    this.send(JSON.stringify({ type: 'rpc', id: String(++this.#asked), method: text.toLowerCase(), args: [] }));
  }

  async reconnect(): Promise<void> {
    const opened = await openSocket(this.#address);
    // The state comes once with each connection.
    await new Promise<void>((resolve) => {
      opened.onmessage = (text) => {
        if (!text.includes('"cf_agent_state"')) return;
        this.shown = Number(/"count":(\d+)/.exec(text)?.[1] ?? this.shown);
        resolve();
        this.onanswer();
      };
    });
    this.connected(opened);
  }
}
