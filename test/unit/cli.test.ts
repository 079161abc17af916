import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { commands, main } from '../../src/cli/main.ts';
import { isOlder } from '../../src/cli/node-version.ts';
import { buildPeers } from '../../src/cli/own-package.ts';

const root = path.resolve(import.meta.dirname, '../..');
let said: string[];

beforeEach(() => {
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text = '') => void said.push(String(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const names = commands.map(({ name }) => name);

describe('the command edgewise', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('lists its commands when it is given %j', async (args) => {
    await main(args);
    for (const { name, about } of commands) expect(said.join('\n')).toMatch(new RegExp(`${name} +${about}`));
  });

  test.each(names)('shows the help of `%s`, with each of its options', async (name) => {
    await main([name, '--help']);
    const { options, operands } = commands.find((command) => command.name === name) as (typeof commands)[number];
    expect(said.join('\n')).toContain(`edgewise ${name}`);
    for (const option of [...Object.keys(options), 'help']) expect(said.join('\n')).toContain(`--${option}`);
    for (const operand of operands) expect(said.join('\n')).toContain(operand.about);
    const once = said.splice(0).join('\n');
    await main(['help', name]);
    expect(said.join('\n')).toBe(once);
  });

  test.each([
    ['bild', 'build'],
    ['nwe', 'new'],
    ['DEV', 'dev'],
    ['bulid', 'build'],
  ])('suggests the nearest command to `%s`', async (given, nearest) => {
    await expect(main([given])).rejects.toThrow(`Did you mean \`edgewise ${nearest}\`?`);
  });

  test('lists the commands for a word that is near to none', async () => {
    await expect(main(['frobnicate'])).rejects.toThrow(
      `edgewise has no command 'frobnicate'. There are: ${names.join(', ')}.`,
    );
  });

  test.each([
    [['dev', '--prot', '3000'], 'edgewise dev has no option --prot. Did you mean --port? '],
    [['dev', '--port'], "Option '-p, --port <value>' argument missing"],
    [['dev', '--port', 'many'], "A port is a number from 1 to 65535; this is 'many'."],
    [['dev', '--port', '70000'], "A port is a number from 1 to 65535; this is '70000'."],
    [['build', 'dist'], "edgewise build has no use for 'dist'."],
    [['new'], 'edgewise new needs FOLDER: '],
    [['new', 'x', '--template', 'shop'], "There is no template 'shop'. There are: hello, dashboard, chat."],
  ])('refuses %j and says what is wrong', async (args, message) => {
    await expect(main(args)).rejects.toThrow(message);
  });

  test('prints its version', async () => {
    await main(['--version']);
    expect(said).toEqual([
      (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version,
    ]);
  });
});

test('edgewise preview refuses a busy port before it builds, and names its own option', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(main(['preview', '--port', String(port)])).rejects.toThrow(
    `Port ${port} is in use; stop what uses it, or choose another: edgewise preview --port ${port + 1}.`,
  );
  expect(said).toEqual([]);
  other.close();
});

describe('edgewise new', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'edgewise-new-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each(['hello', 'dashboard', 'chat'])(
    'copies the template %s and gives it the name of the folder',
    async (template) => {
      const target = path.join(folder, 'my-app');
      await main(['new', target, '--template', template, '--no-install']);
      const { name, dependencies } = JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8'));
      expect(name).toBe('my-app');
      expect(dependencies).toEqual({ edgewise: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
      expect(readFileSync(path.join(target, 'README.md'), 'utf8')).toMatch(/^# my-app\n/);
      expect(readdirSync(target).length).toBeLessThanOrEqual(10);
      expect(existsSync(path.join(target, '.gitignore'))).toBe(true);
      expect(said.join('\n')).toMatch(/npm install\n {2}npm run dev/);
    },
  );

  test('copies a project by the path of its folder, without what was installed, built, stored and secret there, under its own name, and leaves it as it is', async () => {
    const source = path.join(root, 'examples/csv');
    const project = path.join(folder, 'csv');
    cpSync(source, project, { recursive: true, filter: (file) => path.basename(file) !== '.wrangler' });
    for (const made of ['node_modules', 'dist', '.wrangler']) mkdirSync(path.join(project, made));
    writeFileSync(path.join(project, '.dev.vars'), 'SECRET = "mine"');
    writeFileSync(
      path.join(project, 'wrangler.toml'),
      'name = "csv"\n[[services]]\nbinding = "COMPUTE"\nservice = "csv-compute"\n[vars]\nFORMAT = "csv2"\n',
    );
    const before = readFileSync(path.join(project, 'package.json'), 'utf8');
    const target = path.join(folder, 'my-table');
    await main(['new', target, '--template', project, '--no-install']);
    const made = (file: string) => readFileSync(path.join(target, file), 'utf8');
    expect(JSON.parse(made('package.json'))).toMatchObject({
      name: 'my-table',
      dependencies: { edgewise: expect.stringMatching(/^\d/) },
    });
    expect(made('page.ts')).toBe(readFileSync(path.join(source, 'page.ts'), 'utf8'));
    expect(made('README.md')).toMatch(/^# my-table\n/);
    const left = ['node_modules', 'dist', '.wrangler', '.dev.vars'];
    expect(readdirSync(target).filter((file) => left.includes(file))).toEqual([]);
    // Otherwise a deployment of the copy would replace the Workers of the original.
    expect(made('wrangler.toml')).toBe(
      'name = "my-table"\n[[services]]\nbinding = "COMPUTE"\nservice = "my-table-compute"\n[vars]\nFORMAT = "csv2"\n',
    );
    expect(readFileSync(path.join(project, 'package.json'), 'utf8')).toBe(before);
  });

  test('refuses a folder without a project, and says how to write one that was taken for a template', async () => {
    const target = path.join(folder, 'my-app');
    await expect(main(['new', target, '--template', './nowhere'])).rejects.toThrow('nowhere has no package.json');
    await expect(main(['new', target, '--template', 'nowhere'])).rejects.toThrow('write its path: ./nowhere');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('refuses a folder with files and leaves them alone', async () => {
    const target = path.join(folder, 'mine');
    mkdirSync(target);
    writeFileSync(path.join(target, 'thesis.txt'), 'mine');
    await expect(main(['new', target])).rejects.toThrow('is not empty. Name another one: edgewise new mine-2');
    expect(readdirSync(target)).toEqual(['thesis.txt']);
  });

  test.each([
    ['My App', 'my-app'],
    ['_private_', 'private'],
    ['x'.repeat(70), 'x'.repeat(54)],
  ])('refuses the name `%s`, which no Worker may have, and proposes one', async (name, proposal) => {
    await expect(main(['new', path.join(folder, name)])).rejects.toThrow(
      new RegExp(`cannot be the name of a Worker.* Try: edgewise new .*/${proposal}$`),
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the templates', () => {
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  test.each(globSync('templates/*', { cwd: root }))(
    '%s pins the versions that this repository is tested with',
    (template) => {
      const its = JSON.parse(readFileSync(path.join(root, template, 'package.json'), 'utf8'));
      expect(its.dependencies).toEqual({ edgewise: own.version });
      for (const [name, version] of Object.entries(its.devDependencies))
        expect([name, version]).toEqual([name, own.devDependencies[name]]);
      for (const peer of buildPeers) {
        expect(Object.keys(own.peerDependencies)).toContain(peer);
        expect(Object.keys(its.devDependencies)).toContain(peer);
      }
    },
  );
});

test.each([
  ['20.20.2', '22.12.0', true],
  ['22.11.9', '22.12.0', true],
  ['22.12.0', '22.12.0', false],
  ['24.0.0', '22.12.0', false],
  ['22.12.0-nightly', '22.12.0', false],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});

test('what starts the command imports nothing by name from node:module, because an old Node lacks some and runs `new`', () => {
  const bin = readFileSync(path.join(root, 'src/cli/bin.ts'), 'utf8');
  expect(bin).not.toMatch(/import \{[^}]*\} from 'node:module'/);
});
