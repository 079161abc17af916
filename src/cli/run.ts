// Other programs that a command runs. Each is printed first, so that an author can run it by hand.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Prints a command line, runs it in this terminal and returns its exit code. */
export async function run(program: string, args: readonly string[], { cwd = process.cwd() } = {}): Promise<number> {
  say(program, ...args);
  const child = spawn(program, args, {
    cwd,
    stdio: 'inherit',
    env: ownEnvironment(),
    shell: process.platform === 'win32',
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** Prints what is about to run, as it would be typed. */
export function say(...words: readonly string[]): void {
  console.log(`$ ${words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`);
}

/** The environment without what npm set for this command alone: a nested npm would take it for its own settings. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const own = /^npm_(config_(package|call|yes|local_prefix|prefix)|package_|lifecycle_|command)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
