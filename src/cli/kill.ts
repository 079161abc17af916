// `npm run kill`: kills the servers that `npm start` runs in this folder, as a crash would (SIGKILL).
// `npm run kill app` and `npm run kill compute` kill the application's or those of all compute Workers.
// Wrangler restarts them within a second.

import path from 'node:path';
import { killServers } from './kill-servers.ts';
import { defaultPersist } from './servers.ts';

try {
  killServers(path.resolve(defaultPersist), process.argv[2], 'npm start');
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
