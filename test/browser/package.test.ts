// The package as authors get it: packed, installed in an empty folder, and used by its command. Nothing here sees the
// repository. The templates have the same packages, so they share one installation. A build costs most, so each template is
// built once: hello by preview, dashboard with a mistake that no deployment may have, chat for another environment.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { readBudgets } from '../../bench/budgets.ts';
import { packageBin } from '../../src/cli/package-bin.ts';
import { descendants, freePort, isAlive, runningServers, signalGroup } from '../../src/wrangler/index.ts';
import { pack } from '../../tools/package.ts';
import { launchOptions, openWindow } from '../chromium.ts';
import { limit, type Tab, until, Visitor } from './stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** A calculation takes three seconds of a whole processor, and on a busy machine it does not get one. */
const patience = 90_000;
const templates = ['hello', 'dashboard', 'chat'] as const;
let folder: string;
let archive: string;
let browser: Browser;

/** The environment of somebody at a terminal: nothing of the tests around it. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|npm_|TEST$|MODE$|PROD$|DEV$|WRANGLER_|MINIFLARE_)/.test(name),
  ),
);

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a command in a folder below the test's own, to its end. */
async function run(
  where: string,
  program: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { cwd: path.join(folder, where), env: { ...environment, ...more }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({
          code: error ? Number(error.code ?? 1) : 0,
          output: stripVTControlCharacters(`${stdout}${stderr}`),
        }),
    );
  });
}

