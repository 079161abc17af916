import { describe, expect, test } from 'vitest';
import { App } from '../../src/app/index.ts';
import { ui } from '../../src/elements/index.ts';
import { CancelledError, TimeoutError } from '../../src/rpc/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

function log(user: User): unknown {
  return user.find({ kind: 'log' }).props.lines;
}

/** A page with a log and a button whose handler says what comes of it. */
function scene(handler: (say: (line: unknown) => void) => Promise<unknown>, more: () => void = () => {}) {
  return () => {
    const lines = ui.log();
    const say = (line: unknown) => lines.push(line instanceof Error ? line.name : JSON.stringify(line));
    ui.button('Go', () => handler(say).catch((error) => say(error)));
    more();
  };
}

describe('a wait that takes too long', () => {
  test.each([
    ['run.event', () => run.event('never', { timeout: '7d' })],
    ['ui.confirm', () => ui.confirm('Sure?', { timeout: '7d' })],
    ['ui.prompt', () => ui.prompt('Name?', { timeout: '7d' })],
  ])('%s throws a TimeoutError after its days, also when nobody watches and the server was killed', async (_, wait) => {
    using user = await open({
      '/': scene(async (say) => {
        const error = await wait().then(String, (caught: TimeoutError) => caught);
        if (typeof error === 'string') return say(error);
        say([error instanceof TimeoutError, error.message, error.timeout]);
      }),
    });
    user.find('Go').click();
    await user.advance('1h');
    user.browser.close();
    await user.advance('2 days');
    user.server.kill();
    await user.advance('5 days');
    await user.advance('20h');
    const [page] = user.server.store.pages();
    const [row] = user.server.store.cells(page?.page ?? '').filter(({ key }) => key.includes('.l.'));
    expect(row?.value).toContain('waited for 7 days and was stopped. Nobody answered within that time.');
    expect(row?.value).toContain('604800000');
    expect(user.server.errors).toEqual([]);
  });

  test('of a dialog closes it', async () => {
    using user = await open({
      '/': () => {
        const dialog = ui.dialog(() => ui.label('Dialog'));
        ui.button('Go', async () => {
          await dialog.result({ timeout: '1h' }).catch(() => {});
        });
      },
    });
    user.find('Go').click();
    await user.advance('30m');
    expect(user.find({ kind: 'dialog' }).props.open).toBe(true);
    await user.advance('31m');
    expect(user.find({ kind: 'dialog' }).props.open).toBe(false);
  });
});

