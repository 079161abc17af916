import { mayReload } from '../dom/index.ts';

/** Pauses between attempts, in milliseconds; the last one repeats. */
const pauses = [500, 2_000, 5_000, 15_000];

/**
 * Loads a chunk of the client. It retries without end, because the server may be away. When another build has taken the place of
 * this one, whose chunks are gone with it, the document loads again.
 *
 * @param failing is called at each failure but the first, which stays silent.
 */
export async function loadChunk<Module>(load: () => Promise<Module>, failing = () => {}): Promise<Module> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await load();
    } catch {
      if (attempt > 0) failing();
    }
    if ((await isReplaced()) && mayReload(Date.now())) location.reload();
    await new Promise((resolve) => setTimeout(resolve, pauses[Math.min(attempt, pauses.length - 1)]));
  }
}

/** Resolves to true when the server no longer has the file of this script, whose name is a hash of the build. */
async function isReplaced(): Promise<boolean> {
  try {
    return (await fetch(import.meta.url, { method: 'HEAD', cache: 'no-store' })).status === 404;
  } catch {
    return false;
  }
}
