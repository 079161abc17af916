// Which tests prove which guarantee. `npm run guarantees` prints the index; it is generated, so it is never out of step.

import { readdirSync, readFileSync } from 'node:fs';

/** A guarantee of docs/guarantees.md. */
export interface Guarantee {
  readonly id: string;
  readonly title: string;
}

const root = new URL('../', import.meta.url);

/** The guarantees of the paper, in its order. */
export function guarantees(paper: string): Guarantee[] {
  return [...paper.matchAll(/^### ([A-Z]{2}\d+) (.+)$/gm)].map(([, id = '', title = '']) => ({ id, title }));
}

/** The tests that name each id, as `file: title`. A title begins with its ids in brackets. */
export function testsById(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' })) {
    if (!/\.test\.tsx?$/.test(file)) continue;
    const text = readFileSync(new URL(`test/${file}`, root), 'utf8');
    for (const [, ids = '', title = ''] of text.matchAll(/['"`]\[((?:[A-Z]{2}\d+)(?:, [A-Z]{2}\d+)*)\] ([^'"`\n]+)/g)) {
      for (const id of ids.split(', ')) found.set(id, [...(found.get(id) ?? []), `${file}: ${title}`]);
    }
  }
  return found;
}

if (import.meta.main) {
  const tests = testsById();
  for (const { id, title } of guarantees(readFileSync(new URL('docs/guarantees.md', root), 'utf8'))) {
    console.log(`${id} ${title}`);
    for (const each of tests.get(id) ?? ['no test']) console.log(`    ${each}`);
  }
}
