import path from 'node:path';
import { command } from '../command.ts';
import { killable, killServers } from '../kill-servers.ts';
import { defaultPersist } from '../servers.ts';

/** `edgewise kill`: what a crash does, to see that the pages survive it. */
export const kill = command({
  name: 'kill',
  about: 'kills the servers that run here, as a crash would; they are started again',
  operands: [{ name: 'SERVER', about: `${killable.join(' or ')} (default: both)` }],
  run(_values, [wanted]) {
    killServers(path.resolve(defaultPersist), wanted, '`edgewise dev` or `edgewise preview`');
  },
});
