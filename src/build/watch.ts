// Builds an application again when one of its files is saved.

import { existsSync, type FSWatcher, watch as watchFolder } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Build, type BuildRequest, build as buildNow } from './build.ts';

/** Milliseconds without a further change until a build begins: editors write a file in several steps. */
const quiet = 40;

/** Watches the files of a build, and builds again after each change. Returns a function that ends the watch. */
export function watch(
  request: BuildRequest,
  first: Build,
  log: (line: string) => void,
  build: (request: BuildRequest) => Promise<Build> = buildNow,
): () => void {
  const folders = new Map<string, FSWatcher>();
  let wanted = new Set<string>();
  /** The folder whose files are served as they are, each new one too, also in its folders; '' for none. */
  let served = '';
  /** Any file of the folders may be the one that a failed build lacked. */
  let failed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let ended = false;

  const follow = (built: Build) => {
    wanted = new Set([...built.inputs, ...built.candidates]);
    if (built.served !== '') wanted.add(built.served);
    const around = new Set([...wanted].map((file) => path.dirname(file)));
    served = existsSync(built.served) ? built.served : '';
    if (served !== '') around.add(served);
    for (const [folder, watcher] of folders) {
      if (around.has(folder)) continue;
      watcher.close();
      folders.delete(folder);
    }
    for (const folder of around) {
      if (folders.has(folder)) continue;
      const watcher = watchFolder(folder, { recursive: folder === served }, (_event, name) => {
        if (name === null || failed || folder === served || wanted.has(path.join(folder, name))) changed();
      });
      watcher.on('error', () => {}); // The folder is gone; a build that misses it says so.
      folders.set(folder, watcher);
    }
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(again);
    }, quiet);
  };
  const again = async () => {
    if (ended) return;
    const began = performance.now();
    try {
      // Because an editor may empty a file before it writes it.
      if (await hasEmpty(wanted)) await sleep(2 * quiet);
      const built = await build(request);
      failed = false;
      follow(built);
      if (built.fresh) log(`Built again in ${Math.round(performance.now() - began)} ms.`);
    } catch (error) {
      failed = true;
      log(`The build failed, so what runs stays as it was. ${(error as Error).message}`);
    }
  };

  follow(first);
  return () => {
    ended = true;
    clearTimeout(timer);
    for (const watcher of folders.values()) watcher.close();
  };
}

async function hasEmpty(files: Iterable<string>): Promise<boolean> {
  const sizes = await Promise.all(
    [...files].map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 1,
      ),
    ),
  );
  return sizes.includes(0);
}
