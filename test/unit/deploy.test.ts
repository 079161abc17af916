import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { environmentsByBinding, withBuildIds } from '../../src/build/builds.ts';
import { carryOut, describe as lines } from '../../src/cli/deploy/carry-out.ts';
import { planOf } from '../../src/cli/deploy/plan.ts';
import type { Answer } from '../../src/cli/deploy/wrangler.ts';
import { lacking } from '../../src/cli/doctor/checks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'edgewise-deploy-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const app = {
  name: 'shop',
  topLevelName: 'shop',
  services: [
    { binding: 'COMPUTE', service: 'shop-compute' },
    { binding: 'MAIL', service: 'mail' },
  ],
  queues: {
    producers: [{ binding: 'JOBS', queue: 'shop-jobs' }],
    consumers: [{ queue: 'shop-jobs', dead_letter_queue: 'shop-jobs-dead' }, { queue: 'shop-jobs-dead' }],
  },
  r2_buckets: [{ binding: 'FILES', bucket_name: 'shop-files' }],
};
const compute = { name: 'shop-compute', topLevelName: 'shop-compute' };

/** A build on disk, of which a deployment reads the finished wrangler files. */
function built(settings = { app, compute } as { app: object & { name: string }; compute: object & { name: string } }) {
  const worker = (environment: 'app' | 'compute') => {
    const config = path.join(folder, environment, 'wrangler.json');
    mkdirSync(path.dirname(config), { recursive: true });
    writeFileSync(config, JSON.stringify(settings[environment]));
    return { name: settings[environment].name, config };
  };
  return { app: worker('app'), computes: [worker('compute')] };
}

/** An account of Cloudflare, as far as wrangler shows it. */
class Account {
  readonly calls: string[] = [];
  readonly queues = new Set<string>();
  readonly buckets = new Set<string>();
  readonly secrets = new Map<string, string>();
  readonly deployed: string[] = [];
  /** Commands that fail, by their beginning, with what wrangler says. */
  readonly failing = new Map<string, string>();

  readonly wrangler = async (args: readonly string[]): Promise<Answer> => {
    const line = args.join(' ').replaceAll(folder, '');
    this.calls.push(line.replace(/--secrets-file \S+/, '--secrets-file FILE'));
    for (const [beginning, output] of this.failing) if (line.startsWith(beginning)) return { ok: false, output };
    const [first, second, third, fourth] = args;
    if (first === 'queues') return this.#have(second, third as string, this.queues, 'create');
    if (first === 'r2') return this.#have(third, fourth as string, this.buckets, 'create');
    if (first === 'secret') {
      const name = args[args.indexOf('--name') + 1] as string;
      if (!this.deployed.includes(name))
        return { ok: false, output: 'This Worker does not exist on your account. [code: 10007]' };
      const names = this.secrets.has(name) ? [{ name: 'SESSION_SECRET', type: 'secret_text' }] : [];
      return { ok: true, output: JSON.stringify(names, null, 2) };
    }
    const { name } = JSON.parse(readFileSync(args[args.indexOf('--config') + 1] as string, 'utf8'));
    this.deployed.push(name);
    const file = args[args.indexOf('--secrets-file') + 1];
    if (args.includes('--secrets-file') && file) {
      expect(statSync(file).mode & 0o077, 'nobody else reads the secret').toBe(0);
      this.secrets.set(name, JSON.parse(readFileSync(file, 'utf8')).SESSION_SECRET);
      this.file = file;
    }
    return { ok: true, output: '' };
  };

  file = '';

  #have(verb: string | undefined, name: string, all: Set<string>, create: string): Answer {
    if (verb === create) all.add(name);
    return all.has(name) ? { ok: true, output: '' } : { ok: false, output: `${name} not found` };
  }
}

