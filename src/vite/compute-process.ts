// The compute Workers during development: for each a `wrangler dev` in a process group of its own. One workerd has one
// thread, so a busy task in the application's process would stop every page, and in that of another Worker its tasks.

import path from 'node:path';
import {
  createBuilder,
  createLogger,
  type InlineConfig,
  normalizePath,
  type Plugin,
  type Rolldown,
  type ViteDevServer,
} from 'vite';
import { type BundledFile, isNews, type RunnableWorker, WranglerServer, writeBuilt } from '../wrangler/index.ts';
import { filesOf } from './built.ts';
import type { Mistakes } from './mistakes.ts';
import { variables } from './named-files.ts';
import type { Project } from './project.ts';
import { written } from './saves.ts';

/** Folder of the compute Workers' builds during development, below the root. */
const outDir = '.wrangler/edgewise';

/** Folder of objects, R2 and the registry during development, below the root. */
export const developmentState = '.wrangler/state';

/** The running processes by the folder of their application. Not of this module, which Vite may load again when it starts anew. */
const scope = globalThis as { [key: symbol]: Map<string, ComputeProcess> | undefined };
const processes = (scope[Symbol.for('edgewise.compute')] ??= new Map());

/**
 * Returns the plugins that run the compute Workers beside the development server. The first one starts them. The last
 * one waits until they answer, so the plugins between them start the application meanwhile.
 *
 * A development server that starts anew, after a crash of the application's workerd or a change of its configuration,
 * takes over the process that runs: so the jobs of the compute Workers run on.
 *
 * @param apart false where the compute Workers run in the application's process.
 */
export function computeProcessPlugins(
  project: () => Project,
  apart: () => boolean,
  mistakes: () => Mistakes,
): [first: Plugin, last: Plugin] {
  let running: ComputeProcess | undefined;
  let started: Promise<void> | undefined;
  return [
    {
      name: 'edgewise:compute-process',
      apply: 'serve',
      configureServer(server) {
        if (!apart()) return;
        const before = processes.get(project().root);
        if (before?.runs(project())) {
          running = before;
          return;
        }
        running = new ComputeProcess(project());
        processes.set(project().root, running);
        running.follow(server, mistakes());
        started = Promise.resolve(before?.stop()).then(() => running?.start());
      },
      async closeServer() {
        if (running?.follows(mistakes())) await running.stop();
      },
    },
    {
      name: 'edgewise:compute-ready',
      apply: 'serve',
      async configureServer(server) {
        await started;
        running?.follow(server, mistakes());
      },
    },
  ];
}

