// Shortens the local names of packages and of the framework in a Worker. The author's own names stay, because a journal
// knows a handler by its code. Each module is shortened by itself, so what a name becomes depends on no other code.

import { minifySync, type Plugin } from 'vite';
import { isInstalled, isOwnModule } from './package.ts';

const keepNames = { function: true, class: true };
const options = {
  module: true,
  sourcemap: true,
  codegen: false,
  compress: { keepNames },
  mangle: { toplevel: false, keepNames },
} as const;

/** Returns the plugin that shortens names. */
export function shortNamesPlugin(): Plugin {
  return {
    name: 'edgewise:short-names',
    apply: 'build',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name !== 'client',
    transform: {
      // After TypeScript has become JavaScript.
      order: 'post',
      filter: { id: /\/node_modules\/.*\.[cm]?js$|\.tsx?$/ },
      handler(code, id) {
        // The framework's own are short already where it is a package.
        if (isOwnModule(id) ? isInstalled : !id.includes('/node_modules/')) return undefined;
        const { code: short, map, errors } = minifySync(id, code, options);
        const better = errors.length === 0 && map && short.length < code.length;
        return better ? { code: short, map } : undefined;
      },
    },
  };
}
