import { existsSync } from 'node:fs';
import path from 'node:path';
import { cloudflare, type PluginConfig } from '@cloudflare/vite-plugin';
import tailwindcss from '@tailwindcss/vite';
import { normalizePath, type Plugin, type PluginOption, type UserConfig, type ViteBuilder } from 'vite';
import { killVariable } from '../wrangler/index.ts';
import { clientInput, clientPlugin, folder, importHelperPlugin, stylesOf } from './client-build.ts';
import { computeProcessPlugins, developmentState } from './compute-process.ts';
import { crashesPlugin } from './crashes.ts';
import { devPagesPlugin } from './dev-pages.ts';
import { killAddress } from './kill.ts';
import { librariesPlugin } from './libraries.ts';
import { type BuiltManifest, type ManifestState, manifestPlugin, servedManifest } from './manifest.ts';
import { materialIconsPlugin } from './material-icons.ts';
import { Mistakes } from './mistakes.ts';
import { modernStylesPlugin } from './modern-styles.ts';
import { namedFilesPlugin, variablesPlugin } from './named-files.ts';
import type { EdgewiseOptions } from './options.ts';
import { exported, isInstalled, isOwnModule, ownFile, packageRoot } from './package.ts';
import { privateNamesPlugin } from './private-names.ts';
import { type Project, readProject } from './project.ts';
import { resolvePlugin } from './resolve.ts';
import { savesPlugin } from './saves.ts';
import { shortNamesPlugin } from './short-names.ts';
import { stylesPlugin } from './styles.ts';
import { type TaskRecord, TaskRecorder, taskRecordPlugin } from './task-record.ts';
import { UsedComponents, usedComponentsPlugin } from './used-components.ts';
import { variableNamesPlugin } from './variable-names.ts';
import { appConfig, computeConfig } from './worker-config.ts';
import { reportPlugin, workerEntryPlugin } from './worker-entry.ts';

/** Options of one run, which go before those of vite.config.ts. */
export interface EdgewiseRequest extends EdgewiseOptions {
  /** Folder of the application. @default the working directory */
  readonly folder?: string;
}

/** What other modules here ask the plugin once Vite has read its configuration. */
export interface PluginApi {
  /** Returns the absolute paths of the author's wrangler files. */
  wranglerFiles(): string[];
  /** Returns the manifest of the client that was built. */
  manifest(): BuiltManifest;
  /** Returns what the build has learned of tasks. */
  record(): TaskRecord;
}

declare module 'vite' {
  interface UserConfig {
    /** @internal */
    edgewise?: EdgewiseRequest;
  }
}

/**
 * The Vite plugin of an application: `plugins: [edgewise()]` is the whole configuration.
 * It brings Cloudflare's plugin, whose settings are {@link EdgewiseOptions.cloudflare}, and Tailwind's, unless the author's
 * configuration has it. It builds the client with the author's own modules and styles.
 *
 * @example
 * import { edgewise } from 'edgewise/vite';
 * import { defineConfig } from 'vite';
 *
 * export default defineConfig({ plugins: [edgewise()] });
 */
