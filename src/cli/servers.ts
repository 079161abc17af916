// The servers of an application that was built: the app and its compute Workers on this machine, each a `wrangler dev`.
//
// One workerd process has one thread, so a busy task in a shared process would stop every page. Each Worker therefore
// gets its own process. The Workers find each other through wrangler's registry, a folder of small files. The
// registry lies beside the state, so two runs with different state never meet.
//
// `npm start` runs them, and so do tests and benchmarks, which kill parts of them.

import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Build, type BuildRequest, build, watch } from '../build/index.ts';
import {
  claimState,
  freePort,
  killVariable,
  openKillSwitch,
  refuseBusyPort,
  type Server,
  type ServerClass,
  WranglerServer,
  waitUntil,
} from '../wrangler/index.ts';

/** Folder of the state of `npm start`. Tests have folders of their own. */
export const defaultPersist = '.wrangler/state';

export interface StartOptions {
  /**
   * What to run.
   *
   * @default what is built from the other options
   */
  built?: Build;
  /**
   * The app's wrangler file or module, relative to the working directory.
   *
   * @default that of the gallery
   */
  app?: string;
  /**
   * The compute Workers' wrangler files or modules.
   *
   * @default those beside the app
   */
  compute?: string | string[];
  /**
   * Runs the compute Workers in the app's own process, where a task without yields stops every page.
   *
   * @default false
   */
  together?: boolean;
  /**
   * Folder of objects, R2 and the registry. Two runs at once need two folders.
   *
   * @default '.wrangler/state'
   */
  persist?: string;
  /**
   * The app's port. A busy one is refused.
   *
   * @default a free one
   */
  port?: number;
  /** Variables of the app, as `wrangler dev --var`. ENVIRONMENT is `development` unless set. */
  vars?: Record<string, string>;
  /**
   * Restarts a server when its wrangler dies, or when it runs and answers nothing. (Wrangler itself replaces a
   * workerd that dies.)
   *
   * @default false
   */
  supervise?: boolean;
  /**
   * Builds again when a file is saved.
   *
   * @default false
   */
  watch?: boolean;
  /**
   * How the command is written with another port, and with another state where it takes one.
   *
   * @default those of `npm start`
   */
  command?: { readonly port: (port: number) => string; readonly state?: string };
  /** Receives each line that a server writes, and the news of the servers themselves. */
  log?: (server: string, line: string) => void;
}

export interface Servers extends AsyncDisposable {
  readonly url: string;
  readonly app: Server;
  /** The first compute Worker, the only one in most apps. The app itself where it runs its tasks, or has none. */
  readonly compute: Server;
  readonly computes: readonly Server[];
  /** Stops everything. Safe to call twice. */
  stop(): Promise<void>;
}

const npmStart: NonNullable<StartOptions['command']> = {
  port: (port) => `PORT=${port} npm start`,
  state: 'npm start -- --persist .wrangler/other',
};

/**
 * Starts all servers and resolves when every one answers. Stops the others when one fails.
 *
 * @param Kind what runs a Worker.
 */
export async function startServers(options: StartOptions = {}, Kind: ServerClass = WranglerServer): Promise<Servers> {
  const port = options.port ?? (await freePort());
  const { command = npmStart } = options;
  await refuseBusyPort(port, command.port);
  const persist = path.resolve(options.persist ?? defaultPersist);
  const release = claimState(persist, command.state && `or choose another folder for this one: ${command.state}`);
  try {
    return await startClaimed(options, Kind, port, persist, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function startClaimed(
  options: StartOptions,
  Kind: ServerClass,
  port: number,
  persist: string,
  release: () => void,
): Promise<Servers> {
  const log = options.log ?? (() => {});
  const registry = path.join(persist, 'registry');
  await rm(registry, { recursive: true, force: true }); // Because the entry of a killed server would linger.
  await mkdir(registry, { recursive: true });

  const request = requestOf(options);
  const built = options.built ?? (await build(request));
  const common = { cwd: process.cwd(), persist, registry, log, supervise: options.supervise ?? false };
  const together = options.together === true;
  const computes = await Promise.all(
    (together ? [] : built.computes).map(async (worker) => {
      const name = path.basename(path.dirname(worker.config)); // The build has a folder for each: `compute`, `scripts`.
      return new Kind({ ...common, name, workers: [worker], vars: {} });
    }),
  );
  const killSwitch = await openKillSwitch(async () => {
    const running = all.map((server) => ({ server, pid: server.workerd }));
    await Promise.all(running.map(({ server }) => server.kill()));
    return running.map(({ server, pid }) => `${server.name} (process ${pid})`).join(', ');
  });
  const app = new Kind({
    ...common,
    name: 'app',
    workers: [built.app, ...(together ? built.computes : [])],
    probe: built.manifest.client,
    port,
    // Tells the app that it runs on its author's machine, and how to kill its servers. A deployment never sets this.
    vars: { ENVIRONMENT: 'development', [killVariable]: killSwitch.address, ...options.vars },
  });
  const all = [...computes, app];
  const killAll = () => {
    for (const server of all) server.killGroup();
  };
  process.on('exit', killAll);
  const unwatch = options.watch ? watch(request, built, (line) => log('build', line)) : () => {};
  let stopping: Promise<void> | undefined;
  const stop = () => {
    unwatch();
    killSwitch.close();
    stopping ??= Promise.all(all.map((server) => server.stop())).then(() => {
      process.off('exit', killAll);
      release();
    });
    return stopping;
  };

  try {
    await Promise.all(all.map((server) => server.start()));
    await waitUntil(
      async () => (await readdir(registry)).length >= all.length,
      `The servers did not find each other: ${registry} does not name all ${all.length} Workers.`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const compute = computes[0] ?? app;
  return { url: app.url, app, compute, computes, stop, [Symbol.asyncDispose]: stop };
}

/** Returns what the servers build: the gallery, as its vite.config.ts describes it, or the given files. */
export function requestOf({ app, compute }: StartOptions): BuildRequest {
  if (app === undefined && compute === undefined) return { folder: process.cwd() };
  return {
    app: path.resolve(app ?? 'wrangler.toml'),
    ...(compute !== undefined && { compute: [compute].flat().map((file) => path.resolve(file)) }),
  };
}
