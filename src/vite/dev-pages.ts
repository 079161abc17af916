// Leaves the developers' pages out of the Worker that an author builds, because only the development server shows them.

import type { Plugin } from 'vite';
import { isInstalled, isOwnModule } from './package.ts';
import type { Project } from './project.ts';

/** Returns the plugin that leaves out the developers' pages. The builds of this repository run in development, too. */
export function devPagesPlugin(project: () => Project): Plugin {
  return {
    name: 'edgewise:dev-pages',
    enforce: 'pre',
    apply: 'build',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === project().app.environment,
    load: {
      filter: { id: /\/src\/app\/dev-pages\.\w+$/ },
      handler: (id) => (isInstalled && isOwnModule(id) ? 'export const devPages = [];' : undefined),
    },
  };
}
