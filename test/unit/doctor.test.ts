import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { examine, type Facts } from '../../src/cli/doctor/checks.ts';
import { gather } from '../../src/cli/doctor/facts.ts';

const wanted = { vite: '^8.4.0', wrangler: '^4.151.0' };
const secret = 'a secret of more than thirty-two characters';

/** An application in which everything fits. */
const healthy: Facts & { readonly built: NonNullable<Facts['built']> } = {
  node: '24.0.0',
  wanted,
  installed: { vite: '8.4.2', wrangler: '4.151.0', workerd: '1.20261012.1' },
  workerds: [{ place: 'node_modules/workerd', version: '1.20261012.1' }],
  variables: { '.dev.vars': { SESSION_SECRET: secret }, '.dev.vars.staging': { SESSION_SECRET: `${secret} 2` } },
  built: {
    app: {
      name: 'shop',
      compatibility_date: '2026-10-01',
      durable_objects: { bindings: [{ name: 'SESSION' }, { name: 'SHARED' }] },
      services: [{ binding: 'COMPUTE', service: 'shop-compute' }],
      queues: { producers: [{ binding: 'JOBS', queue: 'shop-jobs' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Session', 'Shared'] }],
    },
    computes: [{ name: 'shop-compute', compatibility_date: '2026-10-19' }],
    sizes: { shop: 150_000 },
    files: 60,
    uses: [{ binding: 'COMPUTE', task: 'report', place: 'app.ts:3' }],
    tasks: { COMPUTE: ['report'] },
    objects: ['SESSION', 'SHARED'],
  },
};

const { built } = healthy;
const withApp = (app: object): Partial<Facts> => ({ built: { ...built, app: { ...built.app, ...app } } });

test('an application in which everything fits has no findings', () => {
  expect(examine(healthy)).toEqual([]);
});

test('an application that does not build is examined all the same', () => {
  const { built: _, ...unbuilt } = healthy;
  expect(examine({ ...unbuilt, node: '20.0.0' })).toHaveLength(1);
});

test('a library that only some elements need may be missing, and has to fit where it is installed', () => {
  const wanted = { ...healthy.wanted, echarts: '^6.1.0' };
  expect(examine({ ...healthy, wanted })).toEqual([]);
  const installed = { ...healthy.installed, echarts: '5.6.0' };
  expect(examine({ ...healthy, wanted, installed })).toMatchObject([
    { level: 'error', what: expect.stringContaining('echarts 5.6.0 does not fit') },
  ]);
});

test.each<[finding: string, level: 'error' | 'warning', changed: Partial<Facts>, what: RegExp, todo: RegExp]>([
  ['an old Node', 'error', { node: '20.20.2' }, /This is Node 20\.20\.2; the commands need 22\.12\.0/, /newer Node/],
  [
    'a missing package',
    'error',
    { installed: { wrangler: '4.151.0' } },
    /vite is not installed/,
    /npm install -D vite@\^8\.4\.0/,
  ],
  [
    'an older package',
    'error',
    { installed: { ...healthy.installed, vite: '8.3.9' } },
    /vite 8\.3\.9 does not fit/,
    /vite@\^8\.4\.0/,
  ],
  [
    'another major version',
    'error',
    { installed: { ...healthy.installed, wrangler: '5.0.0' } },
    /wrangler 5\.0\.0 does not fit/,
    /wrangler@\^4\.151\.0/,
  ],
  [
    'two workerd',
    'warning',
    {
      workerds: [...healthy.workerds, { place: 'node_modules/wrangler/node_modules/workerd', version: '1.20261102.1' }],
    },
    /have 2 workerd \(1\.20261012\.1 in node_modules\/workerd, 1\.20261102\.1 in/,
    /Give @cloudflare\/vite-plugin the miniflare and workerd of wrangler/,
  ],
  [
    'a date that workerd does not know',
    'error',
    withApp({ compatibility_date: '2026-11-01' }),
    /date 2026-11-01; the installed workerd 1\.20261012\.1 ends at 2026-10-19/,
    /"2026-10-19" or an earlier/,
  ],
  [
    'a date before the oldest',
    'error',
    withApp({ compatibility_date: '2026-05-01' }),
    /needs 2026-10-01/,
    /compatibility_date = "2026-10-01"/,
  ],
  [
    'no binding of sessions',
    'error',
    withApp({ durable_objects: { bindings: [{ name: 'SHARED' }] } }),
    /no Durable Object binding SESSION/,
    /class_name = "Session"/,
  ],
  [
    'no binding of shared values',
    'error',
    withApp({ durable_objects: { bindings: [{ name: 'SESSION' }] } }),
    /no Durable Object binding SHARED/,
    /class_name = "Shared"/,
  ],
  [
    'no binding of a service',
    'error',
    withApp({ services: [] }),
    /app\.ts:3 calls a task of COMPUTE, and shop has no service binding/,
    /compute: \{ COMPUTE:/,
  ],
  ['no queue', 'warning', withApp({ queues: {} }), /no queue bound as JOBS/, /producer with binding = "JOBS"/],
  [
    'a task that is missing',
    'error',
    { built: { ...built, tasks: { COMPUTE: ['repotr'] } } },
    /app\.ts:3 calls the task "report"/,
    /Export it/,
  ],
  [
    'a short secret',
    'error',
    { variables: { '.dev.vars': { SESSION_SECRET: 'short' } } },
    /in \.dev\.vars has 5 characters and needs 32/,
    /openssl rand/,
  ],
  [
    'a secret that environments share',
    'error',
    { variables: { '.dev.vars': { SESSION_SECRET: secret }, '.env.staging': { SESSION_SECRET: secret } } },
    /\.dev\.vars and \.env\.staging share one SESSION_SECRET/,
    /another one for each/,
  ],
  [
    'a secret that is no secret',
    'error',
    withApp({ vars: { SESSION_SECRET: secret } }),
    /among its vars/,
    /wrangler secret put/,
  ],
  [
    'more CPU time than the free plan has',
    'warning',
    { built: { ...built, computes: [{ name: 'shop-compute', limits: { cpu_ms: 300_000 } }] } },
    /300000 ms of CPU time; the free plan has 10/,
    /paid plan/,
  ],
  [
    'a Worker above 3 MiB',
    'warning',
    { built: { ...built, sizes: { shop: 4 * 1024 * 1024 } } },
    /4\.0 MiB compressed/,
    /Import less/,
  ],
  [
    'objects without SQLite',
    'warning',
    withApp({ migrations: [{ new_classes: ['Session'] }] }),
    /without SQLite \(Session\)/,
    /new_sqlite_classes/,
  ],
  [
    'many cron triggers',
    'warning',
    withApp({ triggers: { crons: Array.from({ length: 6 }, () => '* * * * *') } }),
    /6 cron triggers/,
    /one trigger/,
  ],
  [
    'many variables',
    'warning',
    withApp({ vars: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`V${n}`, ''])) }),
    /65 variables/,
    /JSON variable/,
  ],
  ['many files', 'warning', { built: { ...built, files: 20_001 } }, /20001 files/, /R2/],
])('%s is an %s with its remedy', (_, level, changed, what, todo) => {
  const findings = examine({ ...healthy, ...changed });
  expect(findings).toEqual([{ level, what: expect.stringMatching(what), todo: expect.stringMatching(todo) }]);
});

test('the workerd of development and that of wrangler are found where pnpm puts them, which writes no package-lock.json', async () => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'edgewise-doctor-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const install = (place: string, version: string) => {
    mkdirSync(path.join(folder, place), { recursive: true });
    writeFileSync(path.join(folder, place, 'package.json'), JSON.stringify({ version }));
  };
  mkdirSync(path.join(folder, 'node_modules/@cloudflare'), { recursive: true });
  for (const [name, workerd] of [
    ['wrangler', '1.20261102.1'],
    ['@cloudflare/vite-plugin', '1.20261012.1'],
  ] as const) {
    const store = `node_modules/.pnpm/${name.replace('/', '+')}/node_modules`;
    install(`${store}/${name}`, '4.151.0');
    install(`${store}/workerd`, workerd);
    symlinkSync(path.join(folder, store, name), path.join(folder, 'node_modules', name));
  }
  const { facts } = await gather(folder, false);
  expect(facts.installed).toMatchObject({ wrangler: '4.151.0', workerd: '1.20261102.1' });
  expect(facts.workerds.map(({ version }) => version).sort()).toEqual(['1.20261012.1', '1.20261102.1']);
});
