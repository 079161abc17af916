import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { digestOf } from '../../src/build/digest.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'edgewise-digest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => path.join(folder, name);
const served = file('public');
mkdirSync(path.join(served, 'deep'), { recursive: true });
writeFileSync(file('app.ts'), 'one');
const digest = () => digestOf({}, { inputs: [file('app.ts')], candidates: [file('styles.css')], served });

test.each([
  ['a source that was saved', () => writeFileSync(file('app.ts'), 'two')],
  ['a source that was removed', () => rmSync(file('app.ts'))],
  ['a style sheet that appeared', () => writeFileSync(file('styles.css'), '')],
  ['a file that is served as it is and was added', () => writeFileSync(path.join(served, 'deep/new.png'), '')],
  ['a file that is served as it is and was removed', () => rmSync(path.join(served, 'deep/new.png'))],
])('%s leads to another build', async (_what, change) => {
  const before = await digest();
  expect(await digest()).toBe(before);
  change();
  expect(await digest()).not.toBe(before);
});

test('an application without a folder of served files has a digest, too', async () => {
  expect(await digestOf({}, { inputs: [], candidates: [], served: '' })).toBe(
    await digestOf({}, { inputs: [], candidates: [], served: file('nowhere') }),
  );
});
