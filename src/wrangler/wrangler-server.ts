import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { limitCpu, usualCpuLimit } from './cpu-limit.ts';
import { freePort } from './ports.ts';
import { isAlive, signalGroup, workerdOf } from './processes.ts';
import { silence } from './silence.ts';
import { waitUntil } from './wait.ts';

/** Returns wrangler's own script. This Node runs it without a shell or npx. */
function script(): string {
  const file = createRequire(import.meta.url).resolve('wrangler/package.json');
  return path.join(path.dirname(file), 'wrangler-dist/cli.js');
}

/** Milliseconds for which the lines of a start are held back. A start that has to be repeated ends sooner. */
const heldFor = 5_000;

/** Errors of a start that another one may not have: what two servers want at once, and an end that came from outside. */
const startsAgain = /SQLITE_BUSY|Address already in use|ended (with code 0|by SIG\w+) before it was up/;

/** JavaScript in the package that authors install, TypeScript in the repository, as this file. */
const exitWithParent = path.join(import.meta.dirname, `exit-with-parent${path.extname(import.meta.filename)}`);

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

/** A Worker that wrangler can run. */
export interface RunnableWorker {
  /** Name of the Worker, which is its name in the registry. */
  readonly name: string;
  /** Absolute path of its wrangler file. */
  readonly config: string;
  /** `limits.cpu_ms` of its wrangler file. @default that of the platform */
  readonly cpuLimit?: number;
}

/** The path by which a compute server is asked whether it answers. */
const sign = '/_edgewise/answers';

export interface ServerOptions {
  name: string;
  /** The Workers; the first one has the port. */
  workers: readonly RunnableWorker[];
  /** Undefined for a port that is free when the server starts. */
  port?: number;
  /** Folder that wrangler runs in. */
  cwd: string;
  persist: string;
  registry: string;
  /** A path that shows whether the app answers: a built file, which runs none of its code. Undefined for a compute server. */
  probe?: string;
  vars: Record<string, string>;
  supervise: boolean;
  log: (server: string, line: string) => void;
}

/** What starts a server: a {@link WranglerServer}, or what a test has in its place. */
export type ServerClass = new (options: ServerOptions) => Server & Pick<WranglerServer, 'start' | 'stop' | 'killGroup'>;

/**
 * One `wrangler dev` with its process group.
 * The group contains wrangler, two workerd (wrangler's proxy with the port, and the one with the code) and
 * esbuild. So one id ends all of it. A Ctrl-C in the terminal reaches only the process that started the server,
 * which stops its servers in order.
 */
export class WranglerServer implements Server {
  readonly name: string;
  /** The port of this start. */
  port: number;
  #options: ServerOptions;
  #child: ChildProcess | undefined;
  #stopped = false;
  /** The registry's entries when workerd was killed. They differ as soon as wrangler has replaced it. */
  #old: readonly (string | undefined)[] = [];
  /** Number of starts. The watcher of an older start ends when the number differs. */
  #starts = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.name = options.name;
    this.port = options.port ?? 0;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
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

