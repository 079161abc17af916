import { kill, type RunningServer, runningServers } from '../wrangler/index.ts';
import { CommandError } from './command.ts';

/** Which servers to kill. */
export const killable: readonly string[] = ['app', 'compute'] satisfies readonly RunningServer['name'][];

/**
 * Kills the servers of a folder of state, as a crash would (SIGKILL). What runs them starts them again.
 *
 * @param wanted one of {@link killable}; undefined for all.
 * @throws {CommandError} when there is none to kill.
 */
export function killServers(state: string, wanted: string | undefined, start: string): void {
  if (wanted !== undefined && !killable.includes(wanted)) {
    throw new CommandError(`There is no server "${wanted}". There are: ${killable.join(', ')}.`);
  }
  const servers = runningServers(state).filter(({ name }) => wanted === undefined || name === wanted);
  kill(servers);
  for (const { worker, workerd } of servers) {
    console.log(`Killed the ${worker} server (workerd, process ${workerd}).`);
  }
  if (servers.length === 0) {
    throw new CommandError(`No server runs in this folder, or it is still starting. Start it with ${start}.`);
  }
}
