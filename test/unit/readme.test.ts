import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** The code blocks of a language, without a first line that only names the file. */
function blocks(markdown: string, language: string): string[] {
  const found = [...markdown.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))];
  return found.map(([, code = '']) => code.replace(/^\/\/ \S+\.ts: .*\n/, ''));
}

test("the README's first example is a file of the project, word for word", () => {
  const [app, compute] = blocks(read('README.md'), 'ts');
  expect(app).toBe(read('examples/hello/app.ts'));
  expect(compute).toBe(read('examples/hello/compute.ts'));
});

test('the README is one screen and a half, with the two commands on the first screen', () => {
  const lines = read('README.md').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(80);
  const first = lines.slice(0, 30).join('\n');
  for (const command of ['npm ci && npm start', 'npm create edgewise@latest']) expect(first).toContain(command);
});

test('every script that the papers name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [
    ...`${read('README.md')}${read('CONTRIBUTING.md')}`.matchAll(/npm run ([\w:]+)|`(test:\w+|bench:\w+)`/g),
  ];
  for (const [, run, short] of named) expect(Object.keys(scripts)).toContain(run ?? short);
});
