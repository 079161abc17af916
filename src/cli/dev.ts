// `npm start`: builds, then runs the app and its compute Workers on this machine. Each has its own
// `wrangler dev`.
//
// One workerd process has one thread, so a busy task in a shared process would stop every page. Each Worker therefore
// gets its own process. The Workers find each other through wrangler's registry, a folder of small files. The
// registry lies beside the state, so two runs with different state never meet.
//
// Tests call `startServers` to run the same servers and to kill parts of them.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { build } from './build.ts';
import { isAlive, signalGroup, workerdOf } from './processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Folder of the state of `npm start`. Tests have folders of their own. */
export const defaultPersist = '.wrangler/state';

export interface StartOptions {
  /**
   * The app's wrangler file, relative to the repository.
   *
   * @default 'wrangler.toml'
   */
  app?: string;
  /**
   * The compute Workers' wrangler files.
   *
   * @default 'wrangler.compute.toml'
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
   * Restarts a server when its wrangler dies. (Wrangler itself replaces a workerd that dies.)
   *
   * @default false
   */
  supervise?: boolean;
  /**
   * Builds the client first.
   *
   * @default true
   */
  build?: boolean;
  /** Receives each line that a server writes, and the news of the servers themselves. */
  log?: (server: string, line: string) => void;
}

export interface Server {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** The `wrangler dev` process. Changes with a restart. */
  readonly pid: number;
  /** The workerd process that runs the Worker's code. Changes with a restart and with a rebuild. */
  readonly workerd: number;
  /**
   * Sends workerd a signal (default SIGKILL), as a crash would, and waits for its end after a deadly one.
   * Wrangler starts another workerd with the same state within half a second: see `ready`.
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Kills the whole server at once, including wrangler. The server stays down until `restart`. */
  down(): Promise<void>;
  /** Kills the rest of the server and starts it again, at the same port and with the same state. */
  restart(): Promise<void>;
  /** Resolves when the server has a workerd and answers. */
  ready(): Promise<void>;
}

export interface Servers extends AsyncDisposable {
  readonly url: string;
  readonly app: Server;
  /** The first compute Worker, the only one in most apps. */
  readonly compute: Server;
  readonly computes: readonly Server[];
  /** Stops everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts all servers and resolves when every one answers. Stops the others when one fails. */
export async function startServers(options: StartOptions = {}): Promise<Servers> {
  const log = options.log ?? (() => {});
  const port = options.port ?? (await freePort());
  await refuseBusyPort(port);
  const probe = options.build === false ? '/' : (await build()).manifest.client;

  const persist = path.resolve(root, options.persist ?? defaultPersist);
  const registry = path.join(persist, 'registry');
  await rm(registry, { recursive: true, force: true }); // Because the entry of a killed server would linger.
  await mkdir(registry, { recursive: true });

  const configs = [options.compute ?? 'wrangler.compute.toml'].flat();
  const common = { persist, registry, probe, log, supervise: options.supervise ?? false };
  const together = options.together === true;
  const computes = await Promise.all(
    (together ? [] : configs).map(async (config, index) => {
      const name = configs.length === 1 ? 'compute' : `compute ${index + 1}`;
      return new WranglerServer({ ...common, name, configs: [config], port: await freePort(), vars: {} });
    }),
  );
  const app = new WranglerServer({
    ...common,
    name: 'app',
    configs: [options.app ?? 'wrangler.toml', ...(together ? configs : [])],
    port,
    // Tells the app that it runs on its author's machine. A deployment never sets this.
    vars: { ENVIRONMENT: 'development', ...options.vars },
  });
  const all = [...computes, app];
  const killAll = () => {
    for (const server of all) server.killGroup();
  };
  process.on('exit', killAll);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= Promise.all(all.map((server) => server.stop())).then(() => {
      process.off('exit', killAll);
    });
    return stopping;
  };

