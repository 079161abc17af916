// `npm start` with one compute Worker, in a copy of the repository whose files are edited while it runs.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { descendants, freePort, isAlive, type Process, signalGroup, workerdOf } from '../../src/wrangler/index.ts';
import { launchOptions, openWindow } from '../chromium.ts';
import { expectTruth, limit, type Tab, until, Visitor } from './stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** The calculation takes as long as a busy machine lets it. */
const patience = 90_000;
const lines: string[] = [];
let folder: string;
let port: number;
let npm: ChildProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'edgewise-start-'));
  const needed = [
    'client',
    'docs',
    'examples',
    'src',
    'llms.txt',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ];
  for (const one of [...needed, 'vite.config.ts', 'wrangler.toml', 'wrangler.compute.toml']) {
    await cp(path.join(root, one), path.join(folder, one), { recursive: true });
  }
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  // A tenth of the arithmetic.
  await edit('examples/tasks.ts', (text) => text.replaceAll('sumOfDigits(600_000)', 'sumOfDigits(60_000)'));
  port = await freePort();
  [npm, browser] = await Promise.all([start(lines), chromium.launch(launchOptions())]);
  // It builds first, which takes a minute of a processor beside other files.
  const isReady = () => {
    if (npm.exitCode !== null) throw new Error(`npm start ended early:\n${lines.join('\n')}`);
    return lines.some((line) => line.startsWith('Ready in'));
  };
  await until('npm start says that it is ready', isReady, 3 * limit);
});

afterAll(async () => {
  await browser?.close();
  if (npm?.pid) signalGroup(npm.pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/**
 * Runs `npm start` in the copy; it leads a process group, as in a terminal. It has one compute Worker, because each save builds
 * and each start starts all of them.
 */
async function start(into: string[], at = port): Promise<ChildProcess> {
  const child = spawn('npm', ['start', '--', '--compute', 'wrangler.compute.toml'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: String(at), npm_config_update_notifier: 'false' },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => into.push(...stripVTControlCharacters(String(data)).trimEnd().split('\n')));
  }
  return child;
}

async function open(path: string): Promise<Tab> {
  const context = await openWindow(browser);
  context.setDefaultTimeout(limit);
  const visitor = new Visitor(context, `http://localhost:${port}`);
  const from = lines.length;
  onTestFailed(() => console.error([...visitor.report(), '— npm start', ...lines.slice(from)].join('\n')));
  return visitor.open(path);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const full = path.join(folder, file);
  const text = await readFile(full, 'utf8');
  const changed = change(text);
  expect(changed, `the edit of ${file} should change it`).not.toBe(text);
  await writeFile(full, changed);
}

function wrangler(config: string): Process {
  const found = descendants(npm.pid as number).find(
    ({ command }) => command.includes('wrangler-dist') && command.includes(`/${config} `),
  );
  if (!found) throw new Error(`No wrangler runs ${config}.`);
  return found;
}

test('[TO1] it prints one URL, and the pages are there', async () => {
  expect(lines.filter((line) => /https?:/.test(line))).toEqual([
    expect.stringMatching(new RegExp(`^Ready in .*: http://localhost:${port}$`)),
  ]);
  expect(lines.filter((line) => /Attaching|[│┌├└]/.test(line))).toEqual([]);
  const tab = await open('/');
  await tab.page.getByRole('link', { name: 'CPU' }).click();
  await tab.sees('Result: Pending...');
  await tab.click('Start CPU Task');
  await tab.sees(/^Result: \d{9,}$/, patience);
  await expectTruth(tab);
});

test('[TO1] saving a file changes the page in the browser, keeps its state and does not load it again', async () => {
  const tab = await open('/tutorial/fetch');
  await tab.mark();
  await tab.page.getByLabel('URL').fill('not an address');
  await tab.click('Fetch Content');
  await tab.sees(/^Could not fetch not an address: /);
  await tab.page.getByLabel('URL').fill('half typed');
  await tab.settled();
  // A text, and an element before all others.
  await edit('examples/tutorial/fetch.ts', (text) =>
    text
      .replace("ui.label('Enter a URL", "ui.card(() => ui.label('A new card'));\n  ui.label('Please enter a URL")
      .replace("'Fetch Content'", "'Fetch it'"),
  );
  await tab.sees('A new card');
  await tab.sees('Please enter a URL to fetch its content:');
  await tab.page.getByRole('button', { name: 'Fetch it' }).waitFor();
  expect(await tab.page.getByLabel('URL').inputValue()).toBe('half typed');
  await tab.sees(/^Could not fetch not an address: /);
  await tab.click('Fetch it');
  await tab.sees(/^Could not fetch half typed: /);
  expect(await tab.marked()).toBe(true);
  await expectTruth(tab);
});

test('a class that no page had before is styled once the file is saved', async () => {
  const tab = await open('/tutorial/io');
  await tab.sees('Click the button to start an async task.');
  await edit('examples/tutorial/io.ts', (text) =>
    text.replace("async task.')", "async task.').classes('outline-[7px] outline-solid')"),
  );
  await until('the label has its outline', async () => {
    const label = tab.page.getByText('Click the button to start an async task.', { exact: true });
    return (await label.evaluate((element) => getComputedStyle(element).outlineWidth)) === '7px';
  });
  await expectTruth(tab);
});

test('[TO1] a mistake in a file is told, the page stays, and the mended file works', async () => {
  const tab = await open('/tutorial/io');
  const from = lines.length;
  await edit('examples/tutorial/io.ts', (text) => `${text}\nconst broken = ;\n`);
  await until('the mistake is told', () => lines.slice(from).some((line) => /Unexpected|ERROR|error/.test(line)));
  await tab.sees('Click the button to start an async task.');
  await edit('examples/tutorial/io.ts', (text) =>
    text.replace('\nconst broken = ;\n', '').replace('and I will!', 'and I do!'),
  );
  await tab.sees('I should update immediately after clicking, and I do!');
  await expectTruth(tab);
});

test('[TO1] a server that is killed is started again, which is said; the page goes on', async () => {
  const tab = await open('/tutorial/cpu');
  await tab.mark();
  for (const [name, config] of [
    ['compute', 'compute/wrangler.json'],
    ['app', 'app/wrangler.json'],
  ] as const) {
    const from = lines.length;
    process.kill(wrangler(config).pid, 'SIGKILL');
    const said = (what: RegExp) => lines.slice(from).some((line) => what.test(line));
    await until(`it says that the ${name} server ended`, () => said(new RegExp(`The ${name} server ended by SIGKILL`)));
    await until(`it says that the ${name} server is back`, () => said(new RegExp(`The ${name} server is back`)));
  }
  await until('the page works again', async () => {
    await tab.click('Start CPU Task');
    await tab.settled();
    await tab.page.locator('button:not([aria-busy])', { hasText: 'Start CPU Task' }).waitFor({ timeout: patience });
    return /^Result: \d{9,}$/m.test((await tab.words()).join('\n'));
  });
  expect(await tab.marked()).toBe(true);
});

test('[TO1] a server whose process dies again while it starts is started again; the page goes on', async () => {
  const tab = await open('/');
  await tab.mark();
  await tab.click('Clicked 0 times');
  await tab.settled();
  const server = wrangler('app/wrangler.json');
  const workerd = () => workerdOf(server.pid, port);
  const first = await until('the server runs', workerd);
  process.kill(first, 'SIGKILL');
  const second = await until('wrangler starts another process', () => {
    const pid = workerd();
    return pid === first ? undefined : pid;
  });
  process.kill(second, 'SIGKILL');
  await tab.click('Clicked 1 time');
  await tab.sees('Clicked 2 times');
  expect(await tab.marked()).toBe(true);
});

test('[TO1] npm run kill kills what runs, or one of the two, and the page goes on', async () => {
  const tab = await open('/');
  await tab.mark();
  const kill = async (...which: string[]) => {
    const child = spawn('npm', ['run', '--silent', 'kill', ...which], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        said += stripVTControlCharacters(String(data));
      });
    }
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  };
  await tab.click('Clicked 0 times');
  await tab.settled();
  const both = await kill();
  expect(both.said).toMatch(/Killed the compute server \(workerd, process \d+\)\./);
  expect(both.said).toMatch(/Killed the app server \(workerd, process \d+\)\./);
  expect(both.code).toBe(0);
  await tab.click('Clicked 1 time');
  await tab.sees('Clicked 2 times');
  const one = await kill('app');
  expect(one.said).toMatch(/^Killed the app server .*\n$/);
  await tab.click('Clicked 2 times');
  await tab.sees('Clicked 3 times');
  expect(await tab.marked()).toBe(true);
  expect((await kill('database')).said).toContain('There is no server "database".');
});

