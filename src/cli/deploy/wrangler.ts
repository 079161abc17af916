// Wrangler as the commands call it. Each call is printed first, so that an author can make it by hand.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CommandError } from '../command.ts';
import { say } from '../run.ts';

export interface Answer {
  readonly ok: boolean;
  /** What it wrote: its standard output and its standard error. */
  readonly output: string;
}

/** Runs wrangler with arguments. `quiet` keeps its output back, for questions whose answer only the program needs. */
export type Wrangler = (args: readonly string[], options?: { readonly quiet?: boolean }) => Promise<Answer>;

/**
 * Returns the wrangler of this application. The variable EDGEWISE_WRANGLER names another script in its place, which tests
 * and wrappers use.
 */
export function wranglerOf(folder: string): Wrangler {
  const script = process.env.EDGEWISE_WRANGLER ?? installed(folder);
  return async (args, { quiet = false } = {}) => {
    say('wrangler', ...args);
    const child = spawn(process.execPath, ['--no-warnings', script, ...args], {
      cwd: folder,
      stdio: ['inherit', 'pipe', 'pipe'],
      env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' },
    });
    let output = '';
    const take = (to: NodeJS.WriteStream) => (text: Buffer) => {
      output += text;
      if (!quiet) to.write(text);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    const [code] = (await once(child, 'close')) as [number | null];
    return { ok: code === 0, output };
  };
}

function installed(folder: string): string {
  for (const from of [path.join(folder, 'package.json'), import.meta.url]) {
    try {
      const file = createRequire(from).resolve('wrangler/package.json');
      return path.join(path.dirname(file), 'wrangler-dist/cli.js');
    } catch {
      // Tries the next place.
    }
  }
  throw new CommandError(
    'wrangler is not installed here. Run `npm install`, then `edgewise doctor` if it says this again.',
  );
}
