// The servers that run an application on this machine, found by who has claimed its state.

import path from 'node:path';
import { descendants, workerdOf } from './processes.ts';
import { ownerOf } from './state-lock.ts';

export interface RunningServer {
  readonly name: 'app' | 'compute';
  /** The folder of the build that has the Worker: `app`, `compute`, or another one for each further compute Worker. */
  readonly worker: string;
  /** The process that runs the Worker's code. */
  readonly workerd: number;
}

/** Returns the servers of the process that has claimed a folder of state. */
export function runningServers(state: string): RunningServer[] {
  const owner = ownerOf(state);
  return owner === undefined ? [] : serversBelow(owner);
}

/** Kills servers, as a crash would. */
export function kill(servers: readonly RunningServer[]): void {
  for (const { workerd } of servers) {
    try {
      process.kill(workerd, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It has died by itself meanwhile.
    }
  }
}

/** Returns the servers that a process runs. */
export function serversBelow(owner: number): RunningServer[] {
  return descendants(owner).flatMap(({ pid, parent, command }): RunningServer[] => {
    // The process itself runs the application's workerd while Vite serves.
    if (parent === owner && /workerd\S* serve/.test(command)) return [{ name: 'app', worker: 'app', workerd: pid }];
    if (!command.includes('wrangler-dist')) return [];
    // The build has a folder for each Worker: `app`, and one for each compute Worker.
    const folder = path.basename(path.dirname(/ --config (\S+) /.exec(command)?.[1] ?? ''));
    const workerd = workerdOf(pid, Number(/ --port=(\d+) /.exec(command)?.[1]));
    return workerd === undefined ? [] : [{ name: folder === 'app' ? 'app' : 'compute', worker: folder, workerd }];
  });
}