describe('waits among other calls', () => {
  /** Plays a long handler to its end, answering what it asks for as soon as it does, with a kill after so many milliseconds. */
  async function play(kill: number) {
    let clock: User['clock'] | undefined;
    const slow = () => new Promise<string>((resolve) => clock?.after(70, () => resolve('slow')));
    using user = await open({
      '/': () => {
        const asks = ui.state('');
        const lines = ui.state<readonly unknown[]>([]);
        const say = (line: unknown) => {
          lines.value = [...lines.value, line];
        };
        const dialog = ui.dialog<number>(() => {
          ui.button('Submit', () => dialog.submit(lines.value.length));
        });
        const next = ui.button('Next');
        ui.label(() => JSON.stringify(lines.value));
        ui.label(() => asks.value).props({ 'data-mark': 'asks' });
        const ask = async (text: string) => {
          asks.value = `confirm ${text}`;
          return (await ui.confirm(text)) ? 'yes' : 'no';
        };
        ui.button('Go', async () => {
          asks.value = 'dialog 1';
          say(await Promise.all([run.ioBound(slow), dialog.result(), run.sleep(200)]));
          asks.value = 'click 1';
          say(await Promise.race([next.clicked().then(() => 'clicked'), run.sleep('20s').then(() => 'slept')]));
          for (let turn = 0; turn < 3; turn++) {
            asks.value = `click 2.${turn}`;
            await next.clicked();
            say([turn, await run.ioBound(slow)]);
          }
          say(await ask('Really?'));
          asks.value = 'nothing';
          say(await Promise.race([dialog.result(), run.sleep('100ms').then(() => 'late')]));
          dialog.close();
          for (const turn of [2, 3]) {
            asks.value = `dialog ${turn}`;
            say(await dialog.result());
          }
          asks.value = 'event 1';
          say(await Promise.allSettled([run.event('e'), run.sleep(50)]));
          asks.value = 'end';
        });
      },
    });
    clock = user.clock;
    user.find('Go').click();
    const answers: Readonly<Record<string, () => unknown>> = {
      dialog: () => user.find('Submit').click(),
      click: () => user.find('Next').click(),
      confirm: () => user.find({ kind: 'confirm' }).answer(true),
      event: () => {
        unconfirmed = true;
        void user.server.send('e', 'x').then(() => {
          unconfirmed = false;
        });
      },
    };
    // A browser sends a click only while the page listens to it.
    const can = (what: string) =>
      what !== 'click' || Object.hasOwn((user.find('Next').props.on ?? {}) as object, 'click');
    let asked = '';
    let answered = false;
    // Who sends an event repeats what was not confirmed.
    let unconfirmed = false;
    for (let at = 0; at < 40_000; at += 20) {
      if (at === kill) {
        user.server.kill();
        if (unconfirmed) answered = false;
      }
      await user.clock.advance(20);
      const now = user.find({ mark: 'asks' }).text;
      if (now !== asked) answered = false;
      asked = now;
      const [what = ''] = asked.split(' ');
      if (answered || !can(what)) continue;
      answered = true;
      answers[what]?.();
    }
    return { shown: user.page, errors: user.server.errors.map(String) };
  }

  test('Promise.all, race, allSettled, loops, helpers and other calls: no kill is noticed', async () => {
    const expected = await play(-1);
    expect(expected.errors).toEqual([]);
    expect(expected.shown.replaceAll('\\', '')).toContain(
      '[["slow",0,null],"clicked",[0,"slow"],[1,"slow"],[2,"slow"],"yes","late",7,8,[{"status":"fulfilled","value":"x"},{"status":"fulfilled"}]]',
    );
    for (let kill = 20; kill < 2_400; kill += 140) expect([kill, await play(kill)]).toEqual([kill, expected]);
  });
});

describe('whileRunning with an open question', () => {
  test.each([
    ['ignore', ['A?'], 1],
    ['queue', ['A?'], 1],
    ['restart', ['A?'], 2],
    ['parallel', ['A?', 'A?'], 2],
  ] as const)('%s', async (whileRunning, questions, begun) => {
    let count = 0;
    const cancelled: unknown[] = [];
    using user = await open({
      '/': () => {
        const out = ui.label('-');
        ui.button(
          'Go',
          async () => {
            const mine = ++count;
            try {
              out.text = `${mine} ${await ui.confirm('A?')}`;
            } catch (error) {
              cancelled.push(error instanceof CancelledError);
              throw error;
            }
          },
          { whileRunning },
        );
      },
    });
    user.find('Go').click();
    await user.advance('1s');
    user.find('Go').click();
    await user.advance('1s');
    const asked = user.browser.root.children.filter(({ kind }) => kind === 'confirm');
    expect([asked.map(({ props }) => props.text), count, cancelled]).toEqual([
      questions,
      begun,
      whileRunning === 'restart' ? [true] : [],
    ]);
    user.find({ kind: 'confirm' }).all.at(-1)?.answer(true);
    await user.advance('1s');
    expect(user.find({ kind: 'label' }).text).toBe(`${begun} true`);
    expect(user.server.errors).toEqual([]);
  });
});

