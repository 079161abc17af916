// Saves while the development server runs. After one, the application's Worker says whether its modules could be loaded.
// If so, the open pages say hello again, which brings them to the new code. If not, the code of before goes on, and the
// pages show the author's mistake until it is mended. The Worker's side is reporter.ts.

import { statSync } from 'node:fs';
import { type DevEnvironment, type EnvironmentModuleNode, normalizePath, type Plugin, type ViteDevServer } from 'vite';
import type { Mistakes } from './mistakes.ts';
import { ownModule } from './package.ts';
import type { Project } from './project.ts';
import type { SaveFailure } from './reporter.ts';

/** The module of a page that follows the saves. */
export const follower = ownModule('client/development');

/** Milliseconds for which an empty file may be one that its editor is about to write. */
const longestWrite = 500;

/** Milliseconds for which Vite's watcher says nothing more about a file, and some to spare. */
const unwatched = 100;

/** Milliseconds that pages have to show a save before their styles are made. */
const pagesFirst = 100;

/** Milliseconds after which styles wait no longer for the Worker. */
const longestUpdate = 2_000;

/** Returns the plugin that brings each save to the open pages. */
export function savesPlugin(project: () => Project, mistakes: () => Mistakes): Plugin {
  const styles = new LaterStyles();
  const quick = new QuickSaves();
  /** Saves whose update is not sent yet. */
  let coming = 0;
  return {
    name: 'edgewise:saves',
    apply: 'serve',
    hotUpdate: {
      order: 'pre',
      async handler({ file, type, modules, server }) {
        coming++;
        if (type === 'update') await written(file);
        coming--;
        const { client, [project().app.environment]: worker } = server.environments;
        if (this.environment === client) quick.follow(file, server);
        if (this.environment !== client || !worker?.moduleGraph.getModulesByFile(normalizePath(file))) return undefined;
        return styles.postpone(client, modules);
      },
    },
    configureServer(server) {
      const { app } = project();
      const worker = server.environments[app.environment];
      worker?.hot.on('edgewise:updated', (thrown: SaveFailure | null) => {
        // The pages' frames travel through this process.
        setTimeout(() => styles.send(), pagesFirst);
        if (thrown) mistakes().show('app', thrown);
        else mistakes().mended('app');
      });
      // The session has logged it, and its pages wait for the next version.
      worker?.hot.on('edgewise:threw', (thrown: SaveFailure) => mistakes().show('app', thrown, true));
      // An event has loaded the modules before the update did, which then says nothing of what they threw.
      worker?.hot.on('edgewise:stale', () => {
        if (mistakes().has('app') || coming > 0) return;
        const main = worker.moduleGraph.getModulesByFile(normalizePath(app.main));
        for (const module of main ?? []) void worker.reloadModule(module);
      });
      // What the Worker said while the server was being made, nobody has heard.
      server.httpServer?.once('listening', () => worker?.hot.send('edgewise:listening'));
    },
  };
}

/**
 * Style sheets whose classes a module of the application names. Making one keeps Vite busy for longer than all else that
 * follows a save, so it waits until the Worker has its modules.
 */
class LaterStyles {
  #waiting: (() => void)[] = [];

  /** Returns the modules that need not wait. */
  postpone(client: DevEnvironment, modules: readonly EnvironmentModuleNode[]): EnvironmentModuleNode[] {
    // Tailwind makes each source that it reads a file which the style sheet imports.
    const styles = modules.filter(
      ({ importers }) => importers.size > 0 && [...importers].every(({ type }) => type === 'css'),
    );
    if (styles.length > 0 && this.#waiting.length === 0) setTimeout(() => this.send(), longestUpdate);
    for (const style of styles) this.#waiting.push(() => void client.reloadModule(style));
    return modules.filter((module) => !styles.includes(module));
  }

  send(): void {
    for (const send of this.#waiting.splice(0)) send();
  }
}

/**
 * Saves that follow another one at once, such as those of a formatter. Vite has read the file of before, and its watcher
 * leaves them out.
 */
class QuickSaves {
  /** What each saved file was like before Vite read it. */
  readonly #read = new Map<string, string | undefined>();

  /** Reports the next save of a file that is about to be read, if the watcher does not. */
  follow(file: string, { watcher }: ViteDevServer): void {
    this.#read.set(file, stateOf(file));
    setTimeout(() => {
      const now = stateOf(file);
      if (now === undefined || now === this.#read.get(file)) return;
      watcher.emit('change', file);
      watcher.emit('all', 'change', file);
    }, unwatched);
  }
}

/** Returns what is another after each save of a file, or undefined for a file that is gone. */
function stateOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

/** Waits until a file has a content, because some editors empty a file before they write it. */
export async function written(file: string): Promise<void> {
  for (const until = Date.now() + longestWrite; Date.now() < until; ) {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 1) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