  try {
    await Promise.all(all.map(startPatiently));
    await waitUntil(
      async () => (await readdir(registry)).length >= all.length,
      `The servers did not find each other: ${registry} does not name all ${all.length} Workers.`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const compute = together ? app : computes[0];
  if (!compute)
    throw new Error(
      'No compute Worker was given. Pass its wrangler file, for instance --compute wrangler.compute.toml.',
    );
  return { url: app.url, app, compute, computes, stop, [Symbol.asyncDispose]: stop };
}

/** Servers that share their state open its files at the same moment; SQLite sometimes refuses one of them. */
async function startPatiently(server: WranglerServer): Promise<void> {
  for (let more = 3; ; more--) {
    try {
      await server.start();
      return;
    } catch (error) {
      if (more === 0 || !String(error).includes('SQLITE_BUSY')) throw error;
    }
  }
}

interface ServerOptions {
  name: string;
  /** Wrangler files; the Worker of the first one has the port. */
  configs: string[];
  port: number;
  persist: string;
  registry: string;
  /** A path that shows whether the app answers: a built file, which runs none of its code. */
  probe: string;
  vars: Record<string, string>;
  supervise: boolean;
  log: (server: string, line: string) => void;
}

/**
 * One `wrangler dev` with its process group.
 * The group contains wrangler, two workerd (wrangler's proxy with the port, and the one with the code),
 * esbuild and a running build command. So one id ends all of it. A Ctrl-C in the terminal reaches only
 * dev.ts, which stops the servers in order.
 */
class WranglerServer implements Server {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  #options: ServerOptions;
  #child: ChildProcess | undefined;
  /** The Workers that it runs, by their names in the registry. */
  #names: readonly string[] = [];
  #stopped = false;
  /** The registry's entries when workerd was killed. They differ as soon as wrangler has replaced it. */
  #old: readonly (string | undefined)[] = [];
  /** Number of starts. The watcher of an older start ends when the number differs. */
  #starts = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.name = options.name;
    this.port = options.port;
    this.url = `http://localhost:${options.port}`;
  }

  get pid(): number {
    if (!this.#child?.pid) throw new Error(`The ${this.name} server is not running. Call restart() to start it.`);
    return this.#child.pid;
  }

  get workerd(): number {
    const pid = this.#findWorkerd();
    if (pid === undefined)
      throw new Error(`The ${this.name} server has no workerd: it was killed or is restarting. Await ready() first.`);
    return pid;
  }

  /** Resolves when the server answers. Rejects with the server's output when it ends before. */
  async start(): Promise<void> {
    const { configs, persist, registry, probe, vars, log } = this.#options;
    const config = configs.join(' and ');
    const files = configs.map((one) => path.resolve(root, one));
    for (const file of files) {
      if (!existsSync(file)) throw new Error(`There is no ${file}, the wrangler file of the ${this.name} server.`);
    }
    const names = await Promise.all(files.map(workerName));
    this.#names = names;
    const start = ++this.#starts;
    const child = spawn(
      process.execPath,
      [
        '--no-warnings',
        '--import',
        path.join(import.meta.dirname, 'exit-with-parent.ts'),
        path.join(root, 'node_modules/wrangler/wrangler-dist/cli.js'),
        'dev',
        ...files.flatMap((file) => ['--config', file]),
        '--local',
        '--ip=127.0.0.1',
        `--port=${this.port}`,
        `--inspector-port=${await freePort()}`,
        `--persist-to=${persist}`,
        '--show-interactive-dev-session=false',
        ...Object.entries(vars).flatMap(([key, value]) => ['--var', `${key}:${value}`]),
      ],
      {
        cwd: root,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...process.env,
          // The build command must find this Node, whichever one the machine has.
          PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
          WRANGLER_REGISTRY_PATH: registry,
          // Disables telemetry, the search for updates (part of the banner), questions, the remote
          // request.cf, and log files beyond the relayed lines.
          WRANGLER_SEND_METRICS: 'false',
          WRANGLER_SEND_ERROR_REPORTS: 'false',
          WRANGLER_HIDE_BANNER: 'true',
          WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
          CLOUDFLARE_CF_FETCH_ENABLED: 'false',
          // Disables wrangler's explorer. It stores a trace of each request in SQLite below the persisted state,
          // where two processes lock each other out, and measurements would include its work.
          X_LOCAL_EXPLORER: 'false',
          X_LOCAL_OBSERVABILITY: 'false',
          WRANGLER_WRITE_LOGS: 'false',
        },
      },
    );
    this.#child = child;
    const written: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (colored) => {
        const line = stripVTControlCharacters(colored);
        if (written.push(line) > 200) written.shift();
        if (probe === '/' || !line.includes(`GET ${probe} `)) log(this.name, line);
      });
    }
    // A killed wrangler leaves its children, which hold its pipes open. So end them, then read the rest.
    child.once('exit', () => this.killGroup(child));
    let ready = false;
    child.on('message', (message) => {
      if (String(message).includes('DEV_SERVER_READY')) ready = true;
    });
    let early: string | undefined;
    child.once('close', (code, signal) => {
      early = signal ? `by ${signal}` : `with code ${code}`;
      if (ready) this.#onDeath(start, `ended ${early}`);
    });
    await waitUntil(async () => {
      if (early) {
        const tail = written.slice(-40).join('\n');
        throw new Error(`The ${this.name} server (${config}) ended ${early} before it was up. It wrote:\n${tail}`);
      }
      // The other servers look for it in the registry. Its entry appears a moment after the server is up.
      return (
        ready &&
        names.every((name) => existsSync(path.join(registry, name))) &&
        (this.name !== 'app' || (await answers(this.port, probe)))
      );
    }, `The ${this.name} server (${config}) did not answer on port ${this.port}.`);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = this.workerd;
    const deadly = signal !== 'SIGSTOP' && signal !== 'SIGCONT';
    if (deadly) this.#old = await this.#entries();
    process.kill(pid, signal);
    if (!deadly) return;
    await waitUntil(async () => !isAlive(pid), `workerd ${pid} of the ${this.name} server survived ${signal}.`);
  }

  async down(): Promise<void> {
    this.#starts++;
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.down();
    this.#stopped = false;
    await this.start();
  }

  async ready(): Promise<void> {
    await waitUntil(
      // Waits for the registry, because a new workerd may answer before wrangler is ready to replace it after
      // another kill.
      async () =>
        (await this.#entries()).every((entry, index) => entry !== undefined && entry !== this.#old[index]) &&
        this.#findWorkerd() !== undefined &&
        (await answers(this.port, this.#options.probe)),
      `The ${this.name} server did not come back on port ${this.port}.`,
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#starts++;
    await this.#end('SIGTERM');
  }

  /** Kills the group without waiting. Safe in a process that is exiting. */
  killGroup(child = this.#child): void {
    if (child?.pid) signalGroup(child.pid, 'SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child?.pid) return;
    const group = child.pid;
    const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
    // Signals wrangler alone, because it removes its registry entry and ends its children.
    if (signal === 'SIGTERM') child.kill(signal);
    else signalGroup(group, signal);
    await Promise.race([gone, sleep(3000, undefined, { ref: false })]);
    signalGroup(group, 'SIGKILL');
    await gone;
    this.#child = undefined;
    await sweepRegistry(this.#options.registry, this.#names);
  }

  /** Returns the registry's entries of its Workers. */
  #entries(): Promise<(string | undefined)[]> {
    const { registry } = this.#options;
    return Promise.all(this.#names.map((name) => readFile(path.join(registry, name), 'utf8').catch(() => undefined)));
  }

  #findWorkerd(): number | undefined {
    return this.#child?.pid ? workerdOf(this.#child.pid, this.port) : undefined;
  }

  #onDeath(start: number, what: string): void {
    if (this.#stopped || start !== this.#starts) return;
    if (!this.#options.supervise) return;
    this.#options.log(this.name, `The ${this.name} server ${what}. Starting it again.`);
    this.restart().then(
      () => this.#options.log(this.name, `The ${this.name} server is back.`),
      async (error: Error) => {
        this.#options.log(this.name, `${error.message}\nThe next try is in 5 seconds.`);
        const failed = this.#starts;
        await sleep(5000, undefined, { ref: false });
        this.#onDeath(failed, 'did not start');
      },
    );
  }
}

/** Returns the name that a wrangler file gives its Worker. */
async function workerName(file: string): Promise<string> {
  const name = /^name\s*=\s*["']([^"']+)["']/m.exec(await readFile(file, 'utf8'))?.[1];
  if (!name) throw new Error(`${file} has no name of the Worker. Add a line such as: name = "my-app".`);
  return name;
}

async function answers(port: number, probe: string): Promise<boolean> {
  try {
    // Accepts any status, because an app without assets answers 404.
    const response = await fetch(`http://127.0.0.1:${port}${probe}`, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/**
 * Removes the registry entries of a server that has ended, and of no other, because a starting one listens on
 * nothing yet.
 * Wrangler removes such an entry only after 90 seconds, and accepts no new entry of the same name before.
 */
async function sweepRegistry(registry: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(path.join(registry, name), { force: true });
}

async function waitUntil(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error(`${otherwise} Waited 60 seconds.`);
    await sleep(25);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port number.');
  return address.port;
}

async function refuseBusyPort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use; stop what uses it, or choose another: PORT=${port + 1} npm start.`);
  }
  server.close();
  await once(server, 'close');
}

/** Wrangler's lines at each start and rebuild that are not news, or that show ports other than the one to open. */
const boilerplate = new RegExp(
  [
    /^Your Worker has access to the following bindings/,
    /^Binding +Resource +Mode/,
    /^env\.\w+ .* local\b/,
    /^Service bindings, Durable Object bindings, and Tail consumers connect/,
    /^\[wrangler:info\] (Ready on|✨ Parsed)/,
    /^⎔ (Starting local server|Connection status)/,
    /^\[custom build\]( Running:.*| Build .* is up to date\.)?\s*$/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { app: { type: 'string' }, compute: { type: 'string' }, persist: { type: 'string' } },
  });
  const port = Number(process.env.PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT must be a number from 1 to 65535; it is '${process.env.PORT}'.`);
  }
  const began = performance.now();
  const starting = startServers({
    port,
    supervise: true,
    ...(values.app ? { app: values.app } : {}),
    ...(values.compute ? { compute: values.compute.split(',') } : {}),
    ...(values.persist ? { persist: values.persist } : {}),
    log: (server, line) => {
      if (line.trim() && !boilerplate.test(line)) console.log(`[${server}] ${line}`);
    },
  });
  let asked = false;
  const end = async () => {
    if (asked) process.exit(1); // A second Ctrl-C exits at once; the exit hook kills the rest.
    asked = true;
    const servers = await Promise.race([starting.catch(() => undefined), sleep(100)]);
    await servers?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // npm passes a signal on to its shell only, which ends without the servers.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) void end();
    }, 500).unref();
  }
  const { url } = await starting;
  console.log(`Ready in ${((performance.now() - began) / 1000).toFixed(1)} s: ${url}`);
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
