// What the development server says of the author's saves.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer } from 'vite';
import { expect, test } from 'vitest';
import type { Mistakes } from '../../src/vite/mistakes.ts';
import type { Project } from '../../src/vite/project.ts';
import { savesPlugin } from '../../src/vite/saves.ts';

test('[TO3] a save that the file watcher leaves out, because it follows another one at once, is brought to the pages, too', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-saves-'));
  const main = path.join(folder, 'app.ts');
  const project = { root: folder, app: { environment: 'ssr', main } } as Project;
  const read: string[] = [];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  writeFileSync(main, 'first');
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    // The watcher reports what the test says.
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [
      savesPlugin(
        () => project,
        () => ({}) as Mistakes,
      ),
      {
        name: 'formatter',
        hotUpdate() {
          if (this.environment.name !== 'ssr') return;
          read.push(readFileSync(main, 'utf8'));
          if (read.at(-1) === 'formatted') resolve();
          else writeFileSync(main, 'formatted');
        },
      },
    ],
  });
  try {
    writeFileSync(main, 'saved');
    server.watcher.emit('change', main);
    await done;
    expect(read).toEqual(['saved', 'formatted']);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
