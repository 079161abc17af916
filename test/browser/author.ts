// An author at work: a folder with an application, and the development server that serves it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { until } from './stage.ts';

const root = path.resolve(import.meta.dirname, '../..');

export class Author {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'edgewise-author-'));
  /** What the development server has written, oldest first. */
  readonly terminal: string[] = [];
  url = '';
  #server: ChildProcess | undefined;

  /** @param source the folder of the repository with the application. */
  constructor(source: string) {
    cpSync(path.join(root, source), this.folder, { recursive: true });
    writeFileSync(path.join(this.folder, 'package.json'), '{ "name": "author", "type": "module", "private": true }');
    const plugin = JSON.stringify(path.join(root, 'src/vite/index.ts'));
    // One process for the application and its tasks, because the tests of compute processes are elsewhere.
    this.save(
      'vite.config.ts',
      `import { edgewise } from ${plugin};\nexport default { plugins: [edgewise({ together: true })] };\n`,
    );
  }

  /** Starts `vite dev`. */
  async start(): Promise<void> {
    const vite = path.join(root, 'node_modules/vite/bin/vite.js');
    const server = spawn(process.execPath, [vite, 'dev', '--host', '127.0.0.1', '--port', '0'], {
      cwd: this.folder,
      // A group of its own, so that workerd ends with it.
      detached: true,
      env: { ...process.env, NO_COLOR: '1', VITEST: '', NODE_ENV: 'development' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#server = server;
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) =>
        this.terminal.push(
          ...stripVTControlCharacters(text)
            .split('\n')
            .filter((line) => line.trim() !== ''),
        ),
      );
    }
    await until(
      'the development server is ready',
      () => {
        if (server.exitCode !== null) throw new Error(`The development server ended:\n${this.terminal.join('\n')}`);
        const [, url = ''] = this.terminal.map((line) => /Local:\s+(\S+?)\/?$/.exec(line)).find((found) => found) ?? [];
        this.url = url;
        return url;
      },
      120_000,
    );
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  save(file: string, text: string): void {
    writeFileSync(path.join(this.folder, file), text);
  }

  /** Saves as an editor does that empties the file first. */
  async saveSlowly(file: string, text: string, ms: number): Promise<void> {
    this.save(file, '');
    await pause(ms);
    this.save(file, text);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server?.pid !== undefined && server.exitCode === null) {
      const ended = once(server, 'exit');
      process.kill(-server.pid, 'SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
