// What a handler is given is its own: nothing that it does to it reaches its journal, and nothing in its journal stops a page.

import { describe, expect, test } from 'vitest';
import { App } from '../../src/app/index.ts';
import { ui } from '../../src/elements/index.ts';
import { CancelledError, type ComputeService, type TaskCall, TaskError, TimeoutError } from '../../src/rpc/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, TestServer, User, VirtualClock } from '../../src/testing/index.ts';
import { give, handles, io, later, type Play, play, unnoticed } from './replay-kit.ts';

let user: User;

/** Opens a page whose handlers wait by {@link pause}. */
async function visit(...args: Parameters<typeof open>): Promise<User> {
  user = await open(...args);
  return user;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => user.clock.after(ms, resolve));
}

class Day {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

describe('[NF8] what a handler receives', () => {
  const lists: Readonly<Record<string, () => PromiseLike<string[]>>> = {
    ioBound: () => io(['a', 'b', 'c'], 100),
    cpuBound: () => give(['a', 'b', 'c'], 100),
    'cpuBound with durable: false': () =>
      run.with({ durable: false }).cpuBound(handles.give, ['a', 'b', 'c'], 100) as unknown as PromiseLike<string[]>,
  };

  test.each(Object.entries(lists))(
    'a list of %s that is used up goes on after a kill where it was',
    async (_how, list) => {
      await unnoticed('shift', {
        from: 160,
        until: 1_400,
        page() {
          const out = ui.log();
          ui.button('Go', async () => {
            const todo = await list();
            while (todo.length > 0) out.push(`${await give(todo.shift(), 300)}`);
            out.push('end');
          });
        },
      });
    },
  );

  test.each(Object.entries(lists))(
    'a list of %s that is added to, sorted and put into a state is the same after a kill',
    async (_how, list) => {
      await unnoticed('push', {
        from: 160,
        until: 1_200,
        page() {
          const rows = ui.state<readonly string[]>([]);
          ui.label(() => rows.value.join());
          const out = ui.label('-');
          ui.button('Go', async () => {
            const received = await list();
            received.push('z');
            received.sort((one, other) => (one < other ? 1 : -1));
            rows.value = received;
            out.text = `${await give('after', 600)} ${received}`;
          });
        },
      });
    },
  );

  test('an object with an instance of a class put into it stops no commit of the session', async () => {
    using user = await visit({
      '/': () => {
        const count = ui.state(0);
        ui.label(() => `count ${count.value}`);
        ui.button('Go', async () => {
          const row: { when: unknown } = await run.ioBound(async () => ({ when: '2026-01-01' }));
          row.when = new Day(row.when as string);
          await run.ioBound(() => pause(60_000));
        });
        ui.button('Count', () => count.value++);
      },
    });
    user.find('Go').click();
    user.find('Count').click();
    await user.advance('5s');
    expect([user.browser.link.acked, user.notifications, user.server.errors]).toEqual([2, [], []]);
    user.server.kill();
    await user.shouldSee('count 1');
  });

  test('an object that another run put into a state and then changed stops no commit of the session', async () => {
    using user = await visit({
      '/': () => {
        const items = ui.state<{ day: unknown }[]>([]);
        ui.label(() => `items ${items.value.length}`);
        ui.button('Wait', async () => void (await run.ioBound(() => pause(60_000))));
        ui.button('Set', () => {
          const list = [{ day: 'one' as unknown }];
          items.value = list;
          for (const item of list) item.day = new Day('two');
        });
      },
    });
    user.find('Wait').click();
    await user.advance('1s');
    user.find('Set').click();
    await user.advance('5s');
    expect([user.browser.link.acked, user.server.errors]).toEqual([2, []]);
  });

  test('an instance of a class stays what it is, and is made again after a kill', async () => {
    await unnoticed('a class', {
      from: 60,
      until: 900,
      page() {
        const out = ui.label('-');
        ui.button('Go', async () => {
          const day = await run.ioBound(async () => new Day('one'));
          out.text = `${await give(1, 600)} ${day instanceof Day} ${day.text}`;
        });
      },
    });
  });
});

describe('errors that a handler catches', () => {
  const failing: Readonly<Record<string, () => PromiseLike<unknown>>> = {
    TaskError: () => run.cpuBound(handles.fail, 'no', 200),
    'TaskError with durable: false': () => run.with({ durable: false }).cpuBound(handles.fail, 'no', 200),
    'TaskError of its chunks': async () => {
      for await (const _chunk of run.cpuBound(handles.fail, 'no', 200).chunks);
    },
    TypeError: () =>
      run.ioBound(async () => {
        await later(200);
        throw Object.assign(new TypeError('no', { cause: new RangeError('deep') }), { code: 3 });
      }),
    AbortError: () =>
      run.ioBound(async () => {
        throw new DOMException('gone', 'AbortError');
      }),
    TimeoutError: () => run.with({ timeout: 150 }).cpuBound(handles.give, 1, 9_000),
    'TimeoutError of ioBound': () => run.with({ timeout: 150 }).ioBound(() => later(9_000)),
    CancelledError: () => {
      const job = run.cpuBound(handles.give, 1, 9_000);
      job.cancel('enough');
      return job;
    },
  };

  const uses: Readonly<Record<string, (state: { value: unknown }, error: Error) => unknown>> = {
    'put into a state': (state, error) => {
      state.value = error;
    },
    'whose stack is put into a state': (state, { name, message, stack }) => {
      state.value = { name, message, stack };
    },
    'that is the cause of another one in a state': (state, cause) => {
      state.value = new Error('It failed.', { cause });
    },
    'whose stack is given to a task': (_state, { message, stack }) => give({ message, stack }, 300),
    'given to ioBound': (_state, error) => run.ioBound(async ({ message }: Error) => message, error),
  };

  test.each(Object.keys(failing).flatMap((which) => Object.keys(uses).map((use) => [which, use] as const)))(
    'a %s %s interrupts no handler after a kill',
    async (which, use) => {
      await unnoticed(`${which} ${use}`, {
        from: 220,
        until: 1_000,
        page() {
          const state = ui.state<unknown>(null);
          const out = ui.label('-');
          ui.label(() => (state.value instanceof Error ? `${state.value.name} ${state.value.message}` : '-'));
          ui.button('Go', async () => {
            try {
              await failing[which]?.();
            } catch (error) {
              await uses[use]?.(state, error as Error);
              const known = [TaskError, TimeoutError, CancelledError].findIndex((each) => error instanceof each);
              out.text = `${known} ${(error as Error).name} ${await give('after', 500)}`;
            }
          });
        },
      });
    },
  );
});

describe('what a handler reads', () => {
  test('the title of the page', async () => {
    const app = () =>
      new App().page('/', (page) => {
        ui.button('Go', async () => {
          page.title = `${page.title}!`;
          await run.ioBound(() => pause(1_000));
          page.title = `${page.title}?`;
        });
      });
    using user = await visit(app());
    user.find('Go').click();
    await user.advance('500ms');
    user.server.kill();
    await user.advance('20s');
    expect([user.browser.root.props.title, user.server.errors]).toEqual(['!?', []]);
  });

  test('what the builder made of data that has changed since', async () => {
    let users = 3;
    await unnoticed('a builder with other data', {
      before: () => {
        users = 3;
      },
      acts: [
        [0, 'Go'],
        [100, () => users++],
      ],
      from: 120,
      until: 900,
      page() {
        const count = ui.state(users);
        const label = ui.label(`users ${users}`);
        const out = ui.label('-');
        ui.button('Go', async () => {
          const before = `${count.value} ${label.text}`;
          const after = await give(before, 700);
          out.text = `${after} ${before}`;
          label.text = 'seen';
          count.value = 0;
        });
      },
    });
  });

  test('a prop that a signal changed in its own turn', async () => {
    await unnoticed('a bound prop', {
      from: 60,
      until: 900,
      page() {
        const count = ui.state(1);
        const bound = ui.label(() => `count ${count.value}`);
        const out = ui.label('-');
        ui.button('Go', async () => {
          const texts = [bound.text];
          count.value = 2;
          await give(1, 200);
          texts.push(bound.text);
          count.value = 3;
          texts.push(bound.text);
          out.text = `${await give(texts, 400)}`;
        });
      },
    });
  });
});

describe('the size of a journal', () => {
  /** How many characters a session writes for a click, beside a handler that has made so many calls. */
  async function written(calls: number): Promise<number> {
    using user = await visit({
      '/': () => {
        const count = ui.state(0);
        ui.button('Go', async () => {
          for (let call = 0; call < calls; call++) await run.ioBound(async () => 'x'.repeat(1_000));
          for (;;) {
            await run.ioBound(() => pause(1_000));
            count.value++;
          }
        });
      },
    });
    user.find('Go').click();
    await user.advance(`${Math.ceil(calls / 100) + 5}s`);
    const page = user.server.store.pages()[0]?.page ?? '';
    const before = new Map(user.server.store.cells(page).map(({ key, value }) => [key, value]));
    await user.advance('1s');
    const after = user.server.store.cells(page).filter(({ key, value }) => before.get(key) !== value);
    return after.reduce((sum, { value }) => sum + value.length, 0);
  }

  test('a call writes as much after a thousand calls as after ten', async () => {
    const [few, many] = [await written(10), await written(1_000)];
    expect(many).toBeLessThan(few * 1.5);
  });

  test('a handler that waits beside a timer that writes much stores nothing of what it does not read', async () => {
    using user = await visit({
      '/': () => {
        const ticks = ui.state<number[]>([]);
        const read = ui.state(0);
        ui.timer('1s', () => {
          ticks.value = Array.from({ length: 1_000 }, (_, index) => index + ticks.value.length);
        });
        ui.button('Go', async () => {
          for (;;) {
            await run.ioBound(() => pause(1_000));
            read.value++;
          }
        });
      },
    });
    user.find('Go').click();
    await user.advance('60s');
    const page = user.server.store.pages()[0]?.page ?? '';
    const log = user.server.store.cells(page).filter(({ key }) => key.split('.')[1] === 'h');
    expect(log.reduce((sum, { value }) => sum + value.length, 0)).toBeLessThan(60 * 300);
  });
});

/** What code may put into an object that it has given to an element before. */
const laterChanges: Readonly<Record<string, () => unknown>> = {
  'a function': () => () => 'no data',
  'a bigint': () => 10n,
  'a symbol': () => Symbol('no data'),
  'an instance of a class': () => new Day('today'),
  'a promise': () => Promise.resolve(),
  'a long text': () => 'x'.repeat(3_000_000),
  'a getter that throws': () => ({
    get text(): string {
      throw new Error('from the getter');
    },
  }),
};

test.each(Object.entries(laterChanges))(
  '[BD2] %s in an object that an element was given harms no commit, no patch and no job of the session',
  async (_, make) => {
    const count = () => {
      const count = ui.state(0);
      ui.label(() => `count ${count.value}`);
      ui.button('Count', () => count.value++);
    };
    const tasks = {
      work: async () => {
        await pause(2_000);
        return 'answer';
      },
    };
    const { work } = run.tasks<typeof tasks>('COMPUTE');
    using user = await visit(
      {
        '/': () => {
          count();
          const out = ui.label('-');
          const list = ui.state<unknown[]>([]);
          const box = ui.column();
          ui.button('Change', async () => {
            const options: unknown[] = ['one'];
            const attributes: Record<string, unknown> = { 'data-mark': 'one' };
            list.value = options;
            box.add(() => {
              ui.select(options as string[], { label: 'Choice' });
              ui.label('made').props({ 'data-all': attributes as never });
            });
            options.push(make());
            attributes['data-mark'] = make();
            out.text = await run.cpuBound(work);
          });
        },
        '/other': count,
      },
      '/',
      { services: { COMPUTE: tasks } },
    );
    const other: User = await user.tab('/other');
    user.find('Change').click();
    other.find('Count').click();
    await user.advance('1s');
    user.find('Count').click();
    await user.advance('1s');
    expect([user.browser.link.status.pending, other.browser.link.status.pending]).toEqual([0, 0]);
    user.server.kill();
    await user.advance('20s');
    for (const text of ['answer', 'count 1', 'made', 'Choice']) expect([text, user.sees(text)]).toEqual([text, true]);
    expect([user.notifications, user.server.errors]).toEqual([[], []]);
  },
);

test('a handler of many megabytes of results goes on after a kill', async () => {
  const page = () => {
    const out = ui.label('none');
    ui.button('Go', async () => {
      let size = 0;
      for (let call = 0; call < 8; call++) size += (await run.ioBound(async () => `${call}`.repeat(600_000))).length;
      out.text = `${size} ${await give('end', 2_000)}`;
    });
  };
  const given: Play = { page };
  const { shown, errors } = await play(given, [1_000]);
  expect([errors, JSON.stringify(shown).includes('4800000 end')]).toEqual([[], true]);
});

describe('arguments', () => {
  const body = () => new Blob(['body']);
  const takes: Readonly<Record<string, readonly (() => unknown)[]>> = {
    'a Request': [() => new Request('http://shop.example/')],
    'an address and Headers': [() => 'http://shop.example/', () => ({ headers: new Headers({ a: 'b' }) })],
    'an address and a signal': [() => 'http://shop.example/', () => ({ signal: new AbortController().signal })],
    'a URL': [() => new URL('http://shop.example/')],
    'a Blob': [body],
    'a stream': [() => body().stream()],
    'a form': [() => new FormData()],
    'a Response': [() => new Response('body')],
    'a function': [() => () => 1],
    'an instance of a class': [() => new Day('one')],
    'an object with a getter that throws': [
      () =>
        Object.defineProperty({}, 'bad', {
          enumerable: true,
          get() {
            throw new Error('from the getter');
          },
        }),
    ],
  };

  test.each(Object.entries(takes))('run.ioBound takes %s, also after a kill', async (what, make) => {
    await unnoticed(what, {
      from: 60,
      until: 700,
      page() {
        const out = ui.label('-');
        ui.button('Go', async () => {
          const count = await run.ioBound(
            async (...args: unknown[]) => {
              await later(200);
              return args.length;
            },
            ...make.map((each) => each()),
          );
          out.text = `${count} ${await give('after', 300)}`;
        });
      },
    });
  });

  test.each(Object.entries(takes).filter(([what]) => /Request|Headers|stream|Response/.test(what)))(
    'a task with durable: false is handed %s, which RPC carries',
    async (_what, make) => {
      const given = make.map((each) => each());
      const calls: TaskCall[] = [];
      const service: ComputeService = {
        async run(call) {
          calls.push(call);
          return { ok: true, value: 1 };
        },
      };
      const clock = new VirtualClock();
      const page = () => {
        const { take } = run.tasks<{ take(...args: unknown[]): number }>('COMPUTE');
        ui.button('Go', async () => void (await run.with({ durable: false }).cpuBound(take, ...given)));
      };
      const server = new TestServer({ clock, pages: { '/': page }, services: { COMPUTE: service } });
      using user = await User.open(server, clock, '/');
      user.find('Go').click();
      await user.advance('1s');
      expect([calls.map(({ args }) => args), server.errors]).toEqual([[given], []]);
    },
  );

  test('an argument that can be told from what it was is compared beside one that cannot', async () => {
    let path = 'one';
    const { errors } = await play(
      {
        before: () => {
          path = 'one';
        },
        page() {
          ui.button('Go', async () => {
            const load = (_address: string, _init: RequestInit) => later(1_000);
            await run.ioBound(load, `http://shop.example/${path}`, { headers: new Headers() });
          });
        },
        acts: [
          [0, 'Go'],
          [
            250,
            () => {
              path = 'two';
            },
          ],
        ],
      },
      [300],
    );
    expect(errors).toEqual([expect.stringContaining('its call 1 was run.ioBound(load) and now has other arguments')]);
  });
});

describe('[NF7] an object that a handler put into a state is the one that it finds there after a kill', () => {
  const cases: Readonly<Record<string, () => unknown>> = {
    'as a value of a Map'() {
      const orders = ui.state(new Map<string, { readonly id: string; readonly sent: boolean }>());
      ui.label(() => [...orders.value.values()].map(({ id, sent }) => `${id} ${sent}`).join());
      ui.button('Other', () => {
        orders.value = new Map([['other', { id: 'other', sent: false }], ...orders.value]);
      });
      ui.button('Go', async () => {
        const order = { id: 'mine', sent: false };
        orders.value = new Map([...orders.value, ['mine', order]]);
        await give('sent', 400);
        orders.value = new Map(
          [...orders.value].map(([key, each]) => [key, each === order ? { ...each, sent: true } : each]),
        );
        await give('end', 300);
      });
    },
    'as a key of a Map'() {
      const counts = ui.state(new Map<{ readonly id: string }, number>());
      ui.label(() => [...counts.value].map(([{ id }, count]) => `${id} ${count}`).join());
      ui.button('Go', async () => {
        const key = { id: 'mine' };
        counts.value = new Map([[key, 1]]);
        await give('wait', 400);
        counts.value = new Map(counts.value).set(key, 2);
        await give('end', 300);
      });
    },
    'in a Set'() {
      const items = ui.state(new Set<{ readonly id: string }>());
      ui.label(() => [...items.value].map(({ id }) => id).join());
      ui.button('Go', async () => {
        const item = { id: 'mine' };
        items.value = new Set([{ id: 'other' }, item]);
        await give('wait', 400);
        items.value = new Set([...items.value].filter((each) => each !== item));
        await give('end', 300);
      });
    },
    'as a Date and an error in a list'() {
      const items = ui.state<readonly unknown[]>([]);
      ui.label(() => items.value.map((item) => (item instanceof Date ? item.toISOString() : String(item))).join());
      ui.button('Go', async () => {
        const [date, error] = [new Date(0), new RangeError('mine')];
        items.value = [date, error, 'text'];
        await give('wait', 400);
        items.value = items.value.map((item) => (item === date || item === error ? 'found' : item));
        await give('end', 300);
      });
    },
    'deep in objects, lists and Maps'() {
      const rows = ui.state({ all: new Map([[1, { tags: [{ text: 'one' }] }]]) });
      ui.label(() => [...rows.value.all.values()].flatMap(({ tags }) => tags.map(({ text }) => text)).join());
      ui.button('Go', async () => {
        const found = rows.value.all.get(1)?.tags[0];
        await give('wait', 400);
        const tagged = [...rows.value.all].map(
          ([key, { tags }]) => [key, { tags: tags.map((tag) => (tag === found ? { text: 'found' } : tag)) }] as const,
        );
        rows.value = { all: new Map(tagged) };
        await give('end', 300);
      });
    },
  };

  test.each(Object.entries(cases))('%s', async (what, page) => {
    await unnoticed(what, { page, until: 1_100 });
  });
});