describe('what is gone', () => {
  test('a removed dialog answers undefined, a removed button cancels, and so does a part that is not shown any more', async () => {
    using user = await open({
      '/': () => {
        const lines = ui.log();
        const shown = ui.state(true);
        ui.show(shown, () => {
          const dialog = ui.dialog();
          const button = ui.button('Wait for me');
          ui.button('Go', async () => {
            const [result, clicked] = await Promise.allSettled([dialog.result(), button.clicked()]);
            lines.push(JSON.stringify([result.status, (clicked as PromiseRejectedResult).reason.name]));
          });
        });
        ui.timer('5s', () => {
          shown.value = false;
        });
      },
    });
    user.find('Go').click();
    await user.advance('10s');
    expect(log(user)).toEqual(['["fulfilled","CancelledError"]']);
  });

  test('a question whose handler is lost after a deploy is taken away, and the loss is told', async () => {
    const before = () => {
      ui.button('Go', async () => void (await ui.confirm('Sure?')));
    };
    using user = await open({ '/': before });
    user.find('Go').click();
    await user.advance('5s');
    expect(user.sees('Sure?')).toBe(true);
    user.server.deploy({
      '/': () => {
        ui.label('another page');
      },
    });
    user.server.kill();
    await user.advance('3s');
    expect(user.browser.root.children.map(({ kind }) => kind)).toEqual(['label', 'notification']);
    expect(user.server.errors.map(String)).toEqual([expect.stringMatching(/InterruptedError/)]);
    expect(user.server.store.due().filter(({ key }) => key === 'handlers')).toEqual([]);
  });

  test('a superseded wait for a click does not keep the button listening', async () => {
    using user = await open({
      '/': () => {
        const next = ui.button('Next');
        ui.button('Go', async () => {
          await next.clicked({ timeout: '1m' }).catch(() => {});
        });
      },
    });
    user.find('Go').click();
    await user.advance('1s');
    expect(user.find('Next').props.on).toEqual({ click: 1 });
    await user.advance('2m');
    expect(user.find('Next').props.on).toBeUndefined();
  });
});

describe('events', () => {
  test('reach every handler of the user that waits for the name, in all tabs, also asleep ones', async () => {
    const page = scene(async (say) => say(await run.event('news')));
    using user = await open({ '/': page });
    using second = await user.tab();
    using third = await user.tab();
    for (const each of [user, second]) each.find('Go').click();
    await user.advance('30s');
    user.server.evict();
    void user.server.send('news', { n: 1 });
    await user.advance('5s');
    expect([log(user), log(second), log(third)]).toEqual([['{"n":1}'], ['{"n":1}'], []]);
    third.find('Go').click();
    await user.advance('5s');
    // It was taken.
    expect(log(third)).toEqual([]);
  });

  test('that come before anybody waits are kept in their order, over a kill, and taken once', async () => {
    using user = await open({
      '/': scene(async (say) => {
        for (let turn = 0; turn < 3; turn++) say(await run.event('paid'));
      }),
    });
    void user.server.send('paid', 1);
    void user.server.send('other', 'x');
    void user.server.send('paid', 2);
    await user.advance('1s');
    user.server.kill();
    await user.advance('6 days');
    user.find('Go').click();
    await user.advance('5s');
    expect(log(user)).toEqual(['1', '2']);
    void user.server.send('paid', 3);
    await user.advance('5s');
    expect(log(user)).toEqual(['1', '2', '3']);
    user.server.kill();
    await user.advance('1m');
    expect(user.server.store.cells('events').map(({ value }) => value)).toHaveLength(1);
    await user.advance('2 days');
    expect(user.server.store.cells('events')).toEqual([]);
  });

  test('that nobody takes are bounded: 100 of a session, and the oldest give way', async () => {
    using user = await open({ '/': scene(async (say) => say(await run.event('many'))) });
    for (let n = 0; n < 120; n++) void user.server.send('many', n);
    await user.advance('1s');
    expect(user.server.store.cells('events')).toHaveLength(100);
    user.find('Go').click();
    await user.advance('1s');
    expect(log(user)).toEqual(['20']);
    expect(user.server.log.map(({ message }) => message)).toContain(
      'Dropped an event: a session stores at most 100 events that no handler awaits. Await them sooner, or send fewer.',
    );
  });

  test('are sent by app.send from a handler of another user, and values that cannot be sent are refused', async () => {
    const app = new App();
    app.page('/', ({ session }) => {
      const lines = ui.log();
      ui.button('Wait', async () => lines.push(JSON.stringify(await run.event('approved'))));
      ui.button('Approve', async () => {
        await app.send(session, 'approved', { by: 'Ann' });
        lines.push('sent');
      });
      ui.button('Wrong', async () => {
        for (const [user, name, value] of [
          ['', 'x', 1],
          [session, '', 1],
          [session, 'x', { f: () => {} }],
        ] as const) {
          await app.send(user, name, value).catch((error: Error) => lines.push(error.name));
        }
      });
    });
    using user = await open(app);
    user.find('Wait').click();
    await user.advance('1s');
    user.find('Approve').click();
    await user.advance('1s');
    expect(log(user)).toEqual(expect.arrayContaining(['{"by":"Ann"}', 'sent']));
    user.find('Wrong').click();
    await user.advance('1s');
    expect((log(user) as string[]).slice(2)).toEqual(['TypeError', 'TypeError', 'TypeError']);
    expect(user.server.errors).toEqual([]);
  });

  test('each receiver has a value of its own', async () => {
    const got: { list: number[] }[] = [];
    using user = await open({
      '/': scene(async () => {
        const value = await run.event<{ list: number[] }>('list');
        value.list.push(2);
        got.push(value);
      }),
    });
    user.find('Go').click();
    user.find('Go').click();
    await user.advance('1s');
    void user.server.send('list', { list: [1] });
    await user.advance('1s');
    expect(got).toEqual([{ list: [1, 2] }, { list: [1, 2] }]);
  });
});

