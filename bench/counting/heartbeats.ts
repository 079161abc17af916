// What an open page that nobody touches sends and receives.

import { TestServer, User, VirtualClock } from '../../src/testing/index.ts';
import { counter } from './cases.ts';

/** Returns the bytes of the heartbeats, and of all else, in some idle minutes of the virtual clock. */
export async function heartbeats(minutes: number): Promise<number> {
  const clock = new VirtualClock();
  const server = new TestServer({ clock, pages: { '/': counter() }, development: false });
  const user = await User.open(server, clock, '/');
  await user.advance('1m');
  let bytes = 0;
  for (const wire of server.wires) {
    wire.tamper = (_, text) => {
      bytes += Buffer.byteLength(text);
      return text;
    };
  }
  await user.advance(minutes * 60_000);
  server.stop();
  return bytes;
}
