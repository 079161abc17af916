// Leaves in the Worker those names of Material icons that the application has, because there are a thousand.

import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { materialIcons } from '../elements/icon-names.ts';
import { isOwnModule } from './package.ts';
import type { Project } from './project.ts';
import { sourcesOf } from './sources.ts';

/** Returns the plugin that leaves in the Worker those names of Material icons that a source of the application has. */
export function materialIconsPlugin(project: () => Project): Plugin {
  return {
    name: 'edgewise:material-icons',
    enforce: 'pre',
    apply: 'build',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === project().app.environment,
    load: {
      filter: { id: /\/src\/elements\/material-icons\.\w+$/ },
      handler(id) {
        if (!isOwnModule(id)) return undefined;
        const words = new Set(
          sourcesOf(project()).flatMap((file) => readFileSync(file, 'utf8').match(/[\w-]+/g) ?? []),
        );
        const used = materialIcons.split(/\s+/).flatMap((names) => {
          const [lucide, ...material] = names.split(',');
          const found = material.filter((name) => words.has(name));
          return found.length > 0 ? [`${lucide},${found}`] : [];
        });
        return `export const materialIcons = ${JSON.stringify(used.join(' '))};`;
      },
    },
  };
}
