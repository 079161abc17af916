// Names to Tailwind what the style sheet has to have: the classes in the author's sources, and the icons that they name.

import { readFileSync } from 'node:fs';
import { normalizePath, type Plugin } from 'vite';
import { stylesOf } from './client-build.ts';
import { iconsIn, unknownIcons } from './icons.ts';
import type { Project } from './project.ts';
import { classesCall, sourceFolders, sourcesOf } from './sources.ts';

/** Classes with the name of a function or of a common word, which no component uses. Tailwind would take `ui.link` for one. */
const ambiguous =
  'avatar blur carousel collapse container contents drawer dropdown fab filter fixed footer inline invert isolate label link list menu outline prose resize ring stack static status sticky timeline tooltip transform underline visible !visible'.split(
    ' ',
  );

/** Returns the {@link ambiguous} classes that a source has: in a text of several words, or as the only word that is given as a class. */
export function classesIn(source: string): Set<string> {
  const several = source.matchAll(/(['"`])([a-z][\w:./%[\]()-]*(?: [a-z!-][\w:./%[\]()-]*)+)\1/g);
  const single = source.matchAll(/\bclass(?:Name)?(?:: ?|=)(['"`])(!?[\w-]+)\1/g);
  const given = [...source.matchAll(classesCall)].flatMap(([call]) => [...call.matchAll(/(['"`])(!?[\w-]+)\1/g)]);
  const words = new Set([...several, ...single, ...given].flatMap(([, , text = '']) => text.split(' ')));
  return new Set(ambiguous.filter((name) => words.has(name)));
}

/** Returns the plugin that names the author's sources to the style sheet. It runs before Tailwind's. */
export function stylesPlugin(project: () => Project): Plugin {
  return {
    name: 'edgewise:styles',
    enforce: 'pre',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === 'client',
    transform: {
      order: 'pre', // Also where the author has Tailwind's plugin before ours.
      filter: { id: /\.css(\?|$)/ },
      handler(code, id) {
        if (normalizePath(id.replace(/\?.*$/, '')) !== normalizePath(stylesOf(project()))) return undefined;
        const lines = [...sourceFolders(project())].map(
          (folder) => `@source ${JSON.stringify(normalizePath(folder))};`,
        );
        const icons = new Set<string>();
        const used = new Set<string>();
        for (const file of sourcesOf(project())) {
          const source = readFileSync(file, 'utf8');
          for (const name of iconsIn(source)) icons.add(name);
          for (const name of classesIn(source)) used.add(name);
          for (const name of unknownIcons(source)) {
            this.warn(`${file} names the icon '${name}', which does not exist. See https://lucide.dev/icons.`);
          }
        }
        lines.push(`@source not inline("{${ambiguous.filter((name) => !used.has(name)).join(',')},}");`);
        if (icons.size > 0) lines.push(`@source inline("lucide--{${[...icons].sort().join(',')},}");`);
        return { code: `${code}\n${lines.join('\n')}\n`, map: null };
      },
    },
  };
}