test('[TO1] a server that runs and answers nothing is started again within ten seconds, and the page goes on', async () => {
  const tab = await open('/');
  await tab.mark();
  expect(await tab.words()).toContain('Clicked 0 times');
  const from = lines.length;
  // Its code and wrangler's proxies at once: wrangler itself goes on without any of them.
  for (const { pid, command } of descendants(npm.pid as number)) {
    if (/workerd\S* serve/.test(command)) process.kill(pid, 'SIGKILL');
  }
  await until('the app server is back', () => lines.slice(from).some((line) => /The app server is back/.test(line)));
  await tab.click('Clicked 0 times');
  await tab.sees('Clicked 1 time');
  expect(await tab.marked()).toBe(true);
});

test('a second start with the same state is refused with a sentence, and the first one goes on', async () => {
  const said: string[] = [];
  const second = await start(said, await freePort());
  const [code] = (await once(second, 'close')) as [number];
  expect(code).toBe(1);
  expect(said.join('\n')).toMatch(/The state in \S+ is in use by process \d+, which runs this application already\./);
  const tab = await open('/tutorial/cpu');
  await tab.click('Start CPU Task');
  await tab.sees(/^Result: \d{9,}$/, patience);
});

test('a busy port is refused with a sentence that says what to do', async () => {
  const said: string[] = [];
  const second = await start(said);
  const [code] = (await once(second, 'close')) as [number];
  expect(code).toBe(1);
  expect(said.join('\n')).toContain(
    `Port ${port} is in use; stop what uses it, or choose another: PORT=${port + 1} npm start.`,
  );
  expect(said.join('\n')).not.toContain('    at ');
});

test('a signal to npm ends everything that it started', async () => {
  const all = descendants(npm.pid as number);
  expect(all.filter(({ command }) => /workerd\S* serve/.test(command)).length).toBeGreaterThanOrEqual(2);
  npm.kill('SIGTERM');
  await until('all processes are gone', () => all.every(({ pid }) => !isAlive(pid)));
});
