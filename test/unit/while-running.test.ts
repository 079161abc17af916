import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { shared } from '../../src/shared/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, TestServer, TestShared, User, VirtualClock } from '../../src/testing/index.ts';
import type { WhileRunning } from '../../src/tree/index.ts';
import { texts } from './jobs-kit.ts';
import { give, handles, io, later, play, unnoticed } from './replay-kit.ts';

interface Item {
  readonly id: number;
  readonly state: string;
}

/** Ways for a handler to have its own element built anew, with another value around it. */
const surroundings = {
  'an item of each': (build: (change: () => void) => void) => {
    const items = ui.state<readonly Item[]>([{ id: 1, state: 'open' }]);
    const change = () => {
      items.value = items.value.map((item) => ({ ...item, state: `${item.state}!` }));
    };
    ui.each(
      items,
      (item) => item.id,
      () => build(change),
    );
  },
  'a region': (build: (change: () => void) => void) => {
    const count = ui.state(0);
    ui.region(() => {
      ui.label(`${count.value}`);
      build(() => count.value++);
    });
  },
  'a part of show that goes and comes back': (build: (change: () => void) => void) => {
    const shown = ui.state(true);
    ui.show(shown, () =>
      build(() => {
        shown.value = false;
        void Promise.resolve().then(() => {
          shown.value = true;
        });
      }),
    );
  },
};

/** What a handler does that builds its own element anew and then takes two seconds, clicked four times in 0.6 s. */
async function clicks(around: keyof typeof surroundings, whileRunning: WhileRunning) {
  const clock = new VirtualClock();
  let open = 0;
  const seen = { begun: 0, most: 0, ended: 0 };
  const page = () =>
    surroundings[around]((change) => {
      ui.button(
        'Pay',
        async () => {
          seen.begun++;
          seen.most = Math.max(seen.most, ++open);
          change();
          try {
            await run.ioBound(() => new Promise<void>((resolve) => clock.after(2_000, resolve)));
            seen.ended++;
          } finally {
            open--;
          }
        },
        { whileRunning },
      );
    });
  const server = new TestServer({ clock, pages: { '/': page } });
  const opening = User.open(server, clock, '/');
  await clock.advance(2_100);
  using user = await opening;
  const busy: boolean[] = [];
  for (let click = 0; click < 4; click++) {
    user.find('Pay').click();
    await user.advance(200);
    busy.push(user.find('Pay').busy);
  }
  await user.advance('10s');
  return { ...seen, busy, busyAfter: user.find('Pay').busy, errors: server.errors };
}

describe.each(Object.keys(surroundings) as (keyof typeof surroundings)[])(
  'a handler that has %s built anew',
  (around) => {
    test.each([
      ['ignore', { begun: 1, most: 1, ended: 1 }],
      ['queue', { begun: 4, most: 1, ended: 4 }],
      ['restart', { begun: 4, most: 2, ended: 1 }],
      ['parallel', { begun: 4, most: 4, ended: 4 }],
    ] as const)('keeps its policy %s, and its element stays busy until it ends', async (whileRunning, expected) => {
      const { begun, most, ended, busy, busyAfter, errors } = await clicks(around, whileRunning);
      expect({ begun, most, ended }).toEqual(expected);
      expect(busy).toEqual([true, true, true, true]);
      expect([busyAfter, errors]).toEqual([false, []]);
    });
  },
);

test('a trigger that waited in line sees the value that the run before it has made', async () => {
  const clock = new VirtualClock();
  using user = await open(
    {
      '/': () => {
        const items = ui.state([{ id: 1, n: 0 }]);
        ui.each(
          items,
          (item) => item.id,
          (item) => {
            ui.label(`n ${item.n}`);
            ui.button(
              'Add',
              async () => {
                await run.ioBound(() => new Promise<void>((resolve) => clock.after(10, resolve)));
                items.value = [{ ...item, n: item.n + 1 }];
              },
              { whileRunning: 'queue' },
            );
          },
        );
      },
    },
    '/',
  );
  for (let click = 0; click < 5; click++) user.find('Add').click();
  for (let turn = 0; turn < 20; turn++) {
    await user.advance(100);
    await clock.advance(100);
  }
  expect(user.find({ kind: 'label' }).text).toBe('n 5');
});

