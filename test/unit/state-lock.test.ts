import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { claimState } from '../../src/wrangler/index.ts';

const folders: string[] = [];
const state = () => {
  folders.push(mkdtempSync(path.join(tmpdir(), 'edgewise-state-')));
  return folders.at(-1) as string;
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('a second run with the same state is refused by a sentence that names the first one', () => {
  const folder = state();
  const release = claimState(folder);
  expect(() => claimState(folder)).toThrow(
    new RegExp(`^The state in ${folder} is in use by process ${process.pid}, .* Stop that run first\\.$`),
  );
  expect(() => claimState(folder, 'or choose another: npm start -- --persist x')).toThrow(
    /Stop that run first, or choose another: npm start -- --persist x\.$/,
  );
  release();
  expect(() => claimState(folder)()).not.toThrow();
});

test('state is claimed again after a run that was killed', async () => {
  const folder = state();
  const code = `import { claimState } from ${JSON.stringify(path.resolve('src/wrangler/index.ts'))};
    claimState(${JSON.stringify(folder)}); console.log('claimed'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(() => claimState(folder)).toThrow(`is in use by process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(() => claimState(folder)()).not.toThrow();
});

test('another process that has the number of a run which ended does not hold its state', () => {
  const folder = state();
  writeFileSync(path.join(folder, 'running.json'), JSON.stringify({ pid: process.ppid, start: 'long ago' }));
  expect(() => claimState(folder)()).not.toThrow();
});

test.each(['', '{', '{"pid":1}'])('a claim that was not written to its end (%j) does not hold the state', (text) => {
  const folder = state();
  writeFileSync(path.join(folder, 'running.json'), text);
  const release = claimState(folder);
  expect(JSON.parse(readFileSync(path.join(folder, 'running.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  release();
  expect(existsSync(path.join(folder, 'running.json'))).toBe(false);
});
