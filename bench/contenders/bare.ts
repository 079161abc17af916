// The platform alone: an object with a hibernatable socket that answers each message, with and without a write before, and a
// durable counter by hand. Its client is the simplest one: what it sends without a connection is lost.

import type { Host } from '../host.ts';
import { openSocket } from '../socket.ts';
import { until } from '../wait.ts';
import type { Contender } from './contender.ts';
import { SocketVisitor } from './socket-visitor.ts';

const names = { echo: 'bare echo', writer: 'bare write', durable: 'by hand' } as const;

export function bare(host: Host, kind: keyof typeof names): Contender {
  let visits = 0;
  return {
    name: names[kind],
    url: host.url,
    cpu: host.cpu,
    async visit(by = host.url) {
      const visitor = new BareVisitor(new URL(`/bare/${kind}?name=visit-${++visits}`, by));
      await visitor.reconnect();
      return visitor;
    },
  };
}

class BareVisitor extends SocketVisitor {
  readonly #address: URL;
  #asked = 0;
  /** The last click that the durable counter has acknowledged; undefined when it acknowledges none. */
  #stored: number | undefined;

  constructor(address: URL) {
    super(false);
    this.#address = address;
  }

  /** Sends as many bytes as a click of Edgewise. */
  click(): void {
    this.send(`[${++this.#asked},[48271,"OYlzG"],"click"]`);
  }

  async reconnect(): Promise<void> {
    const opened = await openSocket(this.#address);
    opened.onmessage = (text) => {
      if (text.startsWith('["a"')) {
        this.#stored = Number.parseInt(text.slice(5), 10);
        return;
      }
      this.shown++;
      this.onanswer();
    };
    this.connected(opened);
  }

  override settled(): Promise<void> {
    return until(() => this.#stored === undefined || this.#stored === this.#asked);
  }
}
