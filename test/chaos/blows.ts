// What happens to the servers, and when.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Servers } from './servers.ts';

/**
 * A kill (SIGKILL) of one process or of two, or of the whole process tree, which comes back after a pause; a deploy,
 * where another version comes back; a save, which reloads the application while it runs.
 */
export type Blow = 'app' | 'compute' | 'both' | 'tree' | 'deploy' | 'save';

export const isKill = (blow: Blow): boolean => blow !== 'save';

/** Kills in the order in which a longer run gets them. */
const cycle: readonly Blow[] = ['app', 'compute', 'tree', 'both', 'app', 'compute', 'deploy', 'app', 'compute', 'both'];

export interface PlannedBlow {
  readonly blow: Blow;
  /** The number of clicks after which it comes. */
  readonly mark: number;
}

/** Plans kills and, for each eight of them, a save: at random clicks, in random order. */
export function planBlows(chance: () => number, kills: number, clicks: number): readonly PlannedBlow[] {
  const blows = Array.from({ length: kills }, (_, index): Blow => cycle[index % cycle.length] ?? 'app');
  for (let save = 0; save < kills; save += 8) blows.push('save');
  const marks = blows.map(() => Math.floor(chance() * clicks)).sort((a, b) => a - b);
  return blows
    .map((blow) => ({ blow, key: chance() }))
    .sort((a, b) => a.key - b.key)
    .map(({ blow }, index) => ({ blow, mark: marks[index] ?? 0 }));
}

/** Returns how many attempts a blow may cost a job: the one of its Worker, and the one of its consumer in the app. */
export function lossesOf(blow: Blow): number {
  return blow === 'app' || blow === 'compute' || blow === 'save' ? 1 : 2;
}

/**
 * Strikes, and resolves when everything answers again.
 * @param pause the longest pause in milliseconds before a killed tree comes back.
 */
export async function strike(servers: Servers, blow: Blow, chance: () => number, pause: number): Promise<void> {
  switch (blow) {
    case 'app':
    case 'compute':
      await servers.kill(blow);
      await servers.ready();
      break;
    case 'both':
      await Promise.all([servers.kill('app'), servers.kill('compute')]);
      await servers.ready();
      break;
    case 'tree':
    case 'deploy':
      await servers.killTree();
      if (blow === 'deploy') await servers.save();
      // Short pauses are as frequent as long ones.
      await sleep(Math.min(pause, 500) * (pause / Math.min(pause, 500)) ** chance());
      await servers.restart();
      break;
    case 'save':
      await servers.save();
      // A kill may come before, during and after the reload.
      if (chance() < 0.3) {
        await sleep(chance() * 4_000);
        await servers.kill('app');
      }
      await servers.serves();
  }
}