export function edgewise(options: EdgewiseOptions = {}): PluginOption[] {
  let found: Project | undefined;
  let read = (): Project => project();
  const project = () => {
    if (!found) throw new Error('The plugin edgewise() was used before Vite read its configuration.');
    return found;
  };
  const manifest: ManifestState = { current: undefined };
  let recorder: TaskRecorder | undefined;
  const tasks = () => (recorder ??= new TaskRecorder(project().root));
  // Cloudflare's plugin reads these after the hook below has filled them in.
  const workers: PluginConfig & { auxiliaryWorkers: NonNullable<PluginConfig['auxiliaryWorkers']> } = {
    ...options.cloudflare,
    viteEnvironment: { name: 'app' },
    persistState: { path: developmentState },
    auxiliaryWorkers: [],
  };

  const cloudflarePlugins = cloudflare(workers);
  const used = new UsedComponents();
  let mistakes: Mistakes | undefined;
  const open = () => {
    if (!mistakes) throw new Error('A mistake was noted before there was a development server.');
    return mistakes;
  };

  let apart = false;
  let classes: readonly string[] = [];
  const main: Plugin<PluginApi> = {
    name: 'edgewise',
    enforce: 'pre',
    sharedDuringBuild: true,
    async config(config, { command }) {
      const development = command === 'serve';
      if (hasOther(cloudflarePlugins, 'vite-plugin-cloudflare', config)) throw new Error(ownCloudflare);
      const { folder, ...request } = config.edgewise ?? {};
      const chosen = { ...options, ...request };
      const root = normalizePath(path.resolve(config.root ?? folder ?? process.cwd()));
      read = () => readProject(root, chosen);
      found = read();
      const { app, computes } = found;
      apart = development && chosen.together !== true && computes.length > 0;
      if (development) useRegistry(found);
      if (app.wrangler !== undefined) workers.configPath = app.wrangler;
      const vars = development ? { [killVariable]: await killAddress() } : undefined;
      workers.config = (given) => {
        const own = appConfig(project(), given, vars);
        const { bindings = [] } = own.durable_objects ?? given.durable_objects ?? {};
        classes = bindings.flatMap(({ class_name, script_name }) => (script_name === undefined ? [class_name] : []));
        return own;
      };
      workers.auxiliaryWorkers = (apart ? [] : computes).map((compute) => ({
        viteEnvironment: { name: compute.environment },
        ...(compute.wrangler !== undefined && { configPath: compute.wrangler }),
        config: () => computeConfig(compute, project()),
      }));
      return { ...viteConfig(found, used), ...servedFolder(found, config) };
    },
    api: {
      wranglerFiles: () => [project().app, ...project().computes].flatMap(({ wrangler }) => wrangler ?? []),
      manifest() {
        if (!manifest.current) throw new Error('The client was not built.');
        return manifest.current;
      },
      record: () => tasks().record,
    },
    configResolved({ base, command }) {
      if (!/^(\.?\/)?$/.test(base)) {
        throw new Error(`An application has its pages at '/', so remove Vite's option base; it was given '${base}'.`);
      }
      if (command === 'serve') manifest.current = servedManifest(`/@fs${stylesOf(project())}`);
    },
    configureServer(server) {
      mistakes = new Mistakes(server);
    },
  };

  const [computeFirst, computeLast] = computeProcessPlugins(project, () => apart, open);
  const own = [
    main,
    resolvePlugin(),
    manifestPlugin(manifest, () => project().app.main, used),
    workerEntryPlugin(project),
    reportPlugin(project, () => classes),
    clientPlugin(project, manifest),
    importHelperPlugin(),
    librariesPlugin(project),
    materialIconsPlugin(project),
    devPagesPlugin(project),
    stylesPlugin(project),
    modernStylesPlugin(project),
    taskRecordPlugin(tasks, () => project().app.environment),
    shortNamesPlugin(),
    privateNamesPlugin(),
    usedComponentsPlugin(used, () => project().app.environment),
    crashesPlugin(),
    variablesPlugin(project),
    computeFirst,
  ];
  return [
    variableNamesPlugin(),
    active(own),
    brought(tailwindcss({ optimize: false }), '@tailwindcss/vite'),
    brought(cloudflarePlugins, 'vite-plugin-cloudflare'),
    active([savesPlugin(project, open), namedFilesPlugin(project, () => read()), computeLast]),
  ];
}

function active(plugins: readonly Plugin[]): Plugin[] {
  return plugins.map((plugin) => ({ ...plugin, apply: applies(plugin.apply, () => true) }));
}

/**
 * Makes the Workers of this application find each other, and none of another application: by a registry beside their
 * state. Both names are read, one by wrangler and one by Cloudflare's plugin. Also leaves out the request for the data
 * of `request.cf`, because it waits where there is no network.
 */
function useRegistry({ root }: Project): void {
  const registry = path.resolve(root, developmentState, 'registry');
  process.env.WRANGLER_REGISTRY_PATH = registry;
  process.env.CLOUDFLARE_DEV_REGISTRY_PATH = registry;
  process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= 'false';
}

/** Returns the plugins, inactive where the author's configuration has plugins of that name. */
function brought(plugins: Plugin[], name: string): Plugin[] {
  for (const plugin of plugins) {
    plugin.apply = applies(plugin.apply, (config) => !hasOther(plugins, name, config));
  }
  return plugins;
}

/** Returns true when a configuration has plugins of this name beside these. */
function hasOther(plugins: readonly Plugin[], name: string, { plugins: all = [] }: UserConfig): boolean {
  const own = new Set<unknown>(plugins);
  const others = (all.flat(8) as unknown[]).filter((other) => !own.has(other));
  return others.some((other) => (other as Partial<Plugin> | null)?.name?.startsWith(name));
}

const ownCloudflare =
  'vite.config.ts has the plugin cloudflare() of its own, which does not know the Workers of edgewise(). Remove it. ' +
  'Its settings go into edgewise({ cloudflare: { inspectorPort: 9300 } }), and bindings into a wrangler file.';

/** Returns when a plugin is active: never in Vitest, where `edgewise/testing` runs the application in plain Node. */
function applies(before: Plugin['apply'], wanted: (config: UserConfig) => boolean): NonNullable<Plugin['apply']> {
  return (config, env) => {
    if (process.env.VITEST && env.mode === 'test') return false;
    const applied = typeof before === 'function' ? before(config, env) : (before ?? env.command) === env.command;
    return applied && wanted(config);
  };
}

