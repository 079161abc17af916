// `npm run kill`: kills the servers that `npm start` runs in this folder, as a crash would (SIGKILL).
// `npm run kill app` and `npm run kill compute` kill the application's or those of all compute Workers.
// `npm run kill -- --persist DIR` kills those that `npm start -- --persist DIR` runs.
// Wrangler restarts them within a second.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { killServers } from './kill-servers.ts';
import { defaultPersist } from './servers.ts';

try {
  const { values, positionals } = parseArgs({ options: { persist: { type: 'string' } }, allowPositionals: true });
  const { persist = defaultPersist } = values;
  const start = values.persist === undefined ? 'npm start' : `npm start -- --persist ${persist}`;
  const other = values.persist === undefined ? ', or name the state of others: npm run kill -- --persist DIR' : '';
  killServers(path.resolve(persist), positionals[0], start + other);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
