// `npm start`: builds an application, runs it by wrangler, and builds again when one of its files is saved.

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isNews } from '../wrangler/index.ts';
import { endWith } from './ending.ts';
import { generate } from './generate.ts';
import { portOf } from './port.ts';
import { startServers } from './servers.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { app: { type: 'string' }, compute: { type: 'string' }, persist: { type: 'string' } },
  });
  const port = portOf() ?? 8787;
  const began = performance.now();
  generate();
  const starting = startServers({
    port,
    supervise: true,
    watch: true,
    ...(values.app ? { app: values.app } : {}),
    ...(values.compute ? { compute: values.compute.split(',') } : {}),
    ...(values.persist ? { persist: values.persist } : {}),
    log: (server, line) => {
      if (isNews(line)) console.log(`[${server}] ${line}`);
    },
  });
  endWith(async () => {
    // Servers that are only starting are killed by the exit hook.
    const servers = await Promise.race([starting.catch(() => undefined), sleep(100)]);
    await servers?.stop();
  });
  const { url } = await starting;
  console.log(`Ready in ${((performance.now() - began) / 1000).toFixed(1)} s: ${url}`);
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