  /**
   * Resolves when the server answers. Rejects with the server's output when it ends before. Servers that share their
   * state open its files at the same moment, and SQLite sometimes refuses one of them; such a server starts again. So does
   * one that somebody kills.
   */
  async start(): Promise<void> {
    for (let more = 3; ; more--) {
      const start = this.#starts + 1;
      try {
        await this.#start();
        return;
      } catch (error) {
        if (more === 0 || start !== this.#starts || !startsAgain.test(String(error))) throw error;
        // Another program may take a port between its choice and its use. The next start chooses others.
        if (this.#options.port === undefined && /Address already in use/.test(String(error))) this.port = 0;
      }
    }
  }

  async #start(): Promise<void> {
    const { workers, cwd, persist, registry, probe, vars, log } = this.#options;
    const files = workers.map(({ config }) => config);
    const config = files.join(' and ');
    for (const file of files) {
      if (!existsSync(file)) throw new Error(`There is no ${file}, the wrangler file of the ${this.name} server.`);
    }
    await mkdir(registry, { recursive: true });
    await removeEntries(this.#options);
    if (this.port === 0) this.port = await freePort();
    const start = ++this.#starts;
    const child = spawn(
      process.execPath,
      [
        '--no-warnings',
        '--import',
        exitWithParent,
        script(),
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
        cwd,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...process.env,
          // What wrangler starts must find this Node, whichever one the machine has.
          PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
          WRANGLER_REGISTRY_PATH: registry,
          // As `enableCompileCache` of node:module: what V8 compiles of wrangler is an eighth of the work of a start.
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(tmpdir(), 'node-compile-cache'),
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
    /** What it writes before it is up, because nobody has to read why a start was repeated. */
    let held: string[] | undefined = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (colored) => {
        const line = stripVTControlCharacters(colored);
        if (written.push(line) > 200) written.shift();
        if (line.includes(`GET ${probe ?? sign} `)) return;
        if (held) held.push(line);
        else log(this.name, line);
        // Because wrangler then runs on without a workerd, and tries no more.
        if (line.includes('The Workers runtime failed to restart')) this.killGroup(child);
      });
    }
    // A killed wrangler leaves its children, which hold its pipes open. So end them, then read the rest.
    child.once('exit', () => this.killGroup(child));
    let ready = false;
    let up = false;
    child.on('message', (message) => {
      if (String(message).includes('DEV_SERVER_READY')) ready = true;
    });
    let early: string | undefined;
    child.once('close', (code, signal) => {
      early = signal ? `by ${signal}` : `with code ${code}`;
      // Before, whoever waits for the start hears of it, and starts again.
      if (up) this.#onDeath(start, `ended ${early}`);
    });
    const failIfEnded = () => {
      if (!early) return;
      const tail = written.slice(-40).join('\n');
      throw new Error(`The ${this.name} server (${config}) ended ${early} before it was up. It wrote:\n${tail}`);
    };
    const release = () => {
      for (const line of held ?? []) log(this.name, line);
      held = undefined;
    };
    // An author whose Worker throws at its start must read that soon.
    const patience = setTimeout(release, heldFor);
    try {
      await waitUntil(async () => {
        failIfEnded();
        // The other servers look for it in the registry. Its entry appears a moment after the server is up.
        return (
          ready &&
          workers.every(({ name }) => existsSync(path.join(registry, name))) &&
          (probe === undefined || (await answers(this.port, probe)))
        );
      }, `The ${this.name} server (${config}) did not answer on port ${this.port}.`);
      failIfEnded();
      up = true;
    } finally {
      clearTimeout(patience);
      if (early) held = undefined;
      else release();
    }
    if (this.#options.supervise) this.#watch(start);
  }

  /** Starts the server again when it runs and answers nothing. */
  #watch(start: number): void {
    const over = () => this.#stopped || start !== this.#starts;
    const { probe } = this.#options;
    const watched = {
      pid: this.pid,
      port: this.port,
      ...(probe !== undefined && { answers: () => answers(this.port, probe) }),
    };
    void silence(watched, over).then(() => this.#onDeath(start, 'runs and answers nothing'));
    if (probe === undefined) void this.#limit(over);
  }

  /** Ends a workerd whose tasks compute for longer than they may. Wrangler replaces it. */
  #limit(over: () => boolean): Promise<void> {
    const { name, workers, log } = this.#options;
    const limit = Math.max(...workers.map(({ cpuLimit = usualCpuLimit }) => cpuLimit));
    const answered = () =>
      fetch(`http://127.0.0.1:${this.port}${sign}`).then(
        (response) => response.body?.cancel(),
        () => {},
      );
    return limitCpu({ workerd: () => this.#findWorkerd(), answered, limit }, over, () =>
      log(
        name,
        `A task computed for ${limit / 1_000} s without a pause, the most that its Worker may use, so the ${name} server was ended, as the ` +
          'platform would end the Worker. It is starting again. Yield more often, or raise limits.cpu_ms in the wrangler file.',
      ),
    );
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
    await removeEntries(this.#options);
  }

  /** Returns the registry's entries of its Workers. */
  #entries(): Promise<(string | undefined)[]> {
    const { registry, workers } = this.#options;
    return Promise.all(workers.map(({ name }) => readFile(path.join(registry, name), 'utf8').catch(() => undefined)));
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

async function answers(port: number, probe = '/'): Promise<boolean> {
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
 * Removes the registry entries of a server that has ended, also of one that an earlier run has left, and of no other, because
 * a starting one listens on nothing yet.
 * Wrangler removes such an entry only after 90 seconds, and accepts no new entry of the same name before.
 */
async function removeEntries({ registry, workers }: ServerOptions): Promise<void> {
  for (const { name } of workers) await rm(path.join(registry, name), { force: true });
}