describe('a deployment', () => {
  test('makes what the Workers need, deploys the compute Workers before the application, and makes its secret with it', async () => {
    const account = new Account();
    const done = await carryOut(planOf(built()), account.wrangler);
    expect(account.calls).toEqual([
      'queues info shop-jobs',
      'queues create shop-jobs',
      'queues info shop-jobs-dead',
      'queues create shop-jobs-dead',
      'r2 bucket info shop-files',
      'r2 bucket create shop-files',
      'deploy --config /compute/wrangler.json',
      'secret list --name shop --format json',
      'deploy --config /app/wrangler.json --secrets-file FILE',
    ]);
    expect(account.deployed).toEqual(['shop-compute', 'shop']);
    expect(account.secrets.get('shop')).toMatch(/^[\w+/=]{44}$/);
    expect(existsSync(account.file), 'the file of the secret is gone').toBe(false);
    expect(lines(done)).toContain(
      'To undo it, from the last step to the first:\n  wrangler secret delete SESSION_SECRET --name shop',
    );
    expect(done.map(({ undo }) => undo.split('   ')[0])).toEqual([
      'wrangler queues delete shop-jobs',
      'wrangler queues delete shop-jobs-dead',
      'wrangler r2 bucket delete shop-files',
      'wrangler rollback --name shop-compute',
      'wrangler rollback --name shop',
      'wrangler secret delete SESSION_SECRET --name shop',
    ]);
  });

  test('made again makes nothing that exists, and never another secret', async () => {
    const account = new Account();
    await carryOut(planOf(built()), account.wrangler);
    const secret = account.secrets.get('shop');
    account.calls.length = 0;
    await carryOut(planOf(built()), account.wrangler);
    expect(account.calls.filter((call) => /create|secrets-file/.test(call))).toEqual([]);
    expect(account.secrets.get('shop')).toBe(secret);
  });

  test('that cannot learn whether the secret exists stops, because a new one would end every session', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const account = new Account();
    await carryOut(planOf(built()), account.wrangler);
    account.failing.set('secret list', 'fetch failed');
    const before = account.deployed.length;
    await expect(carryOut(planOf(built()), account.wrangler)).rejects.toThrow(
      'Could not learn whether shop has its SESSION_SECRET.',
    );
    expect(account.deployed.slice(before)).toEqual(['shop-compute']);
  });

  test.each([
    [
      'queues create shop-jobs-dead',
      'In a non-interactive environment, it is necessary to set a CLOUDFLARE_API_TOKEN',
      'Log in with `npx wrangler login`',
    ],
    ['deploy --config /compute', 'Uncaught SyntaxError', 'wrangler says why above.'],
  ])('whose step `%s` fails stops there and says what was done', async (step, output, advice) => {
    const account = new Account();
    account.failing.set(step, output);
    const failure = carryOut(planOf(built()), account.wrangler);
    await expect(failure).rejects.toThrow(advice);
    await expect(failure).rejects.toThrow(
      /Until then:\n {2}made the queue shop-jobs\n[^]*wrangler queues delete shop-jobs/,
    );
    expect(account.deployed).toEqual([]);
    account.failing.clear();
    await carryOut(planOf(built()), account.wrangler);
    expect(account.deployed).toEqual(['shop-compute', 'shop']);
  });

  test('to a temporary account says so to every command', async () => {
    const account = new Account();
    await carryOut(planOf(built()), account.wrangler, { temporary: true });
    expect(account.calls.filter((call) => !call.endsWith(' --temporary'))).toEqual([]);
  });
});

describe('an environment', () => {
  test('has Workers, bindings, queues and buckets of its own', () => {
    const plan = planOf(built(), 'staging');
    expect(plan).toMatchObject({
      app: { name: 'shop-staging' },
      computes: [{ name: 'shop-compute-staging' }],
      queues: ['shop-jobs-staging', 'shop-jobs-staging-dead'],
      buckets: ['shop-files-staging'],
      elsewhere: ['mail'],
    });
    expect(plan.app.settings.services).toEqual([
      { binding: 'COMPUTE', service: 'shop-compute-staging' },
      { binding: 'MAIL', service: 'mail' },
    ]);
    expect(JSON.parse(readFileSync(plan.app.config, 'utf8'))).toMatchObject({ name: 'shop-staging' });
    expect(path.dirname(plan.app.config), 'where its modules are').toBe(path.join(folder, 'app'));
  });

  test('of the wrangler file of an author keeps the names that the author gave it', () => {
    const staging = { ...app, name: 'shop-preview', topLevelName: 'shop' };
    const plan = planOf(
      built({ app: staging, compute: { name: 'tasks-preview', topLevelName: 'tasks' } as never }),
      'staging',
    );
    expect([plan.app.name, plan.computes[0]?.name, ...plan.queues]).toEqual([
      'shop-preview',
      'tasks-preview',
      'shop-jobs',
      'shop-jobs-dead',
    ]);
  });
});

describe('the ids of a build', () => {
  const files = (task = 'a') =>
    [
      ['app/wrangler.json', JSON.stringify({ ...app, vars: { MODE: 'x' } })],
      ['app/index.js', 'app'],
      ['compute/wrangler.json', JSON.stringify(compute)],
      ['compute/index.js', task],
      ['compute/index.js.map', `map of ${Math.PI}`],
    ] as const;
  const vars = (of: readonly (readonly [string, string | Uint8Array])[]) =>
    Object.fromEntries(
      withBuildIds(of).flatMap(([name, content]) =>
        name.endsWith('wrangler.json') ? [[name, JSON.parse(String(content)).vars]] : [],
      ),
    );

  test('are those of its compute Workers, which carry them themselves', () => {
    const { 'app/wrangler.json': ofApp, 'compute/wrangler.json': ofCompute } = vars(files());
    expect(ofApp).toEqual({ MODE: 'x', EDGEWISE_BUILDS: { COMPUTE: ofCompute.EDGEWISE_BUILD } });
    expect(environmentsByBinding(files())).toEqual({ COMPUTE: 'compute' });
  });

  test('change with the code and with nothing else', () => {
    expect(vars(files())).toEqual(vars(files()));
    expect(vars(files('b'))).not.toEqual(vars(files()));
    // Local secrets are no code.
    expect(vars([...files(), ['compute/.dev.vars', 'API_KEY=local']])).toEqual(vars(files()));
  });
});

test('a call of a task that its compute Worker lacks is named with its place; what is unknown is not', () => {
  const uses = [
    { binding: 'COMPUTE', task: 'report', place: 'app.ts:3' },
    { binding: 'COMPUTE', task: 'summary', place: 'pages/a.ts:12' },
    { binding: 'UNREADABLE', task: 'x', place: 'app.ts:4' },
    { binding: 'ELSEWHERE', task: 'x', place: 'app.ts:5' },
  ];
  expect(lacking(uses, { COMPUTE: ['report', 'build'], UNREADABLE: null })).toEqual([
    'pages/a.ts:12 calls the task "summary", which the compute Worker of COMPUTE does not have. It has: build, report.',
  ]);
});
