import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';

let user: User;
const later = (ms: number) => new Promise<void>((resolve) => user.clock.after(ms, resolve));
const tasks = {
  forever: async function* (): AsyncGenerator<string, number> {
    for (;;) {
      await later(300_000);
      yield 'tick';
    }
  },
};
const handles = run.tasks<typeof tasks>('COMPUTE');
const stray = '/: 1 handlers that await a call outside run';

describe('a handler that awaits something else than run', () => {
  const page = () => {
    const out = ui.label('-');
    ui.button('Go', async () => {
      out.text = 'waits';
      await later(11 * 60_000);
      out.text = 'done';
    });
    ui.button('Mixed', async () => {
      await run.ioBound(later, 1_000);
      await later(11 * 60_000);
      out.text = 'mixed';
    });
    ui.button('Never', () => new Promise(() => {}));
  };

  test('keeps the object in memory while somebody watches, and the page that says why is right', async () => {
    using here = await open({ '/': page });
    user = here;
    user.find('Go').click();
    await user.advance('1m');
    expect(user.server.whyAwake()).toEqual([stray]);
    expect(() => user.server.evict()).toThrow('await a call outside run');
    await user.advance('11m');
    expect([user.find({ kind: 'label' }).text, user.server.whyAwake(), user.server.errors]).toEqual(['done', [], []]);
    user.find('Mixed').click();
    await user.advance('1m');
    expect(user.server.whyAwake()).toEqual([stray]);
    await user.advance('11m');
    expect([user.find({ kind: 'label' }).text, user.server.whyAwake()]).toEqual(['mixed', []]);
  });

  test('does so no longer than the policy says', async () => {
    using here = await open({ '/': page }, '/', { policy: { foreignAwait: 5 * 60_000 } });
    user = here;
    user.find('Never').click();
    await user.advance('4m');
    expect(user.server.whyAwake()).toEqual([stray]);
    await user.advance('2m');
    expect(user.server.whyAwake()).toEqual([]);
    user.server.evict();
    await user.advance('30s');
    expect(user.server.errors.map(String)).toEqual([expect.stringContaining('InterruptedError')]);
  });

  test('does not when nobody watches', async () => {
    using here = await open({ '/': page });
    user = here;
    user.find('Never').click();
    await user.advance('1m');
    user.close();
    await user.advance('1m');
    expect(user.server.whyAwake()).toEqual([]);
  });
});

describe('open work of a page that nobody watches', () => {
  const turns = { count: 0 };
  const loops = {
    'polls by run.ioBound': async () => {
      for (;;) {
        await run.ioBound(later, 600_000);
        turns.count++;
      }
    },
    'polls and writes': async (state: { value: number }) => {
      for (;;) {
        await run.ioBound(later, 600_000);
        turns.count++;
        state.value++;
      }
    },
    sleeps: async (state: { value: number }) => {
      for (;;) {
        await run.sleep('10m');
        turns.count++;
        state.value++;
      }
    },
    'reads what a job yields for ever': async () => {
      for await (const _ of run.with({ timeout: Number.POSITIVE_INFINITY }).cpuBound(handles.forever).chunks) {
        turns.count++;
      }
    },
    'waits for what never comes': async () => {
      await run.event('never');
    },
    'awaits a call that never ends': async () => {
      await run.with({ timeout: Number.POSITIVE_INFINITY }).ioBound(() => new Promise<void>(() => {}));
    },
  };

  test.each(Object.entries(loops))(
    'that %s ends by policy, which is told in the log, and nothing is left',
    async (what, loop) => {
      const page = () => {
        const count = ui.state(0);
        ui.button('Loop', () => loop(count));
      };
      using here = await open({ '/report': page }, '/report', {
        services: { COMPUTE: tasks },
        policy: { openWork: 5 * 3_600_000, pageIdle: 3_600_000 },
      });
      user = here;
      user.find('Loop').click();
      await user.advance('5m');
      user.close();
      turns.count = 0;
      await user.advance('4h');
      expect([user.server.store.pages().length, turns.count > 0 || !/loop|polls|sleeps|reads/.test(what)]).toEqual([
        1,
        true,
      ]);
      await user.advance('2h');
      await user.advance('11m');
      expect(user.server.store.pages()).toEqual([]);
      expect(user.server.log.filter(({ level }) => level === 'warning').map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^Ended the page \/report with a handler still open: a browser last showed it [56](\.\d)? hours ago\. Raise the session policy openWork /,
        ),
      ]);
      turns.count = 0;
      await user.advance('10h');
      expect([turns.count, user.server.errors, user.server.whyAwake()]).toEqual([0, [], []]);
    },
  );

  test('goes on while somebody watches', async () => {
    using here = await open({ '/': () => ui.button('Loop', () => loops.sleeps({ value: 0 })) }, '/', {
      policy: { openWork: 2 * 3_600_000, pageIdle: 1_800_000 },
    });
    user = here;
    user.find('Loop').click();
    await user.advance('20h');
    expect(user.server.store.pages()).toHaveLength(1);
    user.close();
    await user.advance('1h');
    expect(user.server.store.pages()).toHaveLength(1);
    await user.advance('2h');
    expect(user.server.store.pages()).toEqual([]);
  });

  test('that waits for a time of its own is waited for, and who returns finds what came of it', async () => {
    using here = await open({
      '/': () => {
        const out = ui.label('-');
        ui.button('Sleep', async () => {
          await run.sleep('20 days');
          out.text = 'awake';
        });
      },
    });
    user = here;
    user.find('Sleep').click();
    await user.advance('1h');
    const { path } = user.browser;
    user.close();
    await user.advance('19 days');
    await user.advance('23h');
    expect(user.server.store.pages()).toHaveLength(1);
    await user.advance('20h');
    const [page] = user.server.store.pages();
    expect(user.server.store.cells(page?.page ?? '').map(({ value }) => value)).toContain('"awake"');
    await user.advance('10h');
    expect([path, user.server.store.pages()]).toEqual(['/', []]);
    expect(user.server.log).toEqual([]);
  });

  test('is no sign that somebody has seen the page', async () => {
    using here = await open({
      '/': () => {
        const count = ui.state(0);
        ui.button('Loop', () => loops.sleeps(count));
      },
    });
    user = here;
    user.find('Loop').click();
    await user.advance('5m');
    user.close();
    await user.advance('1m');
    const seen = () => user.server.store.pages()[0]?.seen ?? 0;
    const closed = user.clock.now();
    await user.advance('10h');
    expect(seen()).toBeLessThan(closed);
  });

  test.each([
    ['run.sleep', () => run.sleep('3 days')],
    ['run.event', () => run.event('never')],
    ['ui.confirm', () => ui.confirm('Sure?')],
  ])('that waits by %s costs no alarm and no row', async (_, wait) => {
    using here = await open({ '/': () => ui.button('Go', () => wait()) });
    user = here;
    user.find('Go').click();
    await user.advance('1m');
    const { written } = user.server.store;
    const alarm = user.server.alarmAt;
    await user.advance('1h');
    expect([user.server.store.written - written, user.server.alarmAt]).toEqual([0, alarm]);
    expect(user.server.whyAwake()).toEqual([]);
  });
});