const edgewise = (where: string, args: readonly string[], more?: NodeJS.ProcessEnv) =>
  run(where, process.execPath, [path.join(folder, where, 'node_modules/edgewise/src/cli/bin.js'), ...args], more);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'edgewise-package-'));
  // A name of its own, because npm takes an archive of a known name from its cache.
  archive = path.join(folder, `${path.basename(folder).toLowerCase()}.tgz`);
  await rename(await pack(folder), archive);
  const npm = run('.', 'npm', ['exec', '--yes', `--package=${archive}`, '--', 'edgewise', 'new', 'hello']);
  const [made, started] = await Promise.all([npm, chromium.launch(launchOptions())]);
  browser = started;
  expect(made.code, made.output).toBe(0);
  for (const template of templates.slice(1)) {
    const { code, output } = await edgewise('hello', ['new', `../${template}`, '--template', template, '--no-install']);
    expect(code, output).toBe(0);
    await symlink(path.join(folder, 'hello/node_modules'), path.join(folder, template, 'node_modules'));
  }
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('the package', () => {
  test('is small, and has code, declarations and maps of every entry point, no test, and no link to the repository', async () => {
    const { output } = await run('.', 'tar', ['tzf', archive]);
    const files = output
      .trim()
      .split('\n')
      .map((file) => file.replace(/^package\//, ''));
    expect((await stat(archive)).size).toBeLessThanOrEqual(350_000);
    expect(
      files.filter((file) => /^(test|bench|docs)\/|\.test\.[jt]s/.test(file) && !file.startsWith('templates/')),
    ).toEqual([]);
    expect(files.filter((file) => /^(src|client)\/.*\.tsx?$/.test(file))).toEqual([]);
    const { exports } = JSON.parse(
      await readFile(path.join(folder, 'hello/node_modules/edgewise/package.json'), 'utf8'),
    );
    for (const [entry, leads] of Object.entries<{ types?: string; default?: string } | string>(exports)) {
      for (const file of typeof leads === 'string' ? [leads] : Object.values(leads))
        expect(files, entry).toContain(file.slice(2));
    }
    const maps = files.filter((file) => file.endsWith('.js.map'));
    for (const file of files.filter((each) => /\/module\.js$/.test(each))) expect(maps).toContain(`${file}.map`);
    const map = JSON.parse(
      await readFile(path.join(folder, 'hello/node_modules/edgewise/src/elements/module.js.map'), 'utf8'),
    );
    expect(map.sources).toContain('edgewise:///src/session/session.ts');
    for (const file of ['README.md', 'llms.txt']) {
      const text = await readFile(path.join(folder, 'hello/node_modules/edgewise', file), 'utf8');
      expect(text, `${file} leads to no file of the repository`).not.toMatch(/\]\((?!https:)/);
    }
  });

  test.concurrent.each([
    ['publint', 'publint', ['--strict']],
    [
      '@arethetypeswrong/cli',
      'attw',
      ['--profile', 'esm-only', '--exclude-entrypoints', './styles.css', '--format', 'ascii'],
    ],
  ])('passes %s', async (name, bin, args) => {
    const { code, output } = await run('.', process.execPath, [packageBin(name, bin), archive, ...args]);
    expect(code, output).toBe(0);
  });

  test.concurrent('has types that hold under strict settings, with the declarations of libraries checked too', async () => {
    const strict = path.join(folder, 'chat/tsconfig.strict.json');
    const { compilerOptions } = JSON.parse(await readFile(path.join(folder, 'chat/tsconfig.json'), 'utf8'));
    await writeFile(
      strict,
      JSON.stringify({
        compilerOptions: {
          ...compilerOptions,
          skipLibCheck: false,
          exactOptionalPropertyTypes: true,
          noImplicitOverride: true,
          noPropertyAccessFromIndexSignature: true,
        },
        files: ['app.ts', 'compute.ts', 'tasks.ts', 'app.test.ts'],
      }),
    );
    const { code, output } = await run('chat', process.execPath, [
      path.join(folder, 'hello/node_modules/typescript/bin/tsc'),
      '-p',
      strict,
    ]);
    expect(code, output).toBe(0);
  });

  test('makes an application that depends on the package that it was run from', async () => {
    const { dependencies, name } = JSON.parse(await readFile(path.join(folder, 'hello/package.json'), 'utf8'));
    expect({ dependencies, name }).toEqual({ name: 'hello', dependencies: { edgewise: `file:${archive}` } });
  });

  test('is what `npm create edgewise` runs', async () => {
    await mkdir(path.join(folder, 'create/node_modules/create-edgewise'), { recursive: true });
    await cp(path.join(root, 'packages/create-edgewise'), path.join(folder, 'create/node_modules/create-edgewise'), {
      recursive: true,
    });
    await symlink(path.join(folder, 'hello/node_modules/edgewise'), path.join(folder, 'create/node_modules/edgewise'));
    const { code, output } = await run('create', process.execPath, [
      'node_modules/create-edgewise/index.js',
      'mine',
      '--no-install',
    ]);
    expect(code, output).toBe(0);
    expect(output).toContain('Made mine from the template hello.');
  });
});

test.concurrent.each(templates)('the template %s is typed, and its tests pass', async (template) => {
  const { code, output } = await run(template, 'npm', ['test', '--', `--testTimeout=${patience}`]);
  expect(code, output).toBe(0);
  expect(output).toMatch(/Tests .*2 passed/);
});

describe('an application', () => {
  const lines: string[] = [];
  let running: ChildProcess | undefined;
  let port: number;

  /** Runs a script of the application; it leads a process group, as in a terminal. */
  async function start(script: 'dev' | 'preview', ready: RegExp): Promise<ChildProcess> {
    port = await freePort();
    lines.length = 0;
    running = spawn('npm', ['run', script, '--', '--port', String(port)], {
      cwd: path.join(folder, 'hello'),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
    });
    for (const stream of [running.stdout, running.stderr]) {
      stream?.on('data', (data) => lines.push(...stripVTControlCharacters(String(data)).trimEnd().split('\n')));
    }
    await until(`${script} says that it is ready`, () => lines.some((line) => ready.test(line)), 2 * limit).catch(
      (error) => {
        throw new Error(`${error.message} It wrote:\n${lines.join('\n')}`);
      },
    );
    return running;
  }

  async function visit(): Promise<Tab> {
    const context = await openWindow(browser);
    context.setDefaultTimeout(limit);
    const visitor = new Visitor(context, `http://localhost:${port}`);
    onTestFailed(() => console.error([...visitor.report(), '— terminal', ...lines].join('\n')));
    const tab = await visitor.tab();
    await tab.page.goto(visitor.url('/'));
    return tab;
  }

  /**
   * Leaves the application with mistakes of several kinds, as somebody finds it after a night. Returns what mends one
   * after the other, and looks at what the page and the terminal say meanwhile.
   */
  async function breakEverything(): Promise<(tab: Tab) => Promise<void>> {
    const file = (name: string) => path.join(folder, 'hello', name);
    const [app, tasks] = await Promise.all(['app.ts', 'tasks.ts'].map((name) => readFile(file(name), 'utf8')));
    const above = (line: string) => app?.replace('const app =', `${line}\nconst app =`) ?? '';
    await writeFile(file('app.ts'), above("import './missing.ts';"));
    await writeFile(file('tasks.ts'), `${tasks}export const half = ;\n`);
    return async (tab) => {
      const shows = (what: RegExp) => tab.page.locator('edgewise-mistake').getByText(what).first().waitFor();
      await shows(/missing\.ts.*Does the file exist/);
      await shows(/app\.ts:5:/);
      await writeFile(file('app.ts'), above('const broken = = 1;'));
      await shows(/app\.ts:5:/);
      await shows(/Unexpected token/);
      await writeFile(file('app.ts'), above('undefined.call();'));
      await shows(/app\.ts:5:11/);
      await writeFile(file('app.ts'), app ?? '');
      await tab.sees('Clicked 0 times');
      await shows(/tasks\.ts:11:/);
      await writeFile(file('tasks.ts'), tasks ?? '');
      await until('no mistake is left', async () => (await tab.page.locator('edgewise-mistake').count()) === 0);
      for (const what of ['Does the file exist', "reading 'call'", 'export const half'])
        expect(lines.filter((line) => line.includes(what))).toHaveLength(1);
    };
  }

  /**
   * Ends what npm runs: by Ctrl-C, which every process of the terminal gets, or by asking npm alone, as a terminal that closes
   * does. Waits until nothing of it runs.
   */
  async function end(npm: ChildProcess, by: 'Ctrl-C' | 'SIGTERM'): Promise<void> {
    const pid = npm.pid as number;
    const all = descendants(pid);
    expect(all.some(({ command }) => /workerd\S* serve/.test(command))).toBe(true);
    const ended = once(npm, 'exit');
    if (by === 'Ctrl-C') signalGroup(pid, 'SIGINT');
    else npm.kill(by);
    await ended;
    await until('all processes are gone', () => all.every(({ pid }) => !isAlive(pid)));
    expect(lines.filter((line) => /^npm err/i.test(line))).toEqual([]);
  }

  afterEach(() => {
    if (running?.pid) signalGroup(running.pid, 'SIGKILL');
    running = undefined;
  });

  test.each([
    ['dev', 'Ctrl-C', /Local:.*http/],
    ['preview', 'SIGTERM', /^Ready in/],
  ] as const)(
    'under `npm run %s` computes, outlives a kill in the middle of its first job with every click, refuses a second run, and leaves no process after %s',
    async (script, signal, ready) => {
      const mend = script === 'dev' ? await breakEverything() : async () => {};
      await writeFile(
        path.join(folder, 'hello/client.ts'),
        "import 'edgewise/client';\ndocument.body.dataset.own = 'yes';\n",
      );
      const npm = await start(script, ready);
      expect(
        lines.some((line) => line.startsWith('$ ')),
        'it prints what it runs',
      ).toBe(true);
      const tab = await visit();
      await mend(tab);
      await tab.page.locator('body[data-own=yes]').waitFor();
      const entries = () => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      const clients = (await tab.page.evaluate(entries)).filter((file) => /edgewise\/client\/index\.js$/.test(file));
      expect(clients, 'one client runs, beside a module of the author that imports it').toHaveLength(
        script === 'dev' ? 1 : 0,
      );
      const state = path.join(folder, 'hello/.wrangler/state');
      await until('both servers run', () => runningServers(state).length === 2);
      await tab.click('Clicked 0 times');
      await tab.sees('Clicked 1 time');
      await tab.settled();
      await tab.click('Calculate');
      await tab.sees('Calculating…');
      const killed = await edgewise('hello', ['kill']);
      expect(killed.output).toMatch(/Killed the compute server \(workerd, process \d+\)\./);
      expect(killed.output).toMatch(/Killed the app server \(workerd, process \d+\)\./);
      await tab.click('Clicked 1 time');
      await tab.sees('Clicked 2 times', patience);
      await tab.sees(/^Result: \d+$/, patience);
      // Only the killed processes are started again: Vite and its connections stay.
      expect(lines.filter((line) => /server restarted/.test(line))).toEqual([]);
      const second = await edgewise('hello', [script, '--port', String(await freePort())]);
      expect(second.code).toBe(1);
      expect(second.output).toMatch(/is in use by process \d+, which runs this application already/);
      expect(second.output).not.toContain('    at ');
      await end(npm, signal);
    },
    // Longer than both of its waits together, so that what is missing is named instead of the time.
    4 * patience,
  );

  test('is small when it is deployed, and wrangler accepts both of its Workers', async () => {
    const dry = await edgewise('hello', ['deploy', '--dry-run']);
    expect(dry.code, dry.output).toBe(0);
    expect(dry.output.match(/--dry-run: exiting now/g)).toHaveLength(2);
    expect(dry.output).toContain('make SESSION_SECRET of hello, unless it has one');
    const size = gzipSync(await readFile(path.join(folder, 'hello/dist/app/index.js')), { level: 9 }).length;
    expect(size).toBeLessThan(156_000);
    // As small as from the repository's sources, although the package has other files.
    const client = path.join(folder, 'hello/dist/client/_edgewise');
    const [core = '', ...others] = (await readdir(client)).filter((name) => /^core-.*\.js$/.test(name));
    expect(others).toEqual([]);
    const { sizes } = await readBudgets();
    const first = gzipSync(await readFile(path.join(client, core)), { level: 9 }).length;
    expect(first).toBeLessThan(1.01 * (sizes.script as number));
  });

  test('is deployed beside production with the compute Worker first and a secret that is made once', async () => {
    // A wrangler that answers as an account on which nothing exists, and notes what it is asked.
    const stub = path.join(folder, 'wrangler.mjs');
    const log = path.join(folder, 'wrangler.log');
    await writeFile(
      stub,
      `import { appendFileSync } from 'node:fs';
       const args = process.argv.slice(2);
       appendFileSync(${JSON.stringify(log)}, args.join(' ') + '\\n');
       if (args[0] === 'secret') console.error('This Worker does not exist on your account. [code: 10007]');
       process.exit(args[1] === 'info' || args[0] === 'secret' ? 1 : 0);`,
    );
    const deployed = await edgewise('chat', ['deploy', '--env', 'staging'], { EDGEWISE_WRANGLER: stub });
    expect(deployed.code, deployed.output).toBe(0);
    expect(deployed.output).toContain('To undo it, from the last step to the first:');
    const calls = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/\S*\//g, ''));
    expect(calls).toEqual([
      'queues info chat-jobs-staging',
      'queues create chat-jobs-staging',
      'queues info chat-jobs-staging-dead',
      'queues create chat-jobs-staging-dead',
      'deploy --config wrangler.staging.json',
      'secret list --name chat-staging --format json',
      'deploy --config wrangler.staging.json --secrets-file secrets.json',
    ]);
  });

  test('that calls a task which no compute Worker has is built with a warning and not deployed; a sentence names the place', async () => {
    const sentence =
      'app.ts:12 calls the task "repotr", which the compute Worker of COMPUTE does not have. It has: report.';
    const file = path.join(folder, 'dashboard/app.ts');
    await writeFile(file, (await readFile(file, 'utf8')).replace('tasks.report,', 'tasks.repotr,'));
    const built = await edgewise('dashboard', ['build']);
    expect(built.code, built.output).toBe(0);
    expect(built.output).toContain(`Warning: ${sentence}`);
    expect(built.output).toContain('Built.');
    const deployed = await edgewise('dashboard', ['deploy'], { EDGEWISE_WRANGLER: '/nowhere' });
    expect(deployed.code).toBe(1);
    expect(deployed.output).toContain(`Nothing was deployed.\n${sentence}`);
  });

  test('gets the types of its bindings, and all its types are checked', async () => {
    const { code, output } = await edgewise('hello', ['types']);
    expect(code, output).toBe(0);
    const written = await readFile(path.join(folder, 'hello/env.d.ts'), 'utf8');
    expect(written).toMatch(/SESSION: DurableObjectNamespace;/);
    expect(written).not.toMatch(/import\(|EDGEWISE_/);
  });

  test('that fits has no findings of the doctor', async () => {
    const { code, output } = await edgewise('hello', ['doctor']);
    expect(output).toContain('Everything fits.');
    expect(code).toBe(0);
  });
});
