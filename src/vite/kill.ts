import { kill, openKillSwitch, serversBelow } from '../wrangler/index.ts';

let opened: Promise<string> | undefined;

/** Returns the address by which an application kills the servers of this process: its own, and those of its compute Workers. */
export function killAddress(): Promise<string> {
  opened ??= openKillSwitch(() => {
    const servers = serversBelow(process.pid);
    if (servers.length === 0) throw new Error('No server runs, or it is still starting.');
    kill(servers);
    return servers.map(({ worker, workerd }) => `${worker} (process ${workerd})`).join(', ');
  }).then(({ address }) => address);
  return opened;
}