describe('with restart, what a superseded run still does', () => {
  /** Clicks Search twice, the second time while the first one waits, and looks 300 ms and 5 s after that. */
  async function search(page: () => void) {
    const clock = new VirtualClock();
    const shared = new TestShared({ clock });
    let wait = 2_000;
    slow = () => {
      const ms = wait;
      wait = 1_000;
      return new Promise<void>((resolve) => clock.after(ms, resolve));
    };
    const server = new TestServer({ clock, pages: { '/': page }, shared });
    const opening = User.open(server, clock, '/');
    await clock.advance(2_100);
    using user = await opening;
    user.find('Search').click();
    await user.advance(500);
    user.find('Search').click();
    await user.advance(300);
    const early = user.page;
    await user.advance('5s');
    return { early, late: user.page, notifications: user.notifications, server };
  }
  let slow: () => Promise<void>;
  const waits = { run: () => run.ioBound(slow), 'something else than run': () => slow() } as const;

  describe.each(Object.keys(waits) as (keyof typeof waits)[])('when it awaited %s', (what) => {
    const wait = waits[what];

    test('reaches no state, prop, log, notification, dialog, new element or shared value', async () => {
      const { early, late, notifications, server } = await search(() => {
        const runs = ui.state(0);
        const busy = ui.state(false);
        const online = shared('online', 0);
        const out = ui.label('-');
        const log = ui.log();
        const dialog = ui.dialog(() => ui.label('Dialog'));
        const column = ui.column(() => ui.label('in the column'));
        ui.label(() => `busy ${busy.value}, shared ${online.value}, runs ${runs.value}`);
        ui.button(
          'Search',
          async () => {
            const mine = ++runs.value;
            busy.value = true;
            out.text = `searching ${mine}`;
            let error: unknown;
            try {
              await wait();
            } catch (caught) {
              error = caught;
            } finally {
              busy.value = false;
              out.text = `found by ${mine}${error ? ` after ${error}` : ''}`;
              out.classes('done');
              log.push(`line of ${mine}`);
              online.add(mine);
              if (mine === 1) {
                ui.notify('Failed');
                dialog.open();
                column.clear();
              }
              ui.label(`built by ${mine}`);
            }
          },
          { whileRunning: 'restart' },
        );
      });
      expect(early).toContain('busy true, shared 0, runs 2');
      expect(early).toContain('searching 2');
      expect(late).toContain('busy false, shared 2, runs 2');
      expect(late).toContain('found by 2');
      expect(late).toContain('built by 2');
      expect(late).toContain('line of 2');
      expect(late).toContain('in the column');
      expect(late).not.toMatch(/(found|built) by 1|line of 1|Failed|^dialog(?! closed)/m);
      expect([notifications, server.errors]).toEqual([[], []]);
    });

    test('is seen by itself', async () => {
      const seen: unknown[] = [];
      await search(() => {
        const n = ui.state(0);
        const runs = ui.state(0);
        const out = ui.label('-');
        ui.button(
          'Search',
          async () => {
            const mine = ++runs.value;
            await Promise.resolve(wait()).catch(() => {});
            n.value = mine * 10;
            n.value++;
            out.text = `of ${mine}`;
            seen.push([n.value, out.text, runs.value]);
          },
          { whileRunning: 'restart' },
        );
      });
      const each = [
        [11, 'of 1', 2],
        [21, 'of 2', 2],
      ];
      // Only a call of `run` is cut short.
      expect(seen).toEqual(what === 'run' ? each : each.toReversed());
    });

    test('calls its cleanup, which nobody cancels', async () => {
      let held = 0;
      let released = 0;
      const { server } = await search(() => {
        ui.button(
          'Search',
          async () => {
            await run.ioBound(async () => held++);
            try {
              await wait();
            } finally {
              await run.ioBound(async () => held--);
              await run.ioBound(async () => released++);
            }
          },
          { whileRunning: 'restart' },
        );
      });
      expect({ held, released, errors: server.errors }).toEqual({ held: 0, released: 2, errors: [] });
    });

    test('fails into the log and not into the page', async () => {
      const { notifications, server, late } = await search(() => {
        let runs = 0;
        const out = ui.label('-');
        ui.button(
          'Search',
          async () => {
            const mine = ++runs;
            await Promise.resolve(wait()).catch(() => {});
            if (mine === 1) throw new Error('The connection could not be closed.');
            out.text = 'found';
          },
          { whileRunning: 'restart' },
        );
      });
      expect(late).toContain('found');
      expect(notifications).toEqual([]);
      expect(server.errors.map(String)).toEqual(['Error: The connection could not be closed.']);
    });
  });

  test.each([
    ['is cancelled, when its function reads run.signal', 'read', ['begin 1', 'cancelled 1', 'begin 2', 'end 2']],
    ['ends, when its function does not', 'unread', ['begin 1', 'end 1', 'begin 2', 'end 2']],
    ['ends, when the call has a signal of its own', 'own', ['begin 1', 'end 1', 'begin 2', 'end 2']],
  ])('a cleanup call that is open when a run is superseded %s', async (_, signal, expected) => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const release = async (mine: number) => {
      const ended = Promise.withResolvers<void>();
      seen.push(`begin ${mine}`);
      clock.after(1_000, ended.resolve);
      if (signal !== 'unread') run.signal?.addEventListener('abort', () => ended.reject(new Error('aborted')));
      await ended.promise.then(
        () => seen.push(`end ${mine}`),
        () => seen.push(`cancelled ${mine}`),
      );
    };
    const page = () => {
      const runs = ui.state(0);
      ui.button(
        'Search',
        async () => {
          const mine = ++runs.value;
          try {
            await run.sleep(mine === 1 ? '1s' : '3s');
          } finally {
            const own = signal === 'own' ? { signal: new AbortController().signal } : {};
            await run.with(own).ioBound(release, mine);
          }
        },
        { whileRunning: 'restart' },
      );
    };
    const server = new TestServer({ clock, pages: { '/': page } });
    using user = await User.open(server, clock, '/');
    user.find('Search').click();
    await user.advance(1_500);
    user.find('Search').click();
    await user.advance('10s');
    expect(seen).toEqual(expected);
    expect(server.errors).toEqual([]);
  });

  test.each<[what: string, second: number, kill: boolean, begun: readonly number[]]>([
    ['before it has left the session', 505, false, [1, 2]],
    ['while it is open', 1_000, false, [1, 2]],
    ['while it is open, and the server dies meanwhile', 1_000, true, [1, 2, 1, 2]],
  ])(
    '[NB4] a cleanup call in finally runs to its end, when the run is superseded %s',
    async (_, second, kill, expected) => {
      const clock = new VirtualClock();
      const begun: number[] = [];
      const ended: number[] = [];
      const release = async (mine: number) => {
        begun.push(mine);
        await new Promise<void>((resolve) => void clock.after(2_000, resolve));
        ended.push(mine);
      };
      const find = (mine: number) =>
        new Promise<string>((resolve) => void clock.after(500, () => resolve(`found ${mine}`)));
      const page = () => {
        const runs = ui.state(0);
        const shown = ui.label('-');
        ui.button(
          'Search',
          async () => {
            const mine = ++runs.value;
            try {
              shown.text = await run.ioBound(find, mine);
            } finally {
              await run.ioBound(release, mine);
              shown.text = `released ${mine}`;
            }
          },
          { whileRunning: 'restart' },
        );
      };
      const server = new TestServer({ clock, pages: { '/': page } });
      using user = await User.open(server, clock, '/');
      user.find('Search').click();
      await user.advance(second);
      user.find('Search').click();
      await user.advance('1s');
      if (kill) server.kill();
      await user.advance('20s');
      expect(begun).toEqual(expected);
      expect(new Set(ended)).toEqual(new Set([1, 2]));
      expect(user.sees('released 2')).toBe(true);
      expect([user.notifications, server.errors]).toEqual([[], []]);
      expect(server.session.pages.values().next().value?.handlers.open).toBe(0);
    },
  );

  test('is continued after a kill, with its cleanup, as if there had been none', async () => {
    const page = () => {
      const out = ui.label('-');
      const runs = ui.state(0);
      const lines = ui.state<readonly string[]>([]);
      ui.label(() => lines.value.join(' '));
      ui.button(
        'Go',
        async () => {
          const mine = ++runs.value;
          out.text = `searching ${mine}`;
          lines.value = [...lines.value, `begin ${mine}`];
          try {
            const found = await give(`found ${mine}`, 500);
            out.text = `${found}, ${await io('more', 300)}`;
          } catch (error) {
            out.text = `failed ${mine} ${error}`;
            await io('cleaned', 200);
            lines.value = [...lines.value, `cleaned ${mine}`];
          } finally {
            out.text += ' finally';
            await give('released', 400);
            lines.value = [...lines.value, `released ${mine}`];
          }
        },
        { whileRunning: 'restart' },
      );
    };
    const acts = [
      [0, 'Go'],
      [250, 'Go'],
      [700, 'Go'],
    ] as const;
    const { shown } = await play({ page, acts });
    expect(JSON.stringify(shown)).toContain('found 3, more finally');
    expect(JSON.stringify(shown)).toContain('begin 1 begin 2 begin 3 released 3');
    await unnoticed('restart', { page, acts, until: 2_400 });
  });

  test('was an await of something else when a kill comes, and nobody is told', async () => {
    const page = () => {
      const runs = ui.state(0);
      const out = ui.label('-');
      ui.button(
        'Go',
        async () => {
          const mine = ++runs.value;
          if (mine === 1) await later(60_000);
          out.text = `found ${mine} ${await io('x', 300)}`;
        },
        { whileRunning: 'restart' },
      );
    };
    await unnoticed('restart', {
      page,
      acts: [
        [0, 'Go'],
        [100, 'Go'],
      ],
      from: 180,
      // A kill before the second click interrupts the first run, which is not superseded yet.
      timed: true,
    });
  });
});