/** Builds the compute Workers, runs them, and builds them again when one of their modules changes. */
class ComputeProcess {
  readonly #project: Project;
  #server: ViteDevServer | undefined;
  #mistakes: Mistakes | undefined;
  /** One for each Worker; empty while none runs. */
  #servers: readonly WranglerServer[] = [];
  /** The files of the last build, one of which has to change for another build. Undefined after one that failed. */
  #modules: ReadonlySet<string> | undefined;
  /** The last build and start. Each waits for the one before. */
  #work: Promise<void> = Promise.resolve();
  /** True when the last build has not begun. */
  #waiting = false;
  /** The files that were saved since the last build began. */
  readonly #saved = new Set<string>();
  #stopped = false;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Returns true when the process has the compute Workers of an application. */
  runs({ computes }: Project): boolean {
    return JSON.stringify(computes) === JSON.stringify(this.#project.computes);
  }

  /** Follows the saves that a development server sees, from now on those of this one only. */
  follow(server: ViteDevServer, mistakes: Mistakes): void {
    this.#server?.watcher.off('all', this.#changed);
    this.#server = server;
    this.#mistakes = mistakes;
    server.watcher.on('all', this.#changed);
    this.#watch();
  }

  /** Has the server see the saves of modules outside of its folder, such as those of another package of a workspace. */
  #watch(): void {
    const { root } = this.#project;
    const outside = (file: string) => path.isAbsolute(file) && !file.startsWith(`${root}/`) && isSource(root, file);
    this.#server?.watcher.add([...(this.#modules ?? [])].filter(outside));
  }

  follows(mistakes: Mistakes): boolean {
    return this.#mistakes === mistakes;
  }

  /** Builds and starts. A mistake of the author's is shown, and the next save tries again. */
  start(): Promise<void> {
    process.on('exit', this.#killGroup);
    return this.#renew();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#server?.watcher.off('all', this.#changed);
    if (processes.get(this.#project.root) === this) processes.delete(this.#project.root);
    await this.#work;
    await Promise.all(this.#servers.map((server) => server.stop()));
    process.off('exit', this.#killGroup);
  }

  readonly #killGroup = () => {
    for (const server of this.#servers) server.killGroup();
  };

  readonly #changed = (_event: string, file: string) => {
    const changed = normalizePath(file);
    const { configFileDependencies = [] } = this.#server?.config ?? {};
    const read = this.#modules ? this.#modules.has(changed) : isSource(this.#project.root, changed);
    const settings = [...configFileDependencies, path.posix.join(this.#project.root, variables)];
    if (read || settings.includes(changed)) void this.#renew(file);
  };

  /** Builds again, and starts what does not run. A build that has not begun does so with all saves until then. */
  #renew(saved?: string): Promise<void> {
    if (saved !== undefined) this.#saved.add(saved);
    if (this.#waiting) return this.#work;
    this.#waiting = true;
    this.#work = this.#work.then(async () => {
      const saves = [...this.#saved];
      this.#saved.clear();
      this.#waiting = false;
      if (this.#stopped) return;
      try {
        await Promise.all(saves.map(written));
        const { workers, changed } = await this.#build();
        // Before the start, which takes seconds in which the author would look at a mistake that is mended.
        if (this.#mistakes?.has('compute')) this.#mistakes.mended('compute');
        if (this.#servers.length === 0) await this.#run(workers);
        else if (changed) this.#log('built again');
      } catch (error) {
        this.#modules = undefined;
        this.#mistakes?.show('compute', error as Error);
      }
    });
    return this.#work;
  }

  async #run(workers: readonly RunnableWorker[]): Promise<void> {
    const { root } = this.#project;
    const state = path.join(root, developmentState);
    const servers = workers.map(
      (worker) =>
        new WranglerServer({
          name: 'compute',
          workers: [worker],
          cwd: root,
          persist: state,
          registry: path.join(state, 'registry'),
          vars: {},
          supervise: true,
          log: (_server, line) => {
            if (isNews(line)) this.#log(line);
          },
        }),
    );
    this.#servers = servers;
    try {
      await Promise.all(servers.map((server) => server.start()));
    } catch (error) {
      this.#servers = [];
      await Promise.all(servers.map((server) => server.stop()));
      throw error;
    }
  }

  #log(line: string): void {
    this.#server?.config.logger.info(`[compute] ${line}`, { timestamp: true });
  }

  async #build(): Promise<{ readonly workers: readonly RunnableWorker[]; readonly changed: boolean }> {
    const { root, computes } = this.#project;
    if (!this.#server) throw new Error('The compute Workers follow no development server.');
    const { configFile, mode, inlineConfig } = this.#server.config;
    const customLogger = createLogger('warn');
    customLogger.error = () => {}; // Because the build throws the same.
    const config: InlineConfig = {
      ...inlineConfig,
      root,
      mode,
      configFile: configFile ?? false,
      logLevel: 'warn',
      customLogger,
      build: { outDir, write: false },
    };
    const builder = await createBuilder(config);
    const modules = new Set<string>();
    const files: BundledFile[] = [];
    for (const { environment: name } of computes) {
      const environment = builder.environments[name];
      if (!environment) throw new Error(`The build has no environment '${name}' for a compute Worker.`);
      const built = (await builder.build(environment)) as Rolldown.RolldownOutput;
      for (const file of built.output) if (file.type === 'chunk') for (const id of file.moduleIds) modules.add(id);
      // Empty where there is none, because nothing else removes that of an earlier build.
      files.push(...new Map([[`${name}/${variables}`, ''], ...filesOf(name, built)]));
    }
    const { workers, changed } = await writeBuilt(path.resolve(root, outDir), files);
    this.#modules = modules;
    this.#watch();
    return { workers: Object.values(workers), changed };
  }
}

/** Returns true for a file that an author writes, false for those of packages, builds and the state. */
function isSource(root: string, file: string): boolean {
  return !/(^|\/)(\.(?!\.)|node_modules\/|dist\/)/.test(path.posix.relative(normalizePath(root), file));
}
