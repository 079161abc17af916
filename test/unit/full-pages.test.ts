import { describe, expect, test } from 'vitest';
import { run, ui } from '../../src/index.ts';
import { encode, limits, protocolVersion } from '../../src/protocol/index.ts';
import { type Builders, open } from '../../src/testing/index.ts';

const computeTasks = { double: (n: number) => n * 2 };
const tasks = run.tasks<typeof computeTasks>('COMPUTE');

/** What handlers found, in the order they did: a full page has no room to show it. */
interface Found {
  readonly values: unknown[];
  gate: PromiseWithResolvers<string>;
}

/** Fills the page up to a cap, so that its author can store or show nothing more. */
const fills = {
  values: () => {
    const states = Array.from({ length: limits.cells + 1 }, () => ui.state(0));
    return () => {
      for (const state of states) state.value = 1;
    };
  },
  characters: () => {
    const states = Array.from({ length: 100 }, () => ui.state(''));
    return () => {
      let next = 0;
      for (let size = 1_000_000; size >= 1; size /= 10) {
        try {
          for (;;) ((states[next] as { value: string }).value = 'x'.repeat(size)), next++;
        } catch (error) {
          if (size === 1) throw error;
        }
      }
    };
  },
  elements: () => {
    for (let full = false; !full; ) {
      try {
        ui.label('');
      } catch {
        full = true;
      }
    }
    return () => {
      ui.label('one more');
    };
  },
} satisfies Record<string, () => () => void>;

function pages(fill: () => () => void, found: Found): Builders {
  return {
    '/': () => {
      ui.button('Fill', () => filled());
      ui.button('Fail', () => {
        throw new Error('the reason');
      });
      ui.button('Wait', async () => {
        const first = await run.ioBound(async () => 'first');
        const second = await run.ioBound(() => found.gate.promise);
        found.values.push([first, second]);
      });
      ui.button('Compute', async () => void found.values.push(await run.cpuBound(tasks.double, 21)));
      ui.button('Click', () => void found.values.push('clicked'));
      ui.timer('1m', () => void found.values.push('ticked'));
      const filled = fill();
    },
  };
}

describe.each(Object.entries(fills))('[BD5] a page that its author has filled with %s', (_, fill) => {
  async function full() {
    const found: Found = { values: [], gate: Promise.withResolvers() };
    const user = await open(pages(fill, found), '/', { services: { COMPUTE: computeTasks } });
    user.find('Fill').click();
    await user.advance('2s');
    // The author's own line has thrown: the page is full.
    expect(user.server.log.map((entry) => String(entry.error)).join()).toContain('RangeError: A page ');
    expect(user.notifications.join()).toContain('RangeError: A page ');
    return { user, found };
  }

  test('says so, and shows the notices of later errors', async () => {
    const { user } = await full();
    for (let time = 0; time < 5; time++) user.find('Fail').click();
    await user.shouldSee('button "Fail": Error: the reason');
    expect(user.server.log.filter((entry) => entry.fault === 'framework')).toEqual([]);
    user.close();
  });

  test('answers a hello, also with an event whose handler fails', async () => {
    const { user } = await full();
    const { page } = user.browser.link;
    const events: [number, number, string][] = [];
    const fail = user.find('Fail').node.id;
    for (let event = 1; event <= 5; event++) events.push([user.browser.link.acked + event, fail, 'click']);
    user.cut();
    const received: string[] = [];
    const near = { opened: () => {}, message: (data: unknown) => void received.push(String(data)), closed: () => {} };
    const wire = user.server.connect({ page, fork: false }, '/', near);
    await user.clock.advance(10);
    wire.browser.send(encode(['h', protocolVersion, '', 0, 0, events]));
    await user.clock.advance(5_000);
    expect(received.map((text) => (JSON.parse(text) as unknown[])[0])).toContain('s');
    expect(received.join()).toContain('the reason');
  });

  test('acknowledges events and continues after a kill', async () => {
    const { user, found } = await full();
    user.server.kill();
    user.find('Click').click();
    await user.advance('10s');
    expect(found.values).toEqual(['clicked']);
    expect(user.browser.link.pending).toEqual([]);
    user.close();
  });

  test('continues a handler after a kill, from its journal', async () => {
    const { user, found } = await full();
    user.find('Wait').click();
    await user.advance('2s');
    // The call of the killed object never ends; the one that is made again does.
    found.gate = Promise.withResolvers();
    user.server.kill();
    await user.advance('5s');
    found.gate.resolve('second');
    await user.advance('10s');
    expect(found.values).toEqual([['first', 'second']]);
    user.close();
  });

  test('runs a job, also across a kill', async () => {
    const { user, found } = await full();
    user.find('Compute').click();
    await user.advance('60ms');
    user.server.kill();
    await user.advance('30s');
    expect(found.values).toEqual([42]);
    user.close();
  });

  test('wakes for its timer', async () => {
    const { user, found } = await full();
    await user.advance('2m');
    expect(found.values).toContain('ticked');
    user.close();
  });
});

test('an author who makes room on a full page can', async () => {
  const pages: Builders = {
    '/': () => {
      const column = ui.column(() => void ui.label('old'));
      const states = Array.from({ length: limits.cells + 1 }, () => ui.state(0));
      ui.button('Fill', () => {
        for (const state of states) state.value = 1;
      });
      ui.button('Clear', () => column.clear());
    },
  };
  const user = await open(pages, '/');
  user.find('Fill').click();
  await user.advance('1s');
  user.find('Clear').click();
  await user.shouldNotSee('old');
  user.close();
});
