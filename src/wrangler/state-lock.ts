// One run for each folder of state. Two runs would write the same databases, and each would remove the other's entries
// from the registry.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startOf } from './processes.ts';

/** The process that uses a folder. The time of its start tells it from a later process with the same number. */
interface Owner {
  readonly pid: number;
  readonly start: string;
}

/**
 * Claims a folder of state for this process, and returns a function that gives it back. A claim ends with its process,
 * whatever ends it.
 *
 * @param other what to do instead of stopping the other run, where there is something: `or …`.
 * @throws {Error} when another run has claimed the folder.
 */
export function claimState(folder: string, other = ''): () => void {
  const file = path.join(folder, 'running.json');
  mkdirSync(folder, { recursive: true });
  const self: Owner = { pid: process.pid, start: startOf(process.pid) ?? '' };
  for (;;) {
    try {
      // Fails where the file exists, so of two runs that begin at once only one claims the folder.
      writeFileSync(file, JSON.stringify(self), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = readOwner(file);
      if (owner && startOf(owner.pid) === owner.start) {
        throw new Error(
          `The state in ${folder} is in use by process ${owner.pid}, which runs this application already. ` +
            `Stop that run first${other && `, ${other}`}.`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  const release = () => {
    process.off('exit', release);
    if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}

/** Returns the running process that has claimed a folder, or undefined. */
export function ownerOf(folder: string): number | undefined {
  const owner = readOwner(path.join(folder, 'running.json'));
  return owner && startOf(owner.pid) === owner.start ? owner.pid : undefined;
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined; // The owner gave it back meanwhile, or was killed while it wrote.
  }
}
