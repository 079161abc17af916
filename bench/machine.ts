// Where and with what a part was measured.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import path from 'node:path';

/** Returns a description of the machine, without its name. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'an unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores of ${model}, ${memory} GB of memory, ${platform()} ${arch()}`;
}

/** Returns the versions of what every part runs on, and of the peers. */
export async function versions(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const read = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as { version: string };
  const peers = path.join(import.meta.dirname, 'peers');
  const nicegui = await readFile(path.join(peers, 'nicegui/requirements.txt'), 'utf8');
  const agents = JSON.parse(await readFile(path.join(peers, 'agents/package.json'), 'utf8')) as {
    dependencies: { agents: string };
  };
  return {
    Edgewise: (await read(path.join(import.meta.dirname, '../package.json'))).version,
    Node: process.versions.node,
    workerd: (await read(require.resolve('workerd/package.json'))).version,
    NiceGUI: /nicegui==(\S+)/.exec(nicegui)?.[1] ?? '',
    'Agents SDK': agents.dependencies.agents,
  };
}
