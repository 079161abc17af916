// Pages as `edgewise/vite` builds them: what is assigned to a variable has the variable's name, and keeps its value when
// the lines around it change.

import { parseSync } from 'rolldown/utils';
import { resolveConfig } from 'vite';
import { describe, expect, test } from 'vitest';
import { named, ui } from '../../src/index.ts';
import { open, type User } from '../../src/testing/index.ts';
import { edgewise } from '../../src/vite/index.ts';
import { nameVariables } from '../../src/vite/variable-names.ts';

const head = "import { ui } from 'edgewise';\n";

function transform(code: string) {
  return nameVariables(code, parseSync('page.js', code).program);
}

/** The builder of a page with these lines, as the plugin makes it. */
function builder(lines: string): () => void {
  const { code } = transform(head + lines) ?? { code: head + lines };
  const body = code.replaceAll(/^.*import \{ ui \} from 'edgewise';\n/gm, '');
  const build = new Function('ui', '__edgewise_named', body) as (api: typeof ui, name: typeof named) => void;
  return () => build(ui, named);
}

/** Uses the page of the first lines, saves the second lines under it, and returns the user of the page. */
async function saved(before: string, use: (user: User) => void, after: string): Promise<User> {
  const user = await open({ '/': builder(before) });
  use(user);
  await user.advance('3s');
  user.server.deploy({ '/': builder(after) });
  user.server.kill();
  await user.advance('3s');
  return user;
}

const page = (user: User) => JSON.stringify(user.browser.literal());
const dropped = (user: User) =>
  user.server.log.flatMap(({ level, message }) => (level === 'warning' && /Dropped/.test(message) ? [message] : []));

const name = "const name = ui.state('nobody');\n";
const count = 'const count = ui.state(0);\n';
const show = "ui.label(() => `${name.value}, ${typeof count === 'undefined' ? '' : count.value}`);\n";
const use = "ui.button('Ann', () => void (name.value = 'Ann'));\nui.button('More', () => void count.value++);\n" + show;
const press = (user: User) => {
  user.find('Ann').click();
  user.find('More').click();
  user.find('More').click();
};

describe('what a page keeps under a save', () => {
  test.each<[what: string, after: string, seen: string]>([
    ['a line of the same type is inserted above', `const street = ui.state('none');\n${name}${count}${use}`, 'Ann, 2'],
    ['a line of the same type is inserted between', `${name}const age = ui.state(7);\n${count}${use}`, 'Ann, 2'],
    ['the lines are swapped', `${count}${name}${use}`, 'Ann, 2'],
    ['the line below it is removed', `${name}ui.button('Ann', () => {});\nui.label(() => name.value);`, 'Ann'],
    ['the line above it is removed', `${count}ui.label(() => \`count \${count.value}\`);`, 'count 2'],
    ['comments and blank lines come above', `// A comment\n\n\n${name}\n\n${count}${use}`, 'Ann, 2'],
    ['a state without a variable comes above', `ui.label(ui.state('x').value);\n${name}${count}${use}`, 'Ann, 2'],
  ])('states keep their values when %s', async (_what, after, seen) => {
    using user = await saved(name + count + use, press, after);
    expect(page(user)).toContain(seen);
  });

  test('a state whose variable is renamed begins anew, alone, and that is told by its name', async () => {
    using user = await saved(
      name + count + use,
      press,
      `const person = ui.state('nobody');\n${count}ui.label(() => \`\${person.value}, \${count.value}\`);`,
    );
    expect(page(user)).toContain('nobody, 2');
    expect(dropped(user).join()).toContain('the state "name"');
  });

  test('a state whose value gets another type begins anew', async () => {
    using user = await saved(name + count + use, press, `${name}const count = ui.state('none');\n${show}`);
    expect(page(user)).toContain('Ann, none');
  });

  test('private states of a class keep their values when one of the same type comes above', async () => {
    const limits = (more: string) => `class Limits {
      ${more}
      #low = ui.state(0);
      #high;
      constructor() { this.#high = ui.state(100); }
      raise() { this.#low.value = 5; this.#high.value = 50; }
      get text() { return \`\${this.#low.value} to \${this.#high.value}\`; }
    }
    const limits = new Limits();
    ui.button('Raise', () => limits.raise());
    ui.label(() => limits.text);\n`;
    using user = await saved(limits(''), (user) => user.find('Raise').click(), limits('#step = ui.state(1);'));
    expect(page(user)).toContain('5 to 50');
    expect(dropped(user)).toEqual([]);
  });

  const rows = (items: string) => `for (const item of ${items}) {
    const open = ui.state(false);
    ui.label(() => \`\${item} is \${open.value}\`);
    ui.button(\`Open \${item}\`, () => void (open.value = true));
  }\n`;

  test('the states of a loop keep their values when lines move around it', async () => {
    using user = await saved(
      rows("['a', 'b']"),
      (user) => user.find('Open b').click(),
      `const open = 1;\nconst other = ui.state(false);\n${rows("['a', 'b']")}`,
    );
    expect(page(user)).toContain('a is false');
    expect(page(user)).toContain('b is true');
  });

  test('a loop with one row more gives no row the state of another, and that is told', async () => {
    using user = await saved(
      count +
        rows("['a', 'b']") +
        "ui.button('More', () => void count.value++);\nui.label(() => `count ${count.value}`);",
      (user) => {
        user.find('Open b').click();
        user.find('More').click();
      },
      `${count}${rows("['c', 'a', 'b']")}ui.label(() => \`count \${count.value}\`);`,
    );
    for (const row of ['a', 'b', 'c']) expect(page(user)).toContain(`${row} is false`);
    expect(page(user)).toContain('count 1');
    expect(dropped(user).join()).toContain('the state "open"');
  });

  test('a function that is called twice has two states, which keep their values when lines move', async () => {
    const counter = `function counter(name) {
      const count = ui.state(0);
      ui.button(() => \`\${name} \${count.value}\`, () => void count.value++);
    }\n`;
    using user = await saved(
      `${counter}counter('left');\ncounter('right');`,
      (user) => {
        user.find('right 0').click();
      },
      `const age = ui.state(5);\n${counter}counter('left');\nui.label('between');\ncounter('right');`,
    );
    expect(page(user)).toContain('left 0');
    expect(page(user)).toContain('right 1');
  });

  test('an element keeps what a handler has set or waits for when another of its kind is inserted above', async () => {
    const lines = `const said = ui.label('nothing');
      const ask = ui.dialog(() => ui.button('Close', () => ask.close('fine')));
      ui.button('Ask', async () => {
        said.text = 'asked';
        said.text = String(await ask.result());
      });`;
    using user = await saved(
      lines,
      (user) => {
        user.find('Ask').click();
      },
      `const title = ui.label('the title');\nconst help = ui.dialog(() => ui.label('some help'));\n${lines}`,
    );
    expect(user.find('the title').exists).toBe(true);
    expect(user.find('asked').exists).toBe(true);
    expect(user.sees('some help')).toBe(false);
    user.find('Close').click();
    await user.advance('3s');
    expect(user.sees('fine')).toBe(true);
    expect(user.server.errors).toEqual([]);
  });

  test('elements without a label keep what was typed when another of the kind is inserted above', async () => {
    const field = (variable: string) => `const ${variable} = ui.input('').props({ 'data-mark': '${variable}' });\n`;
    const text = 'ui.label(() => `${first.value}/${last.value}`);';
    using user = await saved(
      field('first') + field('last') + text,
      (user) => user.find({ mark: 'last' }).fill('Ada'),
      field('zeroth') + field('first') + field('last') + text,
    );
    expect(page(user)).toContain('"/Ada"');
  });
});