describe("a job of a name with whileRunning: 'restart' that a second click starts again", () => {
  /** A search whose handler runs in parallel; its job does not. */
  const page = () => {
    const busy = ui.state(false);
    const out = ui.label('-');
    const job = ui.job('search', handles.give, { whileRunning: 'restart' });
    ui.label(() => (busy.value ? 'busy' : 'idle'));
    ui.button('Search', async () => {
      busy.value = true;
      out.text = 'Searching...';
      try {
        out.text = `found ${await job.start('x', 2_000)}`;
      } catch (error) {
        out.text = `failed: ${(error as Error).name}`;
      } finally {
        busy.value = false;
      }
    });
  };

  test('[NB4] supersedes the run that it replaces, so that its catch and finally write nothing', async () => {
    await unnoticed('ui.job restart', {
      page,
      acts: [
        [0, 'Search'],
        [500, 'Search'],
      ],
      from: 560,
      until: 2_000,
    });
    let between = '';
    await play({
      page,
      acts: [
        [0, 'Search'],
        [500, 'Search'],
        [1_000, (browser) => void (between = texts(browser).join())],
      ],
    });
    expect(between).toBe('Searching...,busy');
  });

  test('leaves a run of another button alone, which gets the CancelledError', async () => {
    const shown = await play({
      page() {
        const job = ui.job('search', handles.give, { whileRunning: 'restart' });
        for (const name of ['one', 'two']) {
          const out = ui.label(`${name}: -`);
          ui.button(name, async () => {
            try {
              out.text = `${name}: ${await job.start(name, 1_000)}`;
            } catch (error) {
              out.text = `${name}: ${(error as Error).name}`;
            }
          });
        }
      },
      acts: [
        [0, 'one'],
        [300, 'two'],
      ],
    });
    expect(JSON.stringify(shown.shown)).toContain('one: CancelledError');
    expect(JSON.stringify(shown.shown)).toContain('two: two');
  });

  test('leaves a run alone whose job somebody cancels', async () => {
    const shown = await play({
      page() {
        page();
        const job = ui.job('search', handles.give, { whileRunning: 'restart' });
        ui.button('Cancel', () => job.cancel());
      },
      acts: [
        [0, 'Search'],
        [300, 'Cancel'],
      ],
    });
    expect(JSON.stringify(shown.shown)).toContain('failed: CancelledError');
    expect(JSON.stringify(shown.shown)).toContain('idle');
  });
});
