import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';

const ending = JSON.stringify(path.resolve(import.meta.dirname, '../../src/cli/ending.ts'));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});

/** Starts a command whose end takes as long as `stop` says, and resolves when it runs. */
async function command(stop: string): Promise<{ readonly child: ChildProcess; readonly said: () => string }> {
  const source = `import { endWith } from ${ending}; endWith(${stop}); setInterval(() => {}, 1_000); console.log('runs');`;
  const started = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  let said = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(started.stdout, 'data');
  return { child: started, said: () => said };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a command ends in order at %s: it stops what it runs and exits with 0',
  async (signal) => {
    const { child, said } = await command("async () => console.log('stopped')");
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(said()).toBe('runs\nstopped\n');
  },
);

test('a second Ctrl-C ends a command at once that cannot stop what it runs', async () => {
  const { child, said } = await command("() => new Promise(() => console.log('stopping'))");
  child.kill('SIGINT');
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(said()).toBe('runs\nstopping\n');
});
