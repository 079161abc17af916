/// <reference path="../../examples/raw.d.ts" />
// The scripts of examples/script_executor, in real isolates of a Worker Loader.

import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import hello from '../../examples/script_executor/hello.js?raw';
import slow from '../../examples/script_executor/slow.js?raw';
import type * as Tasks from '../../examples/script_executor/tasks.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import { run, taskHost } from '../../src/tasks/index.ts';
import { host } from './bindings-host.ts';

const tasks = run.tasks<typeof Tasks>('SCRIPTS');

async function result(script: string, ...args: string[]) {
  return taskHost.run(host, async () => {
    const lines: string[] = [];
    const job = run.cpuBound(tasks.runScript, script, args);
    for await (const line of job.chunks) lines.push(line);
    return { lines, ...(await job) };
  });
}

const main = (body: string) => `export default async function main() {\n${body}\n}`;

test('the page can ask whether there is a Worker Loader', async () => {
  expect(await taskHost.run(host, async () => run.cpuBound(tasks.hasLoader))).toBe(true);
});

test('a script gets its arguments as they are, and everything that it writes to the console is a line', async () => {
  expect(await result(hello)).toEqual({ lines: ['Hello world!'], ok: true, text: 'Done.' });
  const quoted = '"; process.exit(); //`${1}`\n<b>';
  expect((await result(hello, quoted)).lines).toEqual([`Hello ${quoted}!`]);
  const values = main("console.info('%s is', 'it', { a: [1n] }); console.error(undefined, null); console.log();");
  expect((await result(values)).lines).toEqual(['it is { a: [ 1n ] }', 'undefined null', '']);
});

test('lines arrive while the script runs', async () => {
  await taskHost.run(host, async () => {
    const job = run.cpuBound(tasks.runScript, slow);
    const first = await job.chunks[Symbol.asyncIterator]().next();
    expect([first.value, job.status.value]).toEqual(['This takes five seconds.', 'running']);
    job.cancel();
    await expect(async () => await job).rejects.toThrow('cancelled');
  });
});

test.each([
  [
    'throws',
    main("console.log('before');\nnull.length;"),
    ['before'],
    /^It threw TypeError: Cannot read prop.* in line 3\.$/,
  ],
  ['throws what is no error', main('throw "up";'), [], /^It threw up\.$/],
  ['is no JavaScript', 'export default function main( {', [], /^It was ended: SyntaxError: .* in line 1\.$/],
  ['has no main function', "console.log('x');", [], /no line "export default function main\(\) \{"/],
  ['asks the network', main("await fetch('http://127.0.0.1/');"), [], /not permitted to access the internet/],
  [
    'opens a socket',
    `import { connect } from 'cloudflare:sockets';\n${main("await connect('127.0.0.1:80').opened;")}`,
    [],
    /not permitted/,
  ],
  [
    'looks for bindings',
    `import { env } from 'cloudflare:workers';\n${main('console.log(Object.keys(env).length);')}`,
    ['0'],
    /^Done\.$/,
  ],
  ['makes code of texts', main("eval('1');"), [], /EvalError/],
])('a script that %s ends with a sentence', async (_what, script, lines, text) => {
  const ended = await result(script);
  expect(ended.lines).toEqual(lines);
  expect(ended.text).toMatch(text);
});

test('a script that floods the console is ended, also when it catches what then throws', async () => {
  const flood = main("for (let i = 0; i < 5_000; i++) try { console.log('line', i); } catch {}");
  const { lines, ok, text } = await result(flood);
  expect(lines).toHaveLength(1_000);
  expect([ok, text]).toEqual([false, 'It was ended: it wrote more than 1000 lines or 100000 characters.']);
  expect((await result(main("console.log('x'.repeat(200_000));"))).lines).toEqual([]);
});

const tooMuch = 'It was ended: it wrote more than 1000 lines or 100000 characters.';
const changed = 'It was ended: it has changed how its lines are written.';
const encodes = (line: string) => `TextEncoder.prototype.encode = () => ${line};`;

test.each([
  ['megabytes without a line', encodes('new Uint8Array(3_000_000).fill(120)'), tooMuch],
  ['one long line', encodes("Buffer.from(JSON.stringify('x'.repeat(200_000)) + '\\n')"), tooMuch],
  ['too many lines', encodes(`Buffer.from('""\\n'.repeat(2_000))`), tooMuch],
  ['what is no JSON', encodes("Buffer.from('x\\n')"), changed],
  ['JSON of another shape', 'JSON.stringify = () => null;', changed],
  ['an ending of other types', `JSON.stringify = () => '{"ok":"yes","text":{"a":1}}';`, changed],
  [
    'an ending that is long',
    `JSON.stringify = () => \`{"ok":true,"text":"\${'x'.repeat(5_000)}"}\`;`,
    `${'x'.repeat(999)}…`,
  ],
])('a script that makes its isolate send %s ends with a sentence', async (_what, patch, text) => {
  const script = `import { Buffer } from 'node:buffer';\n${patch}\n${main("console.log('one');")}`;
  const ended = await result(script);
  expect(Object.keys(ended)).toEqual(['lines', 'ok', 'text']);
  expect(ended.text).toBe(text);
  expect(ended.lines.length).toBeLessThanOrEqual(1_000);
});

test('a script that waits for nothing ends with a sentence', async () => {
  const { ok, text } = await result(main("console.log('one'); await new Promise(() => {});"));
  expect([ok, text]).toEqual([false, expect.stringMatching(/^It was ended/)]);
});

test('a script runs again after its server has died, and no more after a second one', async () => {
  const { SCRIPTS } = env as unknown as { readonly SCRIPTS: ComputeService };
  const call = { task: 'runScript', args: [hello, []] };
  expect(await SCRIPTS.run({ ...call, checkpoint: { value: 1 } } as never)).toHaveProperty('running');
  const third = await SCRIPTS.run({ ...call, checkpoint: { value: 2 } } as never);
  expect(third).toMatchObject({ ok: true, value: { ok: false, text: expect.stringMatching(/^It was ended: two/) } });
});

test('two scripts share nothing', async () => {
  await result(main('globalThis.secret = 42;'));
  expect((await result(main('console.log(globalThis.secret);'))).lines).toEqual(['undefined']);
});