/**
 * How Workers are minified: without white space, with all names. A journal knows a handler by the hash of its code, so a
 * name that depends on other code would end handlers that wait while another version is deployed.
 */
const minify = { codegen: true, compress: false, mangle: false } as const;
/** Nothing bundles a built Worker again, so what is said to bundlers goes. Licenses stay. */
const comments = { annotation: false, jsdoc: false, legal: true } as const;

/** Packages that only elements use, and that do nothing but define: an application without these elements leaves them out. */
const treeshake = {
  moduleSideEffects: [
    { test: /\/node_modules\/(marked|remend|sugar-high|htmlparser2|entities)\//, sideEffects: false },
  ],
};

/**
 * The framework's part of the first script is one chunk, because small ones would compress badly. What it exports without
 * using it itself is named first.
 */
const chunkGroups = [
  { name: 'attributes', test: (id: string) => isOwnModule(id) && /\/(sanitize|safe-url)\.\w+$/.test(id) },
  {
    name: 'core',
    tags: ['$initial' as const],
    test: (id: string) =>
      (isOwnModule(id) && !id.endsWith('.css')) || /\/node_modules\/preact\/|^\0vite\/preload-helper/.test(id),
  },
];

function viteConfig(project: Project, used: UsedComponents): UserConfig {
  return {
    root: project.root,
    // Tailwind resolves the imports of a style sheet by Vite's aliases alone.
    resolve: { alias: [{ find: /^edgewise\/styles\.css$/, replacement: exported('./styles.css') }] },
    ...(!isInstalled && { tsconfig: ownFile('src/vite/tsconfig.json') }),
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    server: { fs: { allow: [project.root, packageRoot] } },
    // Tailwind takes most of the time, which is no news.
    build: { rolldownOptions: { checks: { pluginTimings: false } } },
    builder: { buildApp: buildApp(project, used) },
    environments: {
      client: {
        build: {
          assetsDir: folder,
          target: 'es2022',
          cssTarget: ['chrome120', 'firefox128', 'safari17.2'],
          // The document names what a page needs at first; see `preloads`. A helper in the first script would cost 1 KB.
          modulePreload: false,
          rolldownOptions: {
            input: clientInput(project),
            // As in the package: importing the client starts it, and nothing else does anything.
            treeshake: { moduleSideEffects: (id: string) => !isOwnModule(id) || /\/client\/\w+\.\w+$/.test(id) },
            output: {
              // Because a constant of one use is then written where it is used.
              topLevelVar: false,
              hashCharacters: 'base36',
              entryFileNames: `${folder}/[name]-[hash].js`,
              chunkFileNames: `${folder}/[name]-[hash].js`,
              assetFileNames: `${folder}/[name]-[hash][extname]`,
              codeSplitting: { groups: chunkGroups, includeDependenciesRecursively: false },
            },
          },
        },
      },
      app: {
        build: { rolldownOptions: { output: { codeSplitting: false, minify, comments }, treeshake } },
        optimizeDeps: { entries: [project.app.main], exclude: isInstalled ? ['edgewise'] : [] },
      },
      ...Object.fromEntries(
        project.computes.map(({ environment }) => [
          environment,
          { build: { rolldownOptions: { output: { minify } } } },
        ]),
      ),
    },
  };
}

/**
 * Returns the folder of files that are served as they are, where the author's wrangler file names one.
 *
 * @throws {Error} with a sentence where Vite serves another folder.
 */
function servedFolder({ root, app, assets }: Project, { publicDir }: UserConfig): Pick<UserConfig, 'publicDir'> {
  if (assets === undefined) return {};
  const other = publicDir === false ? undefined : path.resolve(root, publicDir ?? 'public');
  if (other === undefined || other === assets) return { publicDir: assets };
  if (publicDir === undefined && !existsSync(other)) return { publicDir: assets };
  throw new Error(
    `${app.wrangler} serves the files of ${assets}, and Vite those of ${other}. Put them into one folder, and name it in one place.`,
  );
}

/** Returns the order of the build: the client first, because the application's Worker names its files. */
function buildApp({ app, computes }: Project, used: UsedComponents): (builder: ViteBuilder) => Promise<void> {
  return async (builder) => {
    used.forget();
    // The application twice: see used-components.ts.
    for (const name of [
      'client',
      app.environment,
      app.environment,
      ...computes.map(({ environment }) => environment),
    ]) {
      const environment = builder.environments[name];
      if (environment) await builder.build(environment);
    }
  };
}
