// Notices a server that runs and answers nothing. Wrangler replaces a workerd that dies, but not when its proxy dies too.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTimeOf, workerdOf } from './processes.ts';

/** Pause between two checks, in milliseconds. */
const pause = 1_500;
/** Silent checks in a row until a server counts as silent. Wrangler needs less to replace a workerd. */
const strikes = 3;
/** CPU time of a check, in milliseconds, from which a server that does not answer is busy. */
const busy = 200;

export interface Watched {
  /** The `wrangler dev` process. */
  readonly pid: number;
  readonly port: number;
  /** Returns whether the server answered within two seconds. Absent for a server that answers no requests of the web. */
  readonly answers?: () => Promise<boolean>;
}

/** Resolves when the server has been silent for some seconds. Never resolves once `stopped` returns true. */
export async function silence({ pid, port, answers }: Watched, stopped: () => boolean): Promise<void> {
  for (let silent = 0; silent < strikes; ) {
    await sleep(pause, undefined, { ref: false });
    if (stopped()) return new Promise(() => {});
    silent = (await isSilent(pid, port, answers)) ? silent + 1 : 0;
  }
}

async function isSilent(pid: number, port: number, answers: Watched['answers']): Promise<boolean> {
  const workerd = workerdOf(pid, port);
  if (workerd === undefined || !(await accepts(port))) return true;
  if (!answers) return false;
  const before = cpuTimeOf(workerd);
  if (await answers()) return false;
  // A handler that computes answers nothing either, and ends by itself.
  const after = cpuTimeOf(workerd);
  return before !== undefined && after !== undefined && after - before < busy;
}

/** Returns true when something accepts connections on the port. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}
