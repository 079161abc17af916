import { expect, test } from 'vitest';
import { TaskRecorder } from '../../src/vite/task-record.ts';

/** Returns the calls of tasks in modules, each as `binding.task at place`. */
async function usesIn(modules: Readonly<Record<string, string>>): Promise<string[]> {
  const recorder = new TaskRecorder('/app');
  for (const [name, code] of Object.entries(modules)) {
    await recorder.module(`/app/${name}`, code, async (specifier) =>
      specifier.startsWith('.') ? `/app/${specifier.slice(2)}` : specifier,
    );
  }
  return recorder.record.uses.map(({ binding, task, place }) => `${binding}.${task} at ${place}`).sort();
}

const run = "import { run } from 'edgewise';\n";

test.each([
  [
    'a member',
    `${run}const tasks = run.tasks<typeof T>('COMPUTE');\nrun.cpuBound(tasks.report, 1);`,
    ['COMPUTE.report at app.ts:3'],
  ],
  [
    'a member of a module in a class and a function',
    `${run}const t = run.tasks('A');\nclass X { y() { return () => t.one; } }`,
    ['A.one at app.ts:3'],
  ],
  ['a quoted member', `${run}const t = run.tasks('A'); t['one'];`, ['A.one at app.ts:2']],
  ['a member of the call itself', `${run}run.tasks('A').one;`, ['A.one at app.ts:2']],
  [
    'members that a pattern takes',
    `${run}const { one, two: other } = run.tasks('A');`,
    ['A.one at app.ts:2', 'A.two at app.ts:2'],
  ],
  [
    'another name of run',
    "import { run as r } from 'edgewise';\nconst t = r.tasks('A'); t.one;",
    ['A.one at app.ts:2'],
  ],
  [
    'two services',
    `${run}const a = run.tasks('A');\nconst b = run.tasks('B');\na.one; b.one;`,
    ['A.one at app.ts:4', 'B.one at app.ts:4'],
  ],
])('finds %s', async (_, code, uses) => {
  expect(await usesIn({ 'app.ts': code })).toEqual(uses);
});

test.each([
  [
    'a name that a parameter shadows',
    `${run}const tasks = run.tasks('A');\nfunction f(tasks) { return tasks.length; }`,
  ],
  [
    'a name that a variable shadows',
    `${run}const tasks = run.tasks('A');\nfunction f() { const [tasks] = x; return tasks.length; }`,
  ],
  ['a computed member', `${run}const t = run.tasks('A'); t[name];`],
  ['a computed binding', `${run}const t = run.tasks(name); t.one;`],
  ['tasks of something else', "const run = other;\nconst t = run.tasks('A'); t.one;"],
  ['a type', `${run}const t = run.tasks<typeof Tasks.one>('A'); type X = typeof t.one;`],
])('leaves out %s, because it is not certain', async (_, code) => {
  expect(await usesIn({ 'app.ts': code })).toEqual([]);
});

test('follows tasks through the modules that pass them on', async () => {
  expect(
    await usesIn({
      'refs.ts': `${run}export const tasks = run.tasks('A');\nconst b = run.tasks('B');\nexport { b as media };`,
      'all.ts': "export * from './refs.ts';\nexport { media as images } from './refs.ts';",
      'page.ts': "import { tasks, images } from './all.ts';\ntasks.one;\nimages.two;",
      'other.ts': "import { tasks as t } from './refs.ts';\nexport default () => t.three;",
    }),
  ).toEqual(['A.one at page.ts:2', 'A.three at other.ts:2', 'B.two at page.ts:3']);
});

test('modules that export each other in a circle end the search', async () => {
  expect(
    await usesIn({
      'a.ts': "export * from './b.ts';",
      'b.ts': "export * from './a.ts';",
      'page.ts': "import { tasks } from './a.ts';\ntasks.one;",
    }),
  ).toEqual([]);
});
