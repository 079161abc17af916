import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections (Linux from 32768 on), one of which could take a chosen port. */
const range = { first: 20_000, count: 12_000 };

/** Returns a port that nothing listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = range.first + Math.floor(Math.random() * range.count);
    if (await isFree(port)) return port;
  }
}

/** @throws the error of a system that refuses the port for another reason than its use. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/**
 * @param command returns the command with another port.
 * @throws {Error} with what to do when something listens on the port.
 */
export async function refuseBusyPort(port: number, command: (port: number) => string): Promise<void> {
  if (await isFree(port)) return;
  throw new Error(`Port ${port} is in use; stop what uses it, or choose another: ${command(port + 1)}.`);
}
