// A crash of the application's workerd while the development server runs. Miniflare starts another workerd at once, and
// Cloudflare's plugin then starts all of the development server anew. The other workerd lacks only a module runner, so
// here it gets one, and Vite stays with its connections and all that it has compiled.

import type { DevEnvironment, Plugin } from 'vite';
import { descendants } from '../wrangler/index.ts';

/** The environment of a Worker, as Cloudflare's plugin makes it. Other versions of the plugin may make another one. */
interface WorkerEnvironment extends DevEnvironment {
  /** Makes the module runner of a workerd that has just started. */
  initRunner(miniflare: unknown, worker: unknown, ...options: unknown[]): Promise<void>;
  /** Loads the modules of the Worker. */
  fetchWorkerExportTypes(miniflare: unknown, worker: unknown): Promise<unknown>;
}

/** Returns the plugin that survives crashes. It comes before Cloudflare's, whose use of the environments it notes. */
export function crashesPlugin(): Plugin {
  return {
    name: 'edgewise:crashes',
    apply: 'serve',
    configureServer(server) {
      const environments = Object.values(server.environments).filter(isOfWorker);
      const runners = environments.map((environment) => new Runner(environment));
      let known: number | undefined;
      /** Gives each environment a runner in a workerd that is not the one of before. Returns false where it is the same. */
      const revive = async () => {
        const workerd = workerdOfThis();
        if (workerd === undefined || workerd === known) return false;
        known = workerd;
        for (const runner of runners) await runner.renew();
        return true;
      };
      // After all plugins have been here.
      return () => {
        known = workerdOfThis();
        const { restart } = server;
        server.restart = async (...args) => {
          if (!(await revive().catch(() => false))) await restart.apply(server, args);
        };
      };
    },
  };
}

/** The module runner of a Worker, which lives in workerd. */
class Runner {
  readonly #environment: WorkerEnvironment;
  #last: Parameters<WorkerEnvironment['initRunner']> | undefined;

  constructor(environment: WorkerEnvironment) {
    this.#environment = environment;
    const { initRunner } = environment;
    environment.initRunner = (...args) => {
      this.#last = args;
      return initRunner.apply(environment, args);
    };
  }

  async renew(): Promise<void> {
    if (!this.#last) throw new Error(`The environment ${this.#environment.name} has had no module runner.`);
    const [miniflare, worker] = this.#last;
    await this.#environment.initRunner(...this.#last);
    this.#environment.hot.listen();
    await this.#environment.fetchWorkerExportTypes(miniflare, worker);
  }
}

function isOfWorker(environment: DevEnvironment): environment is WorkerEnvironment {
  const { initRunner, fetchWorkerExportTypes } = environment as Partial<WorkerEnvironment>;
  return typeof initRunner === 'function' && typeof fetchWorkerExportTypes === 'function';
}

/** Returns the workerd that this process has started. */
function workerdOfThis(): number | undefined {
  return descendants(process.pid).find(
    ({ parent, command }) => parent === process.pid && /workerd\S* serve/.test(command),
  )?.pid;
}
