// Chunks of the client that do not load, in a browser of fakes.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadChunk } from '../../client/components/chunk.ts';
import { mayReload } from '../../client/dom/index.ts';

const reload = vi.fn();
/** What the server answers to the question for the client's own script; undefined when it is away. */
let status: number | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  reload.mockClear();
  const stored = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('fetch', async () => {
    if (status === undefined) throw new TypeError('Failed to fetch');
    return new Response(null, { status });
  });
});
afterEach(() => vi.useRealTimers());

/** A chunk that loads at the given attempt. */
const loadsAt = (attempt: number) => {
  let attempts = 0;
  return vi.fn(async () => {
    if (++attempts < attempt) throw new TypeError('Failed to fetch dynamically imported module');
    return attempts;
  });
};

test('[NF1] a chunk is asked for again until the server is back; the first failure is silent', async () => {
  status = undefined;
  const load = loadsAt(6);
  const failing = vi.fn();
  const loading = loadChunk(load, failing);
  for (const [ms, calls, failures] of [
    [500, 2, 1],
    [2_000, 3, 2],
    [5_000, 4, 3],
    [15_000, 5, 4],
    [15_000, 6, 4],
  ] as const) {
    await vi.advanceTimersByTimeAsync(ms);
    expect([load.mock.calls.length, failing.mock.calls.length]).toEqual([calls, failures]);
  }
  expect(await loading).toBe(6);
  expect(reload).not.toHaveBeenCalled();
});

test('a document whose build is gone from the server loads again, once a minute', async () => {
  status = 404;
  void loadChunk(loadsAt(Number.POSITIVE_INFINITY));
  await vi.advanceTimersByTimeAsync(59_000);
  expect(reload).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('a document stays while the server has its build, also when a chunk fails', async () => {
  status = 200;
  const loading = loadChunk(loadsAt(3));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await loading).toBe(3);
  expect(reload).not.toHaveBeenCalled();
});

test('at most one reload a minute is forced, and none without a storage', () => {
  expect([mayReload(100_000), mayReload(159_999), mayReload(160_000)]).toEqual([true, false, true]);
  const forbidden = () => {
    throw new Error('forbidden');
  };
  expect(mayReload(999_999, forbidden)).toBe(false);
});
