// Whatever a task yields, returns or throws, and whatever an `ioBound` function throws, gets its right outcome or a sentence.

import { describe, expect, test } from 'vitest';
import { checkpoint } from '../../src/compute/index.ts';
import { run, ui } from '../../src/index.ts';
import { type RemoteError, type SettledResult, toError, toRejected } from '../../src/rpc/index.ts';
import { open, type User } from '../../src/testing/index.ts';

class Model {
  x = 1;
}

class OddError extends Error {
  override name = 'OddError';
  readonly status = 503;
  readonly response = new Response('body');
  readonly retry = () => {};
  get broken(): never {
    throw new Error('inherited getter');
  }
}

function cyclic(): object {
  const value: Record<string, unknown> = { name: 'round' };
  value.self = value;
  return value;
}

function throwing(target: object, key: string): object {
  return Object.defineProperty(target, key, {
    enumerable: true,
    get() {
      throw new Error(`the getter of ${key}`);
    },
  });
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A Proxy that throws whatever one does with it. */
function hostile(target: object): object {
  const trap = () => {
    throw new Error('a trap');
  };
  return new Proxy(target, {
    get: trap,
    has: trap,
    ownKeys: trap,
    getPrototypeOf: trap,
    getOwnPropertyDescriptor: trap,
  });
}

/** True only the first time it is measured: what is sent then is another value than what was looked at. */
function changing(): object {
  let reads = 0;
  return {
    get value() {
      return reads++ === 0 ? 1 : () => {};
    },
  };
}

/** A value, and what becomes of it: 'ok', or words of the sentence that says why not; where it differs, also for what is not kept. */
type Row = readonly [name: string, make: () => unknown, outcome: string, passing?: string];

const values: readonly Row[] = [
  ['undefined', () => undefined, 'ok'],
  ['null', () => null, 'ok'],
  ['false', () => false, 'ok'],
  ['an empty text', () => '', 'ok'],
  ['a big integer', () => 10n, 'ok'],
  ['a date', () => new Date(5), 'ok'],
  ['bytes', () => new Uint8Array([1, 2]), 'ok'],
  ['a Map with a Set', () => new Map([[{ k: 1 }, new Set([1])]]), 'ok'],
  ['an error', () => new RangeError('as a value'), 'ok'],
  ['a cyclic object', cyclic, 'ok'],
  ['an object without a prototype', () => Object.assign(Object.create(null), { a: 1 }), 'ok'],
  ['a symbol', () => Symbol('s'), 'is a symbol'],
  ['a function', () => () => 1, 'is a function'],
  ['a class', () => Model, 'is a class'],
  ['a function inside', () => ({ rows: [{ onClick() {} }] }), 'rows[0].onClick is a function'],
  ['an instance of a class', () => new Model(), 'is an instance of Model'],
  ['a promise inside', () => [Promise.resolve(1)], '[0] is a promise: await it first'],
  ['a WeakMap', () => new WeakMap(), 'is a WeakMap'],
  ['a URL', () => new URL('http://x/'), 'is a URL: send its href'],
  ['a response', () => new Response('x'), 'cannot be'],
  ['a stream inside', () => ({ body: new ReadableStream() }), 'cannot be'],
  ['an object with the key __proto__', () => JSON.parse('{"a":{"__proto__":1}}'), 'the key __proto__', 'ok'],
  ['a Proxy of an object', () => new Proxy({ a: 1 }, {}), 'is a Proxy: send a plain copy'],
  ['a Proxy of a list inside', () => ({ rows: new Proxy([1], {}) }), 'rows is a Proxy: send a plain copy'],
  ['a Proxy of a function', () => new Proxy(() => 1, {}), 'is a Proxy'],
  ['a revoked Proxy', () => revoked({}), 'is a Proxy'],
  ['a revoked Proxy inside', () => [revoked([])], '[0] is a Proxy'],
  ['a Proxy that throws', () => hostile({}), 'is a Proxy'],
  [
    'a getter that throws',
    () => throwing({}, 'a'),
    '.a cannot be read, because reading it throws Error: the getter of a',
  ],
  [
    'an error whose message throws',
    () => throwing(new Error('x'), 'message'),
    'cannot be read, because reading it throws',
  ],
  ['a getter that changes its mind', changing, 'cannot be'],
];

/** Something thrown, and the name and the words of the error that whoever awaits gets; `own` is a property that it brings along. */
type Thrown = [name: string, make: () => unknown, error: string, words: string, own?: readonly [string, unknown]];

const thrown: readonly Thrown[] = [
  ['an error', () => new RangeError('plain'), 'RangeError', 'plain'],
  ['an odd class with odd fields', () => new OddError('odd'), 'OddError', 'odd', ['status', 503]],
  [
    'a getter that throws',
    () => throwing(Object.assign(new Error('own'), { code: 'E1' }), 'bad'),
    'Error',
    'own',
    ['code', 'E1'],
  ],
  ['a name that throws', () => throwing(new Error('nameless'), 'name'), 'Error', 'nameless'],
  ['a stack that throws', () => throwing(new Error('stackless'), 'stack'), 'Error', 'stackless'],
  ['a cause that throws', () => throwing(new Error('effect'), 'cause'), 'Error', 'effect'],
  ['errors that throw', () => throwing(new AggregateError([], 'many'), 'errors'), 'AggregateError', 'many'],
  [
    'errors that are none',
    () => Object.assign(new AggregateError([], 'many'), { errors: 7 }),
    'AggregateError',
    'many',
  ],
  [
    'a message that is no text',
    () => Object.assign(new Error(), { message: { not: 'text' } }),
    'Error',
    '[object Object]',
  ],
  ['a message that cannot be a text', () => Object.assign(new Error(), { message: Object.create(null) }), 'Error', ''],
  [
    'a cause that is its effect',
    () =>
      Object.assign(new Error('round'), {
        get cause() {
          return this;
        },
      }),
    'Error',
    'round',
  ],
  [
    'a Proxy as a property',
    () => Object.assign(new Error('p'), { at: new Proxy({}, {}), code: 1 }),
    'Error',
    'p',
    ['code', 1],
  ],
  [
    'a property that changes its mind',
    () => Object.assign(new Error('c'), { at: changing(), code: 1 }),
    'Error',
    'c',
    ['code', 1],
  ],
  ['a Proxy of an error', () => new Proxy(new Error('proxied'), {}), 'Error', 'proxied'],
  ['an error without a prototype', () => Object.setPrototypeOf(new Error('np'), null), 'Error', 'np'],
  ['a frozen error', () => Object.freeze(new Error('frozen')), 'Error', 'frozen'],
  ['an exception of the platform', () => new DOMException('gone', 'AbortError'), 'AbortError', 'gone'],
];

/** What is thrown and is no error: tasks wrap it, and functions of this Worker hand it on. */
const thrownValues: readonly [name: string, make: () => unknown, words: string][] = [
  ['undefined', () => undefined, 'undefined'],
  ['null', () => null, 'null'],
  ['NaN', () => Number.NaN, 'NaN'],
  ['a text', () => 'just text', '"just text"'],
  ['a symbol', () => Symbol('s'), 'Symbol(s)'],
  ['a function', () => () => 1, 'a function'],
  ['a class', () => Model, 'a class'],
  ['an object', () => ({ code: 5 }), '[object Object]'],
  ['a cyclic object', cyclic, '[object Object]'],
  [
    'an object whose toString throws',
    () => ({
      toString: () => {
        throw new Error('no');
      },
    }),
    '[object Object]',
  ],
  ['an object whose tag throws', () => throwing({}, Symbol.toStringTag as never), 'an object that cannot be read'],
  ['a Proxy', () => new Proxy({}, {}), 'a Proxy'],
  ['a revoked Proxy', () => revoked({}), 'a Proxy'],
  ['a revoked Proxy of an error', () => revoked(new Error('x')), 'a Proxy'],
  ['a Proxy that throws', () => hostile(new Error('x')), 'a Proxy'],
];

const anythingThrown = [...thrown, ...thrownValues].map(([name, make]): [string, () => unknown] => [name, make]);

const tasks = {
  give: (value: unknown) => value,
  make: async (name: string) => valueOf(name),
  plain: (name: string) => valueOf(name),
  *last(name: string): Generator<string, unknown> {
    yield 'before';
    return valueOf(name);
  },
  *chunk(name: string): Generator<unknown, string> {
    yield 'before';
    yield valueOf(name);
    yield 'after';
    return 'ok';
  },
  *handOn(name: string): Generator<unknown, string> {
    yield checkpoint(valueOf(name));
    return 'ok';
  },
  fail(name: string): never {
    throw errorOf(name);
  },
  async *failLate(name: string): AsyncGenerator<string, never> {
    yield 'before';
    throw errorOf(name);
  },
};
const handles = run.tasks<typeof tasks>('COMPUTE');

function valueOf(name: string): unknown {
  return values.find(([each]) => each === name)?.[1]();
}

function errorOf(name: string): unknown {
  return [...thrown, ...thrownValues].find(([each]) => each === name)?.[1]();
}

/** A page whose button does this; tells what its handler got: 'ok', or the error. The page must go on working after it. */
async function outcomeOf(act: () => unknown): Promise<unknown> {
  let outcome: unknown = 'nothing';
  using user: User = await open(
    {
      '/': () => {
        const clicks = ui.state(0);
        ui.button('Act', async () => {
          try {
            await act();
            outcome = 'ok';
          } catch (error) {
            outcome = error;
          }
        });
        ui.button(
          () => `Clicked ${clicks.value}`,
          () => clicks.value++,
        );
      },
    },
    '/',
    { services: { COMPUTE: tasks } },
  );
  user.find('Act').click();
  await user.advance('5s');
  user.find('Clicked 0').click();
  await user.advance('5s');
  expect(user.sees('Clicked 1')).toBe(true);
  expect(user.find('Act').busy).toBe(false);
  expect(user.server.store.jobs('open')).toEqual([]);
  expect(user.server.whyAwake()).toEqual([]);
  expect(user.server.errors).toEqual([]);
  return outcome;
}

function expectOutcome(outcome: unknown, wanted: string): void {
  if (wanted === 'ok') expect(outcome).toBe('ok');
  else {
    expect(outcome).toBeInstanceOf(Error);
    expect((outcome as Error).name).toBe('TypeError');
    expect((outcome as Error).message).toContain(wanted);
  }
}

for (const durable of [true, false]) {
  const how = run.with({ durable });
  describe(durable ? 'a job that is kept' : 'a call that is not kept', () => {
    const rows = values.map(([name, , kept, passing = kept]) => [name, durable ? kept : passing] as const);

    test.each(rows)('a task returns %s', async (name, wanted) => {
      // Of an async function, the language itself looks at what it returns.
      const outcome = await outcomeOf(() => how.cpuBound(handles.make, name));
      if (wanted === 'ok') expect(outcome).toBe('ok');
      else expect(outcome).toBeInstanceOf(Error);
      expectOutcome(await outcomeOf(() => how.cpuBound(handles.plain, name)), wanted);
      expectOutcome(await outcomeOf(() => how.cpuBound(handles.last, name)), wanted);
    });

    test.each(rows)('a task yields %s', async (name, wanted) => {
      expectOutcome(await outcomeOf(() => how.cpuBound(handles.chunk, name)), wanted);
    });

    test.each(rows)('a task hands %s on to its next attempt', async (name, wanted) => {
      expectOutcome(await outcomeOf(() => how.cpuBound(handles.handOn, name)), wanted);
    });

    test.each<Thrown>(thrown)('a task throws an error with %s', async (name, _make, error, words, own) => {
      for (const task of [handles.fail, handles.failLate]) {
        const outcome = (await outcomeOf(() => how.cpuBound(task, name))) as Error;
        expect(outcome).toBeInstanceOf(Error);
        expect(outcome.name).toBe(error);
        expect(outcome.message).toContain(words);
        if (own) expect(Reflect.get(outcome, own[0])).toEqual(own[1]);
      }
    });

    test.each(thrownValues)('a task throws %s, which is no error', async (name, _make, words) => {
      for (const task of [handles.fail, handles.failLate]) {
        const outcome = (await outcomeOf(() => how.cpuBound(task, name))) as Error;
        expect(outcome).toBeInstanceOf(Error);
        expect(outcome.message).toBe(`The task threw ${words}, which is not an Error.`);
      }
    });
  });
}

describe('an ioBound function', () => {
  test.each<Thrown>(thrown)('throws an error with %s', async (_name, make, _error, words) => {
    const outcome = (await outcomeOf(() => run.ioBound(async () => Promise.reject(make())))) as Error;
    if (words !== '') expect(String(outcome.message)).toMatch(new RegExp(`${RegExp.escape(words)}|cannot be read`));
  });

  test.each(thrownValues)('throws %s, which is no error', async (_name, make) => {
    const outcome = await outcomeOf(() => run.ioBound(async () => Promise.reject(make())));
    expect(outcome).not.toBe('ok');
    expect(outcome).not.toBe('nothing');
  });

  test.each(anythingThrown)('is tried again after %s', async (_name, make) => {
    let tries = 0;
    const flaky = async () => {
      if (++tries === 1) throw make();
    };
    expect(await outcomeOf(() => run.with({ retries: 1 }).ioBound(flaky))).toBe('ok');
    expect(tries).toBe(2);
  });
});

test.each(anythingThrown)('a handler that throws %s is reported, and its page goes on', async (_name, make) => {
  using user = await open(
    {
      '/': () => {
        ui.button('At once', () => {
          throw make();
        });
        ui.button('Later', async () => {
          await run.ioBound(async () => 1);
          throw make();
        });
        const clicks = ui.state(0);
        ui.button(
          () => `Clicked ${clicks.value}`,
          () => clicks.value++,
        );
      },
    },
    '/',
  );
  for (const text of ['At once', 'Later', 'Clicked 0']) user.find(text).click();
  await user.advance('2s');
  expect(user.sees('Clicked 1')).toBe(true);
  expect(user.find('Later').busy).toBe(false);
  expect(user.notifications).toHaveLength(2);
  expect(user.server.errors).toHaveLength(2);
});

describe('numbers as progress', () => {
  async function play(numbers: readonly number[]) {
    const mine = {
      *count(): Generator<number | string, string> {
        for (const number of numbers) yield number;
        return 'ok';
      },
    };
    const { count } = run.tasks<typeof mine>('COMPUTE');
    let result = '';
    using user = await open(
      {
        '/': () => {
          ui.button('Act', async () => {
            result = await run.cpuBound(count);
            result = await run.cpuBound(count);
          });
        },
      },
      '/',
      { services: { COMPUTE: mine } },
    );
    user.find('Act').click();
    await user.advance('5s');
    expect(result).toBe('ok');
    return user.server.log.map(({ level, message }) => `${level}: ${message}`);
  }

  test.each([
    ['percents', [0, 10, 20, 100], 10],
    ['more than all', [0.5, 1.5], 1.5],
    ['less than nothing', [-1, 0.5], -1],
    ['without end', [Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
    ['measurements', [21.5, 22, 19], 21.5],
  ])('%s are told to the author, once for a task', async (_name, numbers, told) => {
    const log = await play(numbers);
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(
      `warning: Task "count" yielded ${told}. A number that a task yields is its progress, from 0 to 1`,
    );
  });

  test.each([
    ['from 0 to 1', [0, 0.5, 1]],
    ['the same again', [0.5, 0.5, 0.5]],
    ['the rounding of a sum', [0.1 + 0.2 + 0.7 + 1e-12, 1.0000000002]],
    ['nothing of nothing', [0 / 0]],
    ['no number in sight', []],
  ])('%s are not worth a word', async (_name, numbers) => {
    expect(await play(numbers)).toEqual([]);
  });
});

test('an error in a journal of version 0.1, which names its class otherwise, is restored with its class', () => {
  const error = new RangeError('Too large.');
  const { errorClass, ...rest } = toRejected(error) as {
    readonly ok: false;
    readonly error: RemoteError;
    readonly errorClass: string;
  };
  const stored = { ...rest, sort: errorClass } as unknown as SettledResult & { readonly ok: false };
  expect(toError(stored)).toBeInstanceOf(RangeError);
});
