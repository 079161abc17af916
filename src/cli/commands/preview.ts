import { isNews, refuseBusyPort } from '../../wrangler/index.ts';
import { buildApplication } from '../application.ts';
import { command } from '../command.ts';
import { endWith } from '../ending.ts';
import { portOf } from '../port.ts';
import { say } from '../run.ts';
import { startServers } from '../servers.ts';

/** `edgewise preview`: runs what was built by wrangler, each Worker in a process of its own, as in production. */
export const preview = command({
  name: 'preview',
  about: 'runs what `edgewise build` makes, as in production',
  options: {
    port: { type: 'string', short: 'p', value: 'PORT', about: 'the port (default: PORT, or 8787)' },
    together: { type: 'boolean', about: 'runs the compute Workers in the process of the application, to save memory' },
  },
  details: ['It builds first. `edgewise kill` in another terminal kills a server, which is back within a second.'],
  async run({ port, together = false }) {
    const wanted = portOf(port) ?? 8787;
    const command = { port: (other: number) => `edgewise preview --port ${other}` };
    await refuseBusyPort(wanted, command.port); // Before the build, which takes seconds.
    const began = performance.now();
    const built = await buildApplication(process.cwd());
    for (const { config } of [...built.computes, built.app]) say('wrangler', 'dev', '--local', '--config', config);
    const starting = startServers({
      built,
      port: wanted,
      together,
      command,
      supervise: true,
      log: (server, line) => {
        if (isNews(line)) console.log(`[${server}] ${line}`);
      },
    });
    endWith(async () => (await starting.catch(() => undefined))?.stop());
    const { url } = await starting;
    console.log(`Ready in ${((performance.now() - began) / 1000).toFixed(1)} s: ${url}`);
  },
});