test('outside of a handler a wait throws a sentence that says where to call it', async () => {
  const said: string[] = [];
  const caught = (fn: () => unknown) => {
    try {
      fn();
    } catch (error) {
      said.push((error as Error).message);
    }
  };
  using user = await open({
    '/': () => {
      const button = ui.button('x');
      const dialog = ui.dialog();
      for (const wait of [
        () => ui.confirm('?'),
        () => ui.prompt('?'),
        () => dialog.result(),
        () => run.event('x'),
        () => run.sleep('1 day'),
      ]) {
        caught(wait);
      }
      button.clicked().catch((error: Error) => said.push(error.message));
    },
  });
  await user.advance('1s');
  expect(said).toHaveLength(6);
  for (const message of said) expect(message).toMatch(/ was called outside of a handler\. .* Call it in a handler\.$/);
});

test('run.sleep within run.ioBound is a timer that ends with the call', async () => {
  using user = await open({
    '/': scene(async (say) => {
      await run.ioBound(async () => run.sleep('2s'));
      say('slept');
      await run
        .with({ timeout: '1s' })
        .ioBound(async () => run.sleep('1h'))
        .catch((error) => say(error));
    }),
  });
  user.find('Go').click();
  await user.advance('1.5s');
  expect(log(user)).toEqual([]);
  await user.advance('1s');
  expect(log(user)).toEqual(['"slept"']);
  await user.advance('5s');
  expect(log(user)).toEqual(['"slept"', 'TimeoutError']);
  expect(user.clock.pending).toBeLessThan(5);
});

/** Waits with options that nobody can mean. */
const wrongWaits: readonly (readonly [what: string, message: string, wait: () => unknown])[] = [
  ['run.event', 'no option "timout". Did you mean "timeout"?', () => run.event('paid', { timout: '7d' } as object)],
  ['run.event', "an object, such as { timeout: '7d' }, but are 5", () => run.event('paid', 5 as unknown as object)],
  ['run.event', 'it was given "7".', () => run.event('paid', { timeout: '7' as '7d' })],
  ['ui.confirm', 'Did you mean "danger"?', () => ui.confirm('Sure?', { dangr: true } as object)],
  ['ui.prompt', 'Did you mean "maxLength"?', () => ui.prompt('Name?', { maxlength: 3 } as object)],
  ['button.clicked', 'It has: timeout.', () => ui.button('Other').clicked({ after: 1 } as object)],
  ['dialog.result', 'Did you mean "timeout"?', () => ui.dialog(() => {}).result({ timeOut: 5 } as object)],
];

test.each(wrongWaits)(
  '[BD6] %s refuses wrong options in place of a wait without end: %s',
  async (what, message, wait) => {
    using user = await open(() => {
      const said = ui.state('');
      ui.label(said);
      ui.button('Go', async () => {
        try {
          await wait();
        } catch (error) {
          said.value = (error as Error).message;
        }
      });
    });
    user.find('Go').click();
    await user.settle();
    expect(user.find({ kind: 'label' }).text).toContain(what);
    expect(user.find({ kind: 'label' }).text).toContain(message);
  },
);

