// `npm start` in a copy of the repository, as a developer runs it: the copy can be edited, and everything that
// runs can be killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, freePort, isAlive, type Process, workerdOf } from '../../src/wrangler/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const place = 'examples/chaos';
/** Milliseconds beyond any start, also beside other work. */
const patience = 120_000;

export type ServerName = 'app' | 'compute';

export class Servers implements AsyncDisposable {
  readonly url: string;
  /** The version of the application that was written last. */
  version = 1;
  readonly #folder: string;
  readonly #port: number;
  readonly #log: (line: string) => void;
  #npm: ChildProcess | undefined;
  /** The servers that were killed, with their entries in the registry of that time. */
  readonly #killed = new Map<ServerName, string | undefined>();

  private constructor(folder: string, port: number, log: (line: string) => void) {
    this.#folder = folder;
    this.#port = port;
    this.#log = log;
    this.url = `http://localhost:${port}`;
  }

  /**
   * Copies the repository, and starts the application in the copy.
   * @param address of the ledger.
   * @param log receives each line that the servers write.
   */
  static async start(address: string, log: (line: string) => void): Promise<Servers> {
    const folder = await mkdtemp(path.join(tmpdir(), 'edgewise-chaos-'));
    const needed = ['client', 'examples', 'src', 'package.json', 'package-lock.json', 'tsconfig.json'];
    for (const each of needed) await cp(path.join(root, each), path.join(folder, each), { recursive: true });
    await cp(import.meta.dirname, path.join(folder, place), { recursive: true });
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    await writeFile(path.join(folder, place, 'address.ts'), `export const address = '${address}';\n`);
    const servers = new Servers(folder, await freePort(), log);
    process.on('exit', servers.#exit);
    try {
      await servers.restart();
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
    return servers;
  }

  /** Starts everything. Resolves when it answers. */
  async restart(): Promise<void> {
    const options = ['--app', `${place}/wrangler.toml`, '--compute', `${place}/wrangler.compute.toml`];
    const npm = spawn(process.execPath, [path.join(this.#folder, 'src/cli/start.ts'), ...options], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: String(this.#port) },
    });
    this.#npm = npm;
    let ready = false;
    const written: string[] = [];
    for (const stream of [npm.stdout, npm.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (line.startsWith('Ready in')) ready = true;
        written.push(line);
        this.#log(line);
      });
    }
    await until('npm start is ready', () => {
      if (npm.exitCode !== null) throw new Error(`npm start ended early:\n${written.slice(-20).join('\n')}`);
      return ready;
    });
  }

  /** Kills the process that runs the code of a server. Wrangler replaces it. */
  async kill(name: ServerName): Promise<void> {
    const { pid } = await until(`the ${name} server runs`, () => this.#workerd(name));
    this.#killed.set(name, await this.#entry(name));
    process.kill(pid, 'SIGKILL');
    await until(`the ${name} server is gone`, () => !isAlive(pid));
  }

  /** Kills every process that `npm start` has started, and `npm start` itself. Nothing comes back by itself. */
  async killTree(): Promise<void> {
    const all = this.#strike();
    await until('all servers are gone', () => all.every((each) => !isAlive(each)));
    this.#killed.clear();
  }

  /** Kills the tree without waiting, and returns its processes. Safe in a process that is exiting. */
  #strike(): readonly number[] {
    const pid = this.#npm?.pid;
    if (pid === undefined) return [];
    // Parents first, so that no parent replaces a child.
    const all = [pid, ...descendants(pid).map((each) => each.pid)];
    for (const each of all) {
      try {
        process.kill(each, 'SIGKILL');
      } catch {} // It has ended by itself.
    }
    return all;
  }

  /** Resolves when what was killed last was replaced, and the application answers. */
  async ready(): Promise<void> {
    for (const [name, entry] of this.#killed) {
      const isBack = async () => (await this.#entry(name)) !== entry && this.#workerd(name) !== undefined;
      await until(`the ${name} server is back`, isBack);
    }
    this.#killed.clear();
    await until('the application answers', async () => (await this.#served()) !== undefined);
  }

  /** Saves the next version of the application into the copy. */
  async save(): Promise<void> {
    this.version++;
    const folder = path.join(this.#folder, place);
    for (const file of await readdir(path.join(folder, 'pages'))) {
      const code = await readFile(path.join(root, 'test/chaos/pages', file), 'utf8');
      const next = code.replaceAll(/\/\/ Version (\d+): /g, (all, from) => (this.version >= Number(from) ? '' : all));
      await writeFile(path.join(folder, 'pages', file), next);
    }
    await writeFile(path.join(folder, 'version.ts'), `export const version = ${this.version};\n`);
  }

  /** Resolves when the application that answers is the version that was saved last. */
  async serves(): Promise<void> {
    await until(`version ${this.version} answers`, async () => (await this.#served()) === String(this.version));
  }

  async #served(): Promise<string | undefined> {
    try {
      const response = await fetch(`${this.url}/version`, { signal: AbortSignal.timeout(2_000) });
      return response.ok ? await response.text() : undefined;
    } catch {
      return undefined;
    }
  }

  #workerd(name: ServerName): Process | undefined {
    const config = `/${name}/wrangler.json `;
    const all = descendants(this.#npm?.pid ?? -1);
    const wrangler = all.find(({ command }) => command.includes('wrangler-dist') && command.includes(config));
    const pid = wrangler && workerdOf(wrangler.pid, Number(/ --port=(\d+) /.exec(wrangler.command)?.[1]));
    return all.find((each) => each.pid === pid);
  }

  /** Returns the entry of a server in the registry, which differs for each process. */
  async #entry(name: ServerName): Promise<string | undefined> {
    const worker = name === 'app' ? 'edgewise-chaos' : 'edgewise-chaos-compute';
    const file = path.join(this.#folder, '.wrangler/state/registry', worker);
    return readFile(file, 'utf8').catch(() => undefined);
  }

  readonly #exit = (): void => void this.#strike();

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#exit);
    await this.killTree();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until the condition holds, and returns what it returned. */
async function until<T>(what: string, holds: () => T | Promise<T>): Promise<NonNullable<T> & T> {
  for (const limit = Date.now() + patience; ; await sleep(25)) {
    const answer = await holds();
    if (answer) return answer as NonNullable<T> & T;
    if (Date.now() > limit) throw new Error(`Waited ${patience / 1_000} seconds in vain until ${what}.`);
  }
}
