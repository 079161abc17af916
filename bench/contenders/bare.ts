// The platform alone: an object with a hibernatable socket that answers each message, with and without a write before.
// Its client is the simplest one: what it sends without a connection is lost.

import type { Host } from '../host.ts';
import { openSocket } from '../socket.ts';
import type { Contender } from './contender.ts';
import { SocketVisitor } from './socket-visitor.ts';

export function bare(host: Host, kind: 'echo' | 'writer'): Contender {
  let visits = 0;
  return {
    name: kind === 'echo' ? 'bare echo' : 'bare write',
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
    opened.onmessage = () => {
      this.shown++;
      this.onanswer();
    };
    this.connected(opened);
  }
}
