// `npm run kill`: kills the servers that `npm start` runs in this folder, as a crash would (SIGKILL).
// `npm run kill app` and `npm run kill compute` kill one of the two. Wrangler restarts it within a second.

import path from 'node:path';
import { defaultPersist } from './dev.ts';
import { descendants, workerdOf } from './processes.ts';

const [wanted] = process.argv.slice(2);
if (wanted !== undefined && wanted !== 'app' && wanted !== 'compute') {
  console.error(`There is no server "${wanted}". Use npm run kill, npm run kill app, or npm run kill compute.`);
  process.exit(1);
}

const state = ` --persist-to=${path.resolve(import.meta.dirname, '../..', defaultPersist)} `;
let killed = 0;
for (const { pid, command } of descendants(0)) {
  if (!command.includes('wrangler-dist') || !command.includes(state)) continue;
  const config = path.basename(/ --config (\S+) /.exec(command)?.[1] ?? '');
  const name = config.includes('compute') ? 'compute' : 'app';
  const workerd = workerdOf(pid, Number(/ --port=(\d+) /.exec(command)?.[1]));
  if (workerd === undefined || (wanted ?? name) !== name) continue;
  process.kill(workerd, 'SIGKILL');
  console.log(`Killed the ${name} server (workerd, process ${workerd}).`);
  killed++;
}
if (killed === 0) {
  console.error('No server runs in this folder, or it is still starting. Start it with npm start.');
  process.exitCode = 1;
}
