// Files of earlier builds that stay beside those of the present one, because pages of those builds are open and ask for them.

import { removeOthers } from '../wrangler/index.ts';

/** Names of files, and when each was last part of a build, in milliseconds since 1970. */
export type EarlierFiles = Readonly<Record<string, number>>;

/** The files of a build, and those of earlier builds beside them. */
export interface BuiltFiles {
  readonly files: readonly string[];
  readonly earlier: EarlierFiles;
}

/** Milliseconds for which pages may ask a deployment for the files of earlier builds: a week. */
const span = 7 * 24 * 60 * 60_000;

/** A file of the browser, whose name has a hash of its content. */
const lasting = /^client\/_edgewise\//;

/**
 * Removes the files of earlier builds from a folder, and returns those that stay. Those of the build just before all do, because a
 * server may still run it. Of a release, the browser's stay for a week, because several builds may lie between two deployments.
 */
export async function removeEarlier(
  folder: string,
  before: BuiltFiles | undefined,
  files: readonly string[],
  now: number,
  release: boolean,
): Promise<EarlierFiles> {
  const earlier = before ? staying(before, new Set(files), now, release) : {};
  await removeOthers(folder, new Set([...files, ...Object.keys(earlier), 'build.json']));
  return earlier;
}

function staying(before: BuiltFiles, present: ReadonlySet<string>, now: number, release: boolean): EarlierFiles {
  // Secrets are gone when their file is.
  const replaced = before.files.filter((name) => !present.has(name) && !name.endsWith('/.dev.vars'));
  if (replaced.length === 0 && before.files.length === present.size) return before.earlier;
  const older = Object.entries(before.earlier).filter(
    ([name, last]) => release && lasting.test(name) && !present.has(name) && now - last < span,
  );
  return Object.fromEntries([...older, ...replaced.map((name) => [name, now] as const)]);
}
