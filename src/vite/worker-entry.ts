// The module that the application's Worker begins with. It imports the author's module and adds the Durable Object
// classes where the author does not export them.

import type { Plugin } from 'vite';
import { reporter, stampId } from './manifest.ts';
import type { Project } from './project.ts';
import { follower } from './saves.ts';
import { workerEntry } from './worker-config.ts';

const id = `\0${workerEntry}`;

/** Returns the plugin that answers the import of {@link workerEntry}. */
export function workerEntryPlugin(project: () => Project): Plugin {
  let served = false;
  return {
    name: 'edgewise:worker-entry',
    configResolved({ command }) {
      served = command === 'serve';
    },
    enforce: 'pre',
    sharedDuringBuild: true,
    resolveId: { filter: { id: new RegExp(`^${workerEntry}$`) }, handler: () => id },
    load: { filter: { id: new RegExp(`^${id}$`) }, handler: () => source(project().app.main, served) },
  };
}

/**
 * Returns the plugin that has the application's Worker report its saves. The report begins in the module that Cloudflare's
 * plugin loads before the author's, which may fail.
 *
 * @param classes returns the names of the Durable Object classes that the Worker has to have.
 */
export function reportPlugin(project: () => Project, classes: () => readonly string[]): Plugin {
  return {
    name: 'edgewise:report',
    apply: 'serve',
    applyToEnvironment: ({ name }) => name === project().app.environment,
    transform: {
      filter: { id: /^\0virtual:cloudflare\/export-types$/ },
      handler(code) {
        const args = [project().app.environment, classes(), `/@fs${follower}`].map((arg) => JSON.stringify(arg));
        return `import { report } from ${JSON.stringify(reporter)};\nreport(${args.join(', ')});\n${code}`;
      },
    },
  };
}

function source(main: string, served: boolean): string {
  const file = JSON.stringify(main);
  return [
    ...(served ? [`import ${JSON.stringify(stampId)};`] : []),
    `import * as author from ${file};`,
    `export * from ${file};`,
    'const classOf = (name) => author[name] ?? author.default?.[name];',
    'export default author.default;',
    `if (!classOf('Session')) throw new Error(${JSON.stringify(noApp(main))});`,
    "export const Session = classOf('Session');",
    "export const Shared = classOf('Shared');",
    '',
  ].join('\n');
}

/** Says what a module lacks that exports no application. Without this, the development server would start anew. */
function noApp(main: string): string {
  return `${main} exports no application. Write: export default app; where app is a new App().`;
}
