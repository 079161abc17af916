// What the Worker of an application does while its modules could not be loaded yet: see src/vite/reporter.ts.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { report } from '../../src/vite/reporter.ts';

const scope = globalThis as Record<string | symbol, unknown>;
const load = '__VITE_ENVIRONMENT_RUNNER_IMPORT__';
type Load = (environment: string, id: string) => Promise<Record<string, unknown>>;

let modules: Record<string, unknown> | Error;
beforeEach(() => {
  modules = new SyntaxError('half a line');
  scope[load] = async (_environment: string, _id: string) => {
    if (modules instanceof Error) throw modules;
    return modules;
  };
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  report('app', ['Session', 'Room'], '/follower.ts');
});
afterEach(() => {
  vi.restoreAllMocks();
  delete scope[load];
  delete scope[Symbol.for('edgewise.saves')];
});

const entry = () => (scope[load] as Load)('app', 'virtual:cloudflare/worker-entry');

test('an application that was broken from the start answers with a page that follows the saves, and loses no message', async () => {
  const { default: worker } = (await entry()) as { default: { fetch(): Response; queue(batch: unknown): void } };
  const response = worker.fetch();
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('<script type="module" src="/follower.ts">');
  const retryAll = vi.fn();
  worker.queue({ retryAll });
  expect(retryAll).toHaveBeenCalledOnce();
});

test('its objects, also of the author, put their alarms off instead of losing them', async () => {
  const classes = await entry();
  for (const name of ['Session', 'Room']) {
    const setAlarm = vi.fn();
    const made = new (classes[name] as new (ctx: unknown) => { alarm(): void })({ storage: { setAlarm } });
    made.alarm();
    expect(setAlarm).toHaveBeenCalledOnce();
    expect(setAlarm.mock.lastCall?.[0]).toBeGreaterThan(Date.now());
  }
});

test('the first good save makes it an application, and a mistake after that leaves it one', async () => {
  await entry();
  const good = { default: {} };
  modules = good;
  expect(await entry()).toBe(good);
  modules = new Error('again');
  expect(await entry()).toBe(good);
});

test('other modules fail as they do without it', async () => {
  await expect((scope[load] as Load)('compute', 'virtual:cloudflare/worker-entry')).rejects.toThrow('half a line');
});
