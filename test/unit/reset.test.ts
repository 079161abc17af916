// What an object does whose instance the platform has reset: after a deploy, say, each call of its storage throws.

import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { run, ui } from '../../src/index.ts';
import { sessionClass } from '../../src/session/index.ts';
import { sharedClass } from '../../src/shared/index.ts';
import { isReset } from '../../src/storage/index.ts';
import { settled } from '../../src/testing/index.ts';
import { applicationOf } from '../../src/testing/pages.ts';

const texts = [
  'Durable Object reset because its code was updated.',
  "This Durable Object's code has been updated, this version can no longer access storage.",
  'Internal error in Durable Object storage write caused object to be reset.',
  'Durable Object storage operation exceeded timeout which caused object to be reset.',
];

/** The platform's side of an object: its storage, and what was asked of it. */
class Platform {
  readonly database = new DatabaseSync(':memory:');
  readonly aborted: unknown[] = [];
  calls = 0;
  failure: Error | undefined;

  readonly #call = <R>(fn: () => R): R => {
    this.calls++;
    if (this.failure) throw this.failure;
    return fn();
  };

  readonly storage = {
    sql: {
      exec: (query: string, ...bindings: (string | number | null)[]) =>
        this.#call(() => {
          if (bindings.length === 0 && !/^\s*SELECT/.test(query)) {
            this.database.exec(query);
            return { toArray: () => [] };
          }
          const rows = this.database.prepare(query).all(...bindings);
          return { toArray: () => rows.map((row) => ({ ...row })) };
        }),
    },
    transactionSync: <R>(fn: () => R) => this.#call(fn),
    setAlarm: async () => this.#call(() => {}),
    deleteAlarm: async () => this.#call(() => {}),
    deleteAll: async () => {},
  };

  readonly ctx = {
    id: { name: 'test', toString: () => 'test' },
    storage: this.storage,
    setWebSocketAutoResponse() {},
    getWebSockets: () => [],
    waitUntil: (promise: Promise<unknown>) => void promise.catch(() => {}),
    abort: (reason: unknown) => void this.aborted.push(reason),
  } as unknown as ConstructorParameters<ReturnType<typeof sessionClass>>[0];
}

beforeEach(() => {
  vi.stubGlobal('WebSocketRequestResponsePair', class {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test.each(texts)('an error that says "%s" is a reset, in whatever class it comes', (text) => {
  expect(isReset(new Error(text))).toBe(true);
  expect(isReset({ message: text })).toBe(true);
});

test.each([
  undefined,
  'Durable Object reset because its code was updated.',
  new Error('database or disk is full: SQLITE_FULL'),
  new Error('Network connection lost.'),
  new TypeError('The state `reset` cannot be stored'),
])('%o is none', (error) => {
  expect(isReset(error)).toBe(false);
});

test('the platform may say so by a property', () => {
  expect(isReset(Object.assign(new Error('whatever'), { durableObjectReset: true }))).toBe(true);
});

describe('a session whose instance was reset', () => {
  const { work } = run.tasks<{ work(): string }>('COMPUTE');

  async function begin() {
    const platform = new Platform();
    const application = applicationOf(
      {
        '/': () => {
          ui.label('page');
          void run.with({ durable: true, retries: 3 }).cpuBound(work);
        },
      },
      'build 1',
    );
    let calls = 0;
    const never = {
      run: () => {
        calls++;
        return new Promise<never>(() => {});
      },
    };
    const Session = sessionClass(application as never);
    const object = new Session(platform.ctx, { COMPUTE: never } as never);
    return { platform, object, attempts: () => calls };
  }

  test('is aborted at the first call that says so, and tries nothing again', async () => {
    vi.useFakeTimers();
    const { platform, object, attempts } = await begin();
    await object.open('/');
    await vi.advanceTimersByTimeAsync(200);
    expect(attempts()).toBe(1);
    const rows = platform.database.prepare('SELECT state FROM job').all();
    platform.failure = new Error(texts[0]);
    await object.open('/').catch(() => {});
    await vi.advanceTimersByTimeAsync(100);
    expect(platform.aborted).toEqual([texts[0]]);
    const { calls } = platform;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(platform.calls).toBe(calls);
    expect(platform.aborted).toHaveLength(1);
    await expect((async () => object.open('/'))()).resolves.toMatchObject({ failed: { message: texts[0] } });
    await expect((async () => object.claimJob('any'))()).rejects.toThrow(texts[0]);
    expect(platform.calls).toBe(calls);
    // No attempt was burned: the row is what the next instance finds.
    expect(platform.database.prepare('SELECT state FROM job').all()).toEqual(rows);
    vi.useRealTimers();
  });

  test('is not aborted for any other failure of the storage, which is tried again', async () => {
    vi.useFakeTimers();
    const { platform, object, attempts } = await begin();
    platform.failure = undefined;
    const transaction = platform.storage.transactionSync;
    let failures = 0;
    platform.storage.transactionSync = (fn) => {
      if (failures++ < 2) throw new Error('database or disk is full: SQLITE_FULL');
      return transaction(fn);
    };
    await object.open('/');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(platform.aborted).toEqual([]);
    expect(attempts()).toBe(1);
    vi.useRealTimers();
  });
});

describe('a shared object whose instance was reset', () => {
  test('is aborted once, and answers nobody any more', async () => {
    const platform = new Platform();
    const Shared = sharedClass({ build: 'b', objects: { session: 'SESSION', shared: 'SHARED' } });
    const object = new Shared(Object.assign(platform.ctx, { id: { name: 'signal:x' } }), {} as never);
    await object.read(0);
    platform.failure = new Error(texts[1]);
    await expect((async () => object.write('1', { set: '1' } as never))()).rejects.toThrow(texts[1]);
    await settled();
    expect(platform.aborted).toEqual([texts[1]]);
    const { calls } = platform;
    await expect((async () => object.read(0))()).rejects.toThrow(texts[1]);
    expect(platform.calls).toBe(calls);
  });
});