test('[BD6] a button refuses a misspelt policy, which would let a second click pay again', async () => {
  await expect(open(() => void ui.button('Pay', () => {}, { whileRunning: 'ingore' as 'ignore' }))).rejects.toThrow(
    "whileRunning of a button must be 'parallel', 'ignore', 'queue' or 'restart'; it was given \"ingore\".",
  );
});

test('[BD6] ioBound refuses what is no function, and the handler goes on after a restart', async () => {
  using user = await open(() => {
    const said = ui.state('');
    ui.label(said);
    ui.button('Go', async () => {
      try {
        await run.ioBound('load' as unknown as () => void);
      } catch (error) {
        said.value = (error as Error).message;
      }
      await run.sleep('1s');
      said.value += ' Done.';
    });
  });
  user.find('Go').click();
  await user.shouldSee(
    'run.ioBound takes a function and its arguments, as in run.ioBound(fetch, url); it was given "load".',
  );
  user.server.kill();
  await user.shouldSee(/ Done\.$/);
  expect(user.server.errors).toEqual([]);
});

describe('a click that comes before its handler is back at its wait', () => {
  const steps = scene(
    async (say) => {
      const next = ui.button('Next');
      for (let step = 1; step <= 3; step++) {
        await next.clicked();
        say(step);
      }
    },
    () => ui.button('Other'),
  );

  test.each([
    ['right after a kill', (user: User) => user.server.kill(), () => {}],
    ['before a kill', () => {}, (user: User) => user.server.kill()],
    ['without a network', (user: User) => user.offline(), (user: User) => user.online()],
  ])('[EO1] counts, like the ones beside it: %s', async (_, before, after) => {
    using user = await open(steps);
    user.find('Go').click();
    await user.settle();
    before(user);
    for (let click = 1; click <= 3; click++) user.find('Next').click();
    after(user);
    await user.advance('5s');
    expect(log(user)).toEqual(['1', '2', '3']);
    expect(user.server.log).toEqual([]);
  });

  test('[EO1] counts on the button of a dialog that the handler has built', async () => {
    using user = await open(
      scene(async (say) => {
        await run.sleep('1s');
        const dialog = ui.dialog(() => {
          ui.button('Yes', () => dialog.submit('yes'));
        });
        dialog.open();
        say(await dialog.result());
      }),
    );
    user.find('Go').click();
    await user.shouldSee('Yes');
    await user.advance('1s');
    user.server.kill();
    user.find('Yes').click();
    await user.advance('5s');
    expect(log(user)).toEqual(['"yes"']);
  });

  test('[NB1] waits at most a second for a handler that repeats a call', async () => {
    let calls = 0;
    using user = await open(
      scene(
        async (say) => {
          const next = ui.button('Next');
          // A function cannot be stored, so a replay makes the call again.
          const made = run.ioBound(() => (calls++ === 0 ? () => 1 : new Promise<() => number>(() => {})));
          say((await made)());
          await next.clicked();
          await run.sleep('1m');
        },
        () => {
          const count = ui.state(0);
          ui.button(
            () => `Count ${count.value}`,
            () => count.value++,
            { key: 'count' },
          );
        },
      ),
    );
    user.find('Go').click();
    await user.settle();
    for (let click = 1; click <= 2; click++) user.find('Next').click();
    user.find('Count 0').click();
    user.server.kill();
    await user.advance('5s');
    await user.shouldSee('Count 1');
  });
});

test('[NF6] a handler whose wait another build has removed says which builds these are, and what to do', async () => {
  using user = await open(scene(() => ui.confirm('Sure?')));
  user.find('Go').click();
  await user.settle();
  user.server.deploy({ '/*': scene(async () => {}) });
  await user.advance('1s');
  expect(user.server.errors.map((error) => (error as Error).message)).toEqual([
    'A handler could not be continued after a restart: it ended before it had made all the calls that it made before. The run ' +
      'began in build "build 1", and this is build "build 2": mark a change of a handler with run.patched(\'name\').',
  ]);
});
