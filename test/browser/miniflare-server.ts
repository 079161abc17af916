// A server whose workerd Miniflare starts from this process, as it does in the process of a `wrangler dev`. A start takes a
// quarter of the processor time, because wrangler loads itself anew in each of its processes. A workerd that is killed is
// replaced by the same code, with the same state.

import { readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4ModuleDefinition,
  type V4WorkerOptions,
} from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import {
  descendants,
  freePort,
  isAlive,
  type RunnableWorker,
  type ServerClass,
  type ServerOptions,
  waitUntil,
} from '../../src/wrangler/index.ts';

const moduleTypes: Readonly<Record<string, V4ModuleDefinition['type']>> = {
  '.js': 'ESModule',
  '.wasm': 'CompiledWasm',
};

export class MiniflareServer implements InstanceType<ServerClass> {
  readonly name: string;
  port: number;
  readonly pid = process.pid;
  readonly #options: ServerOptions;
  #miniflare: Miniflare | undefined;
  /** Resolves when the last killed workerd has been replaced. */
  #replaced: PromiseWithResolvers<void> | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.name = options.name;
    this.port = options.port ?? 0;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get workerd(): number {
    const pid = this.#findWorkerd();
    if (pid === undefined)
      throw new Error(`The ${this.name} server has no workerd: it was killed. Await ready() first.`);
    return pid;
  }

  async start(): Promise<void> {
    const { workers, persist, registry, vars, log } = this.#options;
    await mkdir(registry, { recursive: true });
    this.port ||= await freePort();
    const options = convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: this.port,
      cf: false,
      telemetry: { enabled: false },
      logRequests: false,
      log: new Lines((line) => log(this.name, line)),
      handleStructuredLogs: ({ message }) => {
        for (const line of message.split('\n')) log(this.name, line);
      },
      unsafeDevRegistryPath: registry,
      unsafeHandleRuntimeRestart: () => this.#replaced?.resolve(),
      resourcePersistencePath: persist,
      workers: workers.map((worker) => workerOptions(worker, vars)),
    });
    for (let more = 3; ; more--) {
      this.#miniflare = new Miniflare(options);
      try {
        await this.#miniflare.ready;
        return;
      } catch (error) {
        // To dispose of one that has not started says again why.
        await this.stop().catch(() => {});
        // Two servers open the files of their state at the same moment, and SQLite refuses one: see `WranglerServer.start`.
        if (more === 0 || !String(error).includes('SQLITE_BUSY')) throw error;
      }
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = this.workerd;
    const deadly = signal !== 'SIGSTOP' && signal !== 'SIGCONT';
    if (deadly) this.#replaced = Promise.withResolvers();
    process.kill(pid, signal);
    if (deadly)
      await waitUntil(async () => !isAlive(pid), `workerd ${pid} of the ${this.name} server survived ${signal}.`);
  }

  async ready(): Promise<void> {
    await this.#replaced?.promise;
    await this.#miniflare?.ready;
  }

  async down(): Promise<void> {
    this.killGroup();
    await this.stop();
  }

  async restart(): Promise<void> {
    await this.down();
    await this.start();
  }

  async stop(): Promise<void> {
    const miniflare = this.#miniflare;
    this.#miniflare = undefined;
    await miniflare?.dispose();
    const { registry, workers } = this.#options;
    for (const { name } of workers) await rm(path.join(registry, name), { force: true });
  }

  killGroup(): void {
    const pid = this.#findWorkerd();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }

  #findWorkerd(): number | undefined {
    return descendants(process.pid).find(({ command }) => command.includes(`=127.0.0.1:${this.port} `))?.pid;
  }
}

/** Returns what Miniflare has to know of a Worker that was built. Wrangler reads the Worker's file. */
function workerOptions({ name, config }: RunnableWorker, vars: Readonly<Record<string, string>>): V4WorkerOptions {
  const { workerOptions, main = '' } = unstable_getMiniflareWorkerOptions(config);
  const { modulesRules: _, ...options } = workerOptions;
  const folder = path.dirname(config);
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    const type = moduleTypes[path.extname(file)];
    return type ? [{ type, path: path.join(folder, file) }] : [];
  });
  modules.sort((a, b) => Number(b.path === main) - Number(a.path === main));
  return { ...options, name, modulesRoot: folder, modules, bindings: { ...(options.bindings as object), ...vars } };
}

/** Hands each line of Miniflare on. */
class Lines extends Log {
  readonly #line: (line: string) => void;

  constructor(line: (line: string) => void) {
    super(LogLevel.WARN);
    this.#line = line;
  }

  protected override log(message: string): void {
    for (const line of stripVTControlCharacters(message).split('\n')) this.#line(line);
  }
}
