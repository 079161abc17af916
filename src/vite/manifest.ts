// The manifest as a virtual module. The framework imports `#manifest`. In a build it names the client's files. While
// Vite serves the modules, it names the addresses where Vite has them.

import { createHash } from 'node:crypto';
import type { Plugin, Rolldown } from 'vite';
import type { Manifest } from '../app/manifest.ts';
import { isOwnModule, ownModule } from './package.ts';
import type { UsedComponents } from './used-components.ts';

const id = '\0edgewise:manifest';

/** Holds the place of the hash of the Worker's code, which is known once the code is complete. As long as the hash. */
const codePlaceholder = '@@edgewise@@';

/**
 * While Vite serves the modules, sets the hash of the code, and notes what the author's module throws while it is loaded.
 * The Worker's entry imports it ahead of that module.
 */
export const stampId = '\0edgewise:stamp';

/** The module of the application's Worker that reports each update. */
export const reporter = ownModule('src/vite/reporter');

/** What the build of the client says. The hash of the Worker's code follows with the Worker. */
export type BuiltManifest = Omit<Manifest, 'code'>;

/** The manifest of the client's files, once they are built. */
export interface ManifestState {
  current: BuiltManifest | undefined;
}

/** Returns the plugin that answers imports of `#manifest`. */
export function manifestPlugin(state: ManifestState, main: () => string, used: UsedComponents): Plugin {
  return {
    name: 'edgewise:manifest',
    enforce: 'pre',
    sharedDuringBuild: true,
    resolveId: {
      filter: { id: /^(#manifest|\0edgewise:(manifest|stamp))$/ },
      handler: (source, importer) => (source.startsWith('\0') ? source : isOwnModule(importer) ? id : undefined),
    },
    load: {
      filter: { id: /^\0edgewise:(manifest|stamp)$/ },
      handler(wanted) {
        if (wanted === stampId) return stampSource(main());
        if (!state.current) throw new Error('The client was not built before the Worker that names its files.');
        if (state.current.served) return servedSource(state.current);
        const chunks = Object.entries(state.current.chunks).filter(([part]) => part.startsWith('+') || used.has(part));
        const manifest = { ...state.current, chunks: Object.fromEntries(chunks), code: codePlaceholder };
        return `export default ${JSON.stringify(manifest)};`;
      },
    },
    // Each save is a new build of the Worker: the modules that changed, and the stamp, which the manifest then shows.
    hotUpdate({ modules }) {
      const stamp = this.environment.moduleGraph.getModuleById(stampId);
      return stamp && modules.length > 0 ? [...modules, stamp] : undefined;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        stampCode(Object.values(bundle));
      },
    },
  };
}

/** The manifest reads its hash at each access, because the framework's modules stay while the author's are replaced. */
function servedSource(manifest: BuiltManifest): string {
  return [
    "let code = '';",
    'export const stamp = (next) => { code = next; };',
    `export default { ...${JSON.stringify(manifest)}, get code() { return code; } };`,
  ].join('\n');
}

let stamps = 0;

function stampSource(main: string): string {
  return [
    `import { stamp } from ${JSON.stringify(id)};`,
    `import { tryToLoad } from ${JSON.stringify(reporter)};`,
    `stamp(${JSON.stringify(`${Date.now().toString(36)}-${++stamps}`)});`,
    // As Vite compiles a static import, because a dynamic one passes through another object, and stacks are lost there.
    `await tryToLoad(() => __vite_ssr_import__(${JSON.stringify(main)}));`,
    '',
  ].join('\n');
}

/** Writes the hash of a Worker's code into it. */
function stampCode(bundle: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]): void {
  const chunks = bundle.filter((file) => file.type === 'chunk').filter(({ code }) => code.includes(codePlaceholder));
  if (chunks.length === 0) return;
  const sum = createHash('sha256');
  for (const file of bundle) if (file.type === 'chunk') sum.update(file.fileName).update('\0').update(file.code);
  const code = sum.digest('hex').slice(0, codePlaceholder.length);
  for (const chunk of chunks) chunk.code = chunk.code.replaceAll(codePlaceholder, code);
}

/** Returns the manifest while Vite serves the modules. */
export function servedManifest(styles: string): BuiltManifest {
  return {
    client: '/@id/__x00__edgewise:client',
    preload: [],
    styles,
    sheets: [],
    licenses: '',
    build: 'served',
    chunks: {},
    served: true,
  };
}