describe('the transform', () => {
  test.each<[what: string, line: string, named: string]>([
    ['a variable', 'const count = ui.state(0);', 'const count = __edgewise_named("count", ui.state)(0);'],
    ['an assignment', 'let count; count = ui.state(0);', 'count = __edgewise_named("count", ui.state)(0);'],
    ['a property', 'const all = { count: ui.state(0) };', 'count: __edgewise_named("count", ui.state)(0)'],
    ['a field', 'class Page { count = ui.state(0); }', 'count = __edgewise_named("count", ui.state)(0);'],
    ['a member', 'this.count = ui.state(0);', 'this.count = __edgewise_named("count", ui.state)(0);'],
    [
      'a chain',
      "const f = ui.input('').classes('w-60').props({ id: 'f' });",
      "const f = __edgewise_named(\"f\", ui.input)('').classes('w-60').props({ id: 'f' });",
    ],
  ])('names what %s gets', (_what, line, named) => {
    expect(transform(head + line)?.code).toContain(named);
  });

  test.each<[what: string, code: string]>([
    ['a module that does not import ui', "import { ui } from './own.js';\nconst count = ui.state(0);"],
    ['a value without a variable', `${head}ui.state(0);`],
    ['a computed member', `${head}const count = ui['state'](0);`],
    ['another object', `${head}const count = other.state(0);`],
    ['a pattern', `${head}const { value } = ui.state(0);`],
  ])('leaves %s alone', (_what, code) => {
    expect(transform(code)).toBeUndefined();
  });

  test.each([
    [
      'under another name',
      "import { ui as u } from 'edgewise';\nconst count = u.state(0);",
      'named("count", u.state)(0)',
    ],
    [
      'with all of the package',
      "import * as e from 'edgewise';\nconst n = e.ui.state(0);",
      'named("n", e.ui.state)(0)',
    ],
  ])('knows ui that a module imports %s', (_how, code, named) => {
    expect(transform(code)?.code).toContain(named);
  });

  test('gives no line another number, and a source map leads to the columns', () => {
    const code = `${head}// first\nconst count = ui.state(0);\nconst after = 1;\n`;
    const built = transform(code);
    expect(built?.code.split('\n').map((line) => line.slice(-4))).toEqual(
      code.split('\n').map((line) => line.slice(-4)),
    );
    expect(built?.map.mappings.split(';')).toHaveLength(5);
  });
});

test('a message names a state by its variable', async () => {
  using user = await open({
    '/': builder("const day = ui.state(0);\nui.button('Go', () => void (day.value = () => 1));\n"),
  });
  user.find('Go').click();
  await user.advance('1s');
  expect(user.server.errors.map(String)).toEqual([
    expect.stringMatching(/^TypeError: The state "day" cannot be stored: the value is a function\./),
  ]);
});

test('a misspelt function is named by the variable that it makes', () => {
  expect(builder('const count = ui.stat(0);')).toThrow(
    'The variable "count" is made by a function that ui does not have.',
  );
});

test('tests of an application have the names, too, so that a deployment there keeps what a real one keeps', async () => {
  const { plugins } = await resolveConfig({ configFile: false, plugins: [edgewise()] }, 'serve', 'test');
  const active = plugins.filter(({ name }) => name.startsWith('edgewise'));
  expect(active.map(({ name }) => name)).toEqual(['edgewise:variable-names']);
  expect(active[0]?.applyToEnvironment?.({ name: 'ssr' } as never)).toBe(true);
});
