// Ends a workerd whose Workers compute for longer than they may. A local workerd has no limits, so an endless loop would
// stop every task of its process for ever. The platform would end the Worker.

import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTimeOf } from './processes.ts';

/** CPU time of a call in milliseconds where `limits.cpu_ms` says nothing, as on the platform. */
export const usualCpuLimit = 30_000;
/** Pause between two checks, in milliseconds. */
const pause = 500;
/** CPU time of a pause, in milliseconds, below which a workerd is at rest and is not asked. */
const rest = 20;

export interface Computing {
  /** Returns the workerd; undefined while there is none. */
  workerd(): number | undefined;
  /** Resolves when the server has answered, however late, or is gone. */
  answered(): Promise<void>;
  /** Most CPU time between two answers, in milliseconds. */
  readonly limit: number;
}

/**
 * Kills each workerd that computes for longer than the limit without an answer, and calls `killed`. A busy workerd answers
 * between the slices of its tasks. One that a debugger has stopped uses no CPU time. Ends once `stopped` returns true.
 */
export async function limitCpu(
  { workerd, answered, limit }: Computing,
  stopped: () => boolean,
  killed: () => void,
): Promise<void> {
  let before: { readonly pid: number; readonly time: number } | undefined;
  for (; !stopped(); await sleep(pause, undefined, { ref: false })) {
    const pid = workerd();
    const began = pid === undefined ? undefined : cpuTimeOf(pid);
    if (pid === undefined || began === undefined) continue;
    const busy = before?.pid === pid && began - before.time >= rest;
    before = { pid, time: began };
    if (!busy) continue;
    let over = false;
    const answer = answered().then(() => {
      over = true;
    });
    while (!over && !stopped()) {
      await Promise.race([answer, sleep(pause, undefined, { ref: false })]);
      const now = cpuTimeOf(pid);
      if (over || now === undefined) break;
      if (now - began < limit) continue;
      try {
        process.kill(pid, 'SIGKILL');
        killed();
      } catch {
        // It has ended meanwhile.
      }
      break;
    }
  }
}
