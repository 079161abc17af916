import path from 'node:path';
import { claimState } from '../../wrangler/index.ts';
import { CommandError, command } from '../command.ts';
import { endWith } from '../ending.ts';
import { portOf } from '../port.ts';
import { say } from '../run.ts';
import { defaultPersist } from '../servers.ts';
import { vite } from '../tools.ts';

/** `edgewise dev`: Vite's development server, in this process. */
export const dev = command({
  name: 'dev',
  about: 'serves the application while you write it',
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', about: 'the port (default: PORT, or 5173)' },
    host: { type: 'string', value: 'ADDRESS', about: 'an address to listen on (default: localhost)' },
    together: { type: 'boolean', about: 'runs the compute Workers in the process of the application, to save memory' },
    open: { type: 'boolean', about: 'opens the browser' },
  },
  details: ['A saved file shows in the open pages at once and keeps their state.'],
  async run({ port, host, together, open }) {
    const wanted = portOf(port);
    const { createServer } = await vite();
    say('vite', 'dev', ...(wanted === undefined ? [] : ['--port', String(wanted)]), ...(host ? ['--host', host] : []));
    const release = claimState(path.resolve(defaultPersist));
    const server = await createServer({
      server: {
        ...(wanted !== undefined && { port: wanted, strictPort: true }),
        ...(host && { host }),
        ...(open && { open }),
      },
      ...(together && { edgewise: { together } }),
    });
    endWith(() => server.close().finally(release));
    try {
      await server.listen();
    } catch (error) {
      await server.close();
      if (!/already in use/.test(String(error))) throw error;
      throw new CommandError(
        `${(error as Error).message}. Stop what uses it, or choose another: edgewise dev --port ${(wanted ?? 5173) + 1}`,
      );
    }
    server.printUrls();
    server.bindCLIShortcuts({ print: true });
  },
});
