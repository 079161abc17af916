// An application has one copy of the framework: the one whose plugin builds it. So `edgewise` always leads there, also
// from a folder that has installed nothing.

import type { Plugin } from 'vite';
import { exported } from './package.ts';

/** Returns the plugin that resolves the framework's own entry points. */
export function resolvePlugin(): Plugin {
  return {
    name: 'edgewise:resolve',
    enforce: 'pre',
    sharedDuringBuild: true,
    resolveId: {
      filter: { id: /^edgewise(\/(compute|client|styles\.css))?$/ },
      handler(source, importer) {
        const file = exported(`.${source.slice('edgewise'.length)}`);
        // In development, Vite adds a version to the address of an installed module. The client's entry, which names the file, gets
        // it there; so an author's module needs it too, or the browser runs the client twice.
        return this.environment.name === 'client' ? this.resolve(file, importer, { skipSelf: true }) : file;
      },
    },
  };
}
