// Files that the application is known to have by their names, such as `styles.css`: an author adds and removes them while the
// development server runs. Vite and Cloudflare's plugin follow only those that they have read.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { normalizePath, type Plugin } from 'vite';
import { type Project, usualFiles } from './project.ts';

/** Local values of variables and secrets. Cloudflare's plugin follows their changes beside a wrangler file only. */
export const variables = '.dev.vars';

/**
 * Returns the plugin that starts the development server anew when the application has other files.
 *
 * @param read returns the application as it is now.
 */
export function namedFilesPlugin(project: () => Project, read: () => Project): Plugin {
  const isOther = () => {
    try {
      return JSON.stringify(read()) !== JSON.stringify(project());
    } catch {
      return true; // Vite says the mistake, and the server of before goes on.
    }
  };
  return {
    name: 'edgewise:named-files',
    apply: 'serve',
    configureServer(server) {
      server.watcher.on('all', (_event, file) => {
        if (normalizePath(path.dirname(file)) !== project().root) return;
        const name = path.basename(file);
        if (name === variables || (usualFiles.includes(name) && isOther())) void server.restart();
      });
    },
  };
}

/** Returns the plugin that puts the local variables beside each built Worker. Cloudflare's plugin does so beside a wrangler file only. */
export function variablesPlugin(project: () => Project): Plugin {
  return {
    name: 'edgewise:variables',
    sharedDuringBuild: true,
    generateBundle() {
      const { root, app, computes } = project();
      const file = path.join(root, variables);
      const worker = [app, ...computes].find(({ environment }) => environment === this.environment.name);
      if (!worker || worker.wrangler !== undefined || !existsSync(file)) return;
      this.emitFile({ type: 'asset', fileName: variables, source: readFileSync(file) });
    },
  };
}
