// The client's files: what goes into them, how they are called, and what the manifest says of them.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin, Rolldown } from 'vite';
import { licenses } from './licenses.ts';
import type { ManifestState } from './manifest.ts';
import { exported, ownFile } from './package.ts';
import type { Project } from './project.ts';
import { follower } from './saves.ts';

/** Folder of every built file, below the root of the site. */
export const folder = '_edgewise';

/** The client's entry: the author's client module, then the framework's. */
const entry = '\0edgewise:client';

/** Returns the input of the client's build. */
export function clientInput(project: Project): Record<string, string> {
  return { client: 'virtual:edgewise/client', styles: stylesOf(project) };
}

/** Returns the path of the style sheet: the author's, or else the framework's. */
export function stylesOf(project: Project): string {
  return project.styles ?? exported('./styles.css');
}

/**
 * Returns the plugin that replaces Vite's helper of dynamic imports. This one loads style sheets and preloads no modules: the
 * document names those that a page needs at first.
 */
export function importHelperPlugin(): Plugin {
  return {
    name: 'edgewise:import-helper',
    enforce: 'pre',
    sharedDuringBuild: true,
    apply: 'build',
    applyToEnvironment: ({ name }) => name === 'client',
    load: { filter: { id: /^\0vite\/preload-helper\.js$/ }, handler: () => importHelper },
  };
}

const importHelper = `const sheets = {};
const load = (file) => (sheets[file] ??= new Promise((onload, onerror) => {
  if (document.querySelector('link[href$="' + file + '"]')) return onload();
  const href = new URL(file.split('/').pop(), import.meta.url);
  document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload, onerror }));
}));
export const __vitePreload = (importing, files) => Promise.all((files ?? []).map(load)).then(importing);
`;

/** Returns the plugin that makes the client's entry, and the manifest out of what was built. */
export function clientPlugin(project: () => Project, state: ManifestState): Plugin {
  let served = false;
  return {
    name: 'edgewise:client',
    enforce: 'pre',
    sharedDuringBuild: true,
    applyToEnvironment: ({ name }) => name === 'client',
    configResolved({ command }) {
      served = command === 'serve';
    },
    resolveId: { filter: { id: /^(virtual:edgewise\/client|\0edgewise:client)$/ }, handler: () => entry },
    load: {
      filter: { id: new RegExp(`^${entry}$`) },
      handler() {
        const { client } = project();
        const modules = [served && '/@vite/client', served && follower, client, exported('./client')].filter(
          (file) => !!file,
        );
        return modules.map((file) => `import ${JSON.stringify(file)};\n`).join('');
      },
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = Object.values(bundle);
        const text = licenses(packageFolders(files));
        const name = `${folder}/licenses-${hash([text]).slice(0, 8)}.txt`;
        this.emitFile({ type: 'asset', fileName: name, source: text });
        this.emitFile({ type: 'asset', fileName: '_headers', source: headers(this.environment.config.publicDir) });
        state.current = { ...manifestOf(files), licenses: `/${name}` };
      },
    },
  };
}

function manifestOf(files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]) {
  const chunks = new Map(files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])));
  const client = [...chunks.values()].find(({ facadeModuleId }) => facadeModuleId === entry);
  const styles = files.find((file) => file.type === 'asset' && file.names.includes('styles.css'));
  if (!client || !styles) throw new Error('The build of the client made no script or no style sheet.');
  const importsOf = (name: string, found = new Set<string>()) => {
    for (const imported of chunks.get(name)?.imports ?? []) {
      if (!found.has(imported)) importsOf(imported, found.add(imported));
    }
    return found;
  };
  const preload = importsOf(client.fileName);
  const first = new Set([client.fileName, ...preload]);
  const sheets = [...first].flatMap((name) => [...(chunks.get(name)?.viteMetadata?.importedCss ?? [])]);
  return {
    client: `/${client.fileName}`,
    preload: [...preload].map((name) => `/${name}`),
    styles: `/${styles.fileName}`,
    sheets: [...new Set(sheets)].filter((name) => name !== styles.fileName).map((name) => `/${name}`),
    build: hash(files.flatMap((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source])).slice(0, 12),
    chunks: partChunks([...chunks.values()], (name) => [name, ...importsOf(name)].filter((one) => !first.has(one))),
    served: false,
  };
}

/** Modules of the client's parts that are no components, by the names of the parts. */
const abilities = {
  sanitize: '+attributes',
  modifiers: '+modifiers',
  edits: '+edits',
  methods: '+methods',
  lifecycle: '+lifecycle',
};

/** Returns the files of each part of the client that is not in the first script. */
function partChunks(
  chunks: readonly Rolldown.OutputChunk[],
  filesOf: (name: string) => string[],
): Record<string, string[]> {
  const own = ownFile('client/');
  const parts = chunks.flatMap((chunk) =>
    chunk.moduleIds.flatMap((id): [string, string[]][] => {
      const inside = id.startsWith(own) ? id.slice(own.length) : '';
      const [, file] = /^(?:(?:components|dom|tree|parts)\/(?:\w+\/)?|(?=lifecycle\.))(\w+)\.\w+$/.exec(inside) ?? [];
      const files = file === undefined ? [] : filesOf(chunk.fileName);
      const name = abilities[file as keyof typeof abilities] ?? file;
      return files.length === 0 ? [] : [[name, files.map((each) => `/${each}`)]];
    }),
  );
  return Object.fromEntries(parts);
}

/** Returns the folders of the packages whose code is in the files. */
function packageFolders(files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[]): string[] {
  const ids = files.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
  const folders = ids.flatMap((id) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []);
  return [...new Set(folders)];
}

/** Returns the headers of the built files. A browser may store them forever, because a name with a hash never changes its content. */
function headers(publicDir: string): string {
  const own = publicDir && path.join(publicDir, '_headers');
  const author = own && existsSync(own) ? `${readFileSync(own, 'utf8').trimEnd()}\n\n` : '';
  const lines = ['Cache-Control: public, max-age=31536000, immutable', 'X-Content-Type-Options: nosniff'];
  return `${author}/${folder}/*\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function hash(parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}
