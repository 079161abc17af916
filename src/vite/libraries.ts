// Gives elements that are drawn by a library the library, where the application uses such an element and has its packages.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { isOwnModule } from './package.ts';
import type { Project } from './project.ts';
import { sourcesOf } from './sources.ts';

interface Library {
  /** The function of `ui` that uses it. */
  readonly element: string;
  readonly packages: readonly string[];
  /** Packages with the same default export as its only package. The first one that is installed is taken. @default none */
  readonly rather?: readonly string[];
}

/** What each module of client/libraries needs. */
const libraries: Readonly<Record<string, Library>> = {
  echarts: { element: 'echart', packages: ['echarts'] },
  uplot: { element: 'linePlot', packages: ['uplot'] },
  codemirror: {
    element: 'codemirror',
    packages: ['codemirror', '@codemirror/state', '@codemirror/language-data', '@codemirror/theme-one-dark'],
  },
  plotly: {
    element: 'plotly',
    packages: ['plotly.js-basic-dist-min'],
    rather: ['plotly.js-strict-dist-min', 'plotly.js-dist-min', 'plotly.js-cartesian-dist-min'],
  },
  xterm: { element: 'xterm', packages: ['@xterm/xterm', '@xterm/addon-fit'] },
  leaflet: { element: 'leaflet', packages: ['leaflet'] },
};

/**
 * Returns the plugin that leaves out the libraries that no source of the application uses. Where a package is not installed,
 * the page shows a sentence that says so.
 */
export function librariesPlugin(project: () => Project): Plugin {
  let served = false;
  return {
    name: 'edgewise:libraries',
    enforce: 'pre',
    sharedDuringBuild: true,
    configResolved({ command }) {
      served = command === 'serve';
    },
    load: {
      filter: { id: /\/client\/libraries\/\w+\.\w+$/ },
      async handler(id) {
        const library = isOwnModule(id) && libraries[path.basename(id).replace(/\.\w+$/, '')];
        if (!library) return undefined;
        const { element, packages, rather = [] } = library;
        // The Worker draws none of them.
        if (this.environment.name !== 'client') return 'export {};';
        if (!served && !isUsed(project(), element))
          return without(`The build has found no ui.${element} in the sources.`);
        for (const name of rather) {
          if (await this.resolve(name, id)) return readFileSync(id, 'utf8').replace(packages[0] ?? name, name);
        }
        const found = await Promise.all(packages.map((name) => this.resolve(name, id)));
        // Vite resolves an optional peer that is not installed to a module that throws.
        const missing = packages.filter(
          (_, index) => found[index]?.id.startsWith('__vite-optional-peer-dep') !== false,
        );
        if (missing.length === 0) return undefined;
        const sentence = `ui.${element} needs ${missing.length === 1 ? 'the package' : 'the packages'} ${missing.join(', ')}. Install ${missing.length === 1 ? 'it' : 'them'}: npm install ${missing.join(' ')}`;
        this.warn(sentence);
        return without(sentence);
      },
    },
  };
}

function without(sentence: string): string {
  return `export const missing = ${JSON.stringify(sentence)};`;
}

/** Returns true when a source of the application calls the function of `ui`. */
function isUsed(project: Project, element: string): boolean {
  const call = new RegExp(`\\b${element}\\b`);
  return sourcesOf(project).some((file) => call.test(readFileSync(file, 'utf8')));
}
