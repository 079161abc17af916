// Scenarios B of RELIABILITY.md and points 3, 5, 6 and 8 of the sessions: a page that changes, sleeps, dies, is deployed and ends.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { encode, limits, type MirrorNode, protocolVersion } from '../../src/protocol/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, seeded, type User } from '../../src/testing/index.ts';

/** What went down since the call. */
function since(user: User): () => string[] {
  const wires = user.server.connections;
  const before = wires.map((wire) => wire.sent.length);
  return () => wires.flatMap((wire, index) => wire.sent.slice(before[index] ?? 0)).filter((text) => text !== 'pong');
}

function converged(user: User): void {
  const { browser, server } = user;
  expect(browser.literal()).toEqual(server.session.pages.get(browser.link.page)?.tree.literal());
}

describe('B: both sides see the same', () => {
  const contested = {
    '/': () => {
      const draft = ui.state('');
      ui.input('Draft', { value: draft });
      ui.button('Clear', () => void (draft.value = ''));
      ui.button('Late', async () => {
        await new Promise((resolve) => setTimeoutIn(50, resolve));
        draft.value = 'from the server';
      });
      ui.label(() => `The session has ${draft.value}`);
    },
  };
  let setTimeoutIn: (ms: number, fn: (value: unknown) => void) => void = () => {};

  test('[EO7] a patch for a field does not touch what is being typed into it; the later event wins on both sides', async () => {
    using user = await open(contested, '/', { latency: 30 });
    setTimeoutIn = (ms, fn) => void user.clock.after(ms, () => fn(undefined));
    user.find('Late').click();
    await user.advance('60ms');
    user.find('Draft').type('mine');
    await user.advance('200ms');
    expect(user.find('Draft').value).toBe('mine');
    await user.advance('2s');
    expect(user.find('Draft').value).toBe('mine');
    await user.shouldSee('The session has mine');
    converged(user);
  });

  test('[EO7] a composition (IME) that is not over is neither sent nor overwritten', async () => {
    using user = await open(contested);
    setTimeoutIn = (ms, fn) => void user.clock.after(ms, () => fn(undefined));
    user.browser.edit(user.find('Draft').node, 'にほn', true);
    user.find('Late').click();
    await user.advance('3s');
    expect(user.find('Draft').value).toBe('にほn');
    expect(user.sees('The session has from the server')).toBe(true);
    user.find('Draft').fill('日本');
    await user.shouldSee('The session has 日本');
    converged(user);
  });

  test('[EO3] what was typed goes before the click that follows it, and a stale answer does not bring it back', async () => {
    using user = await open(contested, '/', { latency: 100 });
    user.find('Draft').type('one');
    await user.advance('310ms');
    user.find('Draft').type(' two');
    user.find('Clear').click();
    await user.advance('3s');
    expect(user.find('Draft').value).toBe('');
    converged(user);
  });

  test('[NF2] what was typed into a field that is taken away and made again meanwhile arrives in the new one, on both sides', async () => {
    using user = await open(
      {
        '/': () => {
          const on = ui.state(true);
          ui.button('Twice', () => {
            on.value = !on.value;
          });
          ui.show(on, () => void ui.input('Inside'));
        },
      },
      '/',
      { latency: 50 },
    );
    user.find('Twice').click().click();
    user.find('Inside').type('x');
    user.browser.flush();
    await user.advance('3s');
    expect(user.find('Inside').value).toBe('x');
    converged(user);
  });

  test.each([1, 2, 3])('a keyed list that is shuffled keeps the nodes of its items (seed %i)', async (seed) => {
    const chance = seeded(seed);
    using user = await open({
      '/': () => {
        const items = ui.state([0, 1, 2, 3, 4, 5]);
        let next = 6;
        ui.button('Shuffle', () => {
          const left = items.value.filter(() => chance() < 0.8);
          for (let add = chance() * 3; add > 0; add--) left.splice(Math.floor(chance() * left.length), 0, next++);
          items.value = left.sort(() => chance() - 0.5);
        });
        ui.label(() => items.value.join(' '));
        ui.each(
          items,
          (item) => item,
          (item) => void ui.label(`item ${item}`),
        );
      },
    });
    const nodes = () =>
      new Map(user.find({ kind: 'label', text: 'item ' }).all.map((found) => [found.text, found.node]));
    let known: Map<string, MirrorNode> = nodes();
    for (let round = 0; round < 40; round++) {
      user.find('Shuffle').click();
      await user.settle();
      const now = nodes();
      const wanted = String(user.find({ kind: 'label' }).all[0]?.text)
        .split(' ')
        .filter(Boolean);
      expect([...now.keys()]).toEqual(wanted.map((item) => `item ${item}`));
      for (const [text, node] of now) if (known.has(text)) expect(known.get(text)).toBe(node);
      known = now;
      if (known.size === 0) return;
    }
  });

  test('[NB5] a handler that throws keeps what it wrote before, says so on the page and in the log, and holds up nothing', async () => {
    using user = await open({
      '/': () => {
        const [a, b, c] = [ui.state(0), ui.state(0), ui.state(0)];
        ui.label(() => `${a.value} ${b.value} ${c.value}`);
        ui.button('Break', () => {
          a.value++;
          b.value++;
          throw new Error('Out of order.');
        });
        ui.button('Third', () => void c.value++);
      },
    });
    user.find('Break').click();
    user.find('Third').click();
    await user.shouldSee('1 1 1');
    expect(user.notifications).toEqual([expect.stringMatching(/button "Break": Error: Out of order/)]);
    await user.settle();
    user.server.kill();
    await user.advance('3s');
    await user.shouldSee('1 1 1');
  });

  test('elements that are removed and made again in one turn are new on both sides', async () => {
    using user = await open({
      '/': () => {
        const box = ui.column(() => void ui.input('Old'));
        ui.button('Again', () => {
          box.clear();
          box.add(() => void ui.input('New'));
          box.clear();
          box.add(() => void ui.input('Newest'));
        });
      },
    });
    user.find('Old').type('x');
    user.find('Again').click();
    await user.shouldSee('Newest');
    expect(user.find('Newest').value).toBe('');
    expect(user.sees('Old')).toBe(false);
    converged(user);
  });

  test('[NB4] with whileRunning: restart the late result of the superseded run is dropped', async () => {
    let ask = 0;
    using user = await open({
      '/': () => {
        const found = ui.label('nothing');
        const search = async (ms: number, what: string) => {
          await new Promise((resolve) => user.clock.after(ms, () => resolve(0)));
          return what;
        };
        const first = () => run.ioBound(search, ask++ === 0 ? 500 : 100, `answer ${ask}`);
        ui.button('Search', async () => void (found.text = await first()), { whileRunning: 'restart' });
      },
    });
    user.find('Search').click();
    await user.advance('50ms');
    user.find('Search').click();
    await user.shouldSee('answer 2');
    await user.advance('2s');
    expect(user.find({ kind: 'label' }).text).toBe('answer 2');
    expect(user.server.errors).toEqual([]);
  });
});

const todo = {
  '/': () => {
    const items = ui.state<string[]>([]);
    const draft = ui.state('');
    ui.input('What next?', { value: draft });
    ui.button('Add', () => {
      items.value = [...items.value, draft.value];
      draft.value = '';
    });
    ui.label(() => `${items.value.length} items`);
    ui.each(
      items,
      (item) => item,
      (item) => void ui.checkbox(item),
    );
    const title = ui.label('Title');
    ui.button('Rename', () => void (title.text = 'Renamed'));
    const box = ui.column();
    ui.button('Build', () => box.add(() => void ui.label('built')));
  },
};

async function used(): Promise<User> {
  const user = await open(todo);
  user.find('What next?').type('Milk');
  user.find('Add').click();
  await user.settle();
  user.find({ kind: 'checkbox', text: 'Milk' }).click();
  user.find('Rename').click();
  user.find('Build').click();
  user.find('What next?').type('Bre');
  await user.advance('5s');
  return user;
}

describe('a page that sleeps and dies', () => {
  test('[NF1] a page that was at rest wakes without a single frame, with the same numbers and handlers', async () => {
    using user = await used();
    const before = user.browser.literal();
    expect(user.server.whyAwake()).toEqual([]);
    const sent = since(user);
    user.server.evict();
    await user.advance('1m');
    expect(sent()).toEqual([]);
    user.find('Add').click();
    await user.shouldSee('2 items');
    // One patch with the event's own changes, and its acknowledgement.
    await user.settle();
    expect(sent().filter((text) => text.startsWith('["s"'))).toEqual([]);
    expect(sent().length).toBe(2);
    expect(before[3]?.length).toBe(user.browser.literal()[3]?.length);
    converged(user);
  });

  test('[NF1] after a crash everything that was acknowledged is there, with the same numbers', async () => {
    using user = await used();
    const before = user.browser.literal();
    user.server.kill();
    await user.settle();
    expect(user.browser.literal()).toEqual(before);
    converged(user);
    expect(user.find('What next?').value).toBe('Bre');
  });

  test('[EO2] while the storage fails nothing is acknowledged and the page says so; then everything is', async () => {
    using user = await open(todo);
    await user.advance('3s');
    user.server.store.failure = new Error('The disk is full.');
    user.find('Add').click();
    await user.shouldSee('1 items');
    await user.shouldSee('Changes cannot be saved');
    expect(user.browser.link.status.pending).toBe(1);
    user.find({ kind: 'notification' }).click();
    await user.shouldNotSee('Changes cannot be saved');
    user.server.store.failure = undefined;
    await user.advance('15s');
    expect(user.browser.link.status.pending).toBe(0);
    // It is shown again when it happens again.
    user.server.store.failure = new Error('The disk is full.');
    user.find('What next?').type('Milk');
    user.find('Add').click();
    await user.shouldSee('Changes cannot be saved');
    user.server.store.failure = undefined;
    await user.shouldNotSee('Changes cannot be saved', { within: '30s' });
  });

  test('[EO2] events whose commit failed are applied again after a crash, once', async () => {
    using user = await open(todo);
    await user.advance('3s');
    user.server.store.failure = new Error('The disk is full.');
    user.find('Add').click();
    await user.shouldSee('1 items');
    user.server.kill();
    user.server.store.failure = undefined;
    await user.advance('10s');
    expect(user.sees('1 items')).toBe(true);
    expect(user.browser.link.status.pending).toBe(0);
  });

  test('[EO2] a click alone is acknowledged after 50 ms, and one among many at most 250 ms after it', async () => {
    using user = await open(todo, '/', { latency: 0 });
    await user.advance('3s');
    user.find('Add').click();
    await user.advance('49ms');
    expect(user.browser.link.status.pending).toBe(1);
    await user.advance('1ms');
    expect(user.browser.link.status.pending).toBe(0);
    for (let ms = 0; ms < 250; ms += 10) {
      user.find('Add').click();
      await user.advance('10ms');
    }
    expect(user.browser.link.status.pending).toBe(0);
  });

  test('a click alone writes two rows, also when the page has come to rest after it', async () => {
    const counter = {
      '/': () => {
        const count = ui.state(0);
        ui.button('Count', () => void count.value++);
        ui.label(() => count.value);
      },
    };
    using user = await open(counter);
    user.find('Count').click();
    await user.advance('5s');
    const { written } = user.server.store;
    user.find('Count').click();
    await user.advance('5s');
    expect(user.server.store.written - written).toBe(2);
  });

  test('a question is shown at once, also while other clicks follow each other', async () => {
    const asks = {
      '/': () => {
        const clicks = ui.state(0);
        ui.button('Ask', () => ui.confirm('Really?'));
        ui.button('Click', () => void clicks.value++);
      },
    };
    using user = await open(asks, '/', { latency: 0 });
    user.find('Click').click();
    user.find('Ask').click();
    await user.advance('1ms');
    expect(user.sees('Really?')).toBe(true);
  });

  test('an async page function may take its time; past the bound the browser gets an error instead of waiting', async () => {
    let wait = 1_000;
    const slow = {
      '/': async () => {
        await new Promise((resolve) => clocks.after(wait, () => resolve(0)));
        ui.button('Ready', () => void ui.label('Clicked'));
      },
    };
    let clocks: { after(ms: number, fn: () => void): unknown } = { after: (_ms, fn) => fn() };
    using user = await open(slow);
    clocks = user.clock;
    user.find('Ready').click();
    await user.shouldSee('Clicked');
    user.server.kill();
    user.find('Ready').click();
    await user.advance('5s');
    expect(user.find({ kind: 'label', text: 'Clicked' }).all.length).toBe(2);
    wait = 60_000;
    await expect(open(slow, '/', { beside: user })).rejects.toThrow(/was not built within 30 s/);
  });

  test('what a handler built keeps the object awake while watched when it has handlers; after a crash it is inert and says so', async () => {
    using user = await open({
      '/': () => {
        const count = ui.state(0);
        ui.label(() => `Count ${count.value}`);
        ui.button('Build', () => void ui.button('Built', () => void count.value++));
      },
    });
    user.find('Build').click();
    await user.shouldSee('Built');
    user.find('Built').click();
    await user.shouldSee('Count 1');
    await user.advance('1m');
    expect(user.server.whyAwake()).toEqual([expect.stringMatching(/1 handlers on elements that handlers built/)]);
    expect(user.server.log.map((entry) => entry.message)).toContainEqual(
      expect.stringMatching(/ui.each, ui.show or ui.region/),
    );
    user.server.kill();
    await user.settle();
    user.find('Built').click();
    await user.shouldSee('its own handler was lost');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
  });

  test('[EO4] an event for something that a handler built in a life that was lost cannot hit something else', async () => {
    using user = await open({
      '/': () => {
        ui.button('One', () => void ui.notify('one', { timeout: 0 }));
        ui.button('Two', () => void ui.notify('two', { timeout: 0 }));
      },
    });
    await user.advance('3s');
    user.find('One').click();
    user.find('Two').click();
    await user.shouldSee('two');
    user.find({ kind: 'notification', text: 'one' }).click();
    user.server.kill();
    await user.advance('10s');
    expect(user.notifications).toEqual(['two']);
  });
});

describe('a page that ends', () => {
  test('[NF3] a fresh visit gets a fresh page; a reload gets its own back, also after a crash', async () => {
    using user = await used();
    const other = await user.tab();
    expect(other.sees('0 items')).toBe(true);
    user.server.kill();
    await user.reload();
    expect(user.sees('1 items')).toBe(true);
    expect(user.find({ kind: 'checkbox', text: 'Milk' }).value).toBe(true);
  });

  test('[NF3] a page that nobody watched for a day ends, the session 30 days later, and then nothing is left', async () => {
    using user = await used();
    user.close();
    await user.advance('1h');
    expect(user.server.store.pages().length).toBe(1);
    user.server.evict();
    await user.clock.advance(24 * 3_600_000);
    expect(user.server.store.pages()).toEqual([]);
    await user.clock.advance(31 * 24 * 3_600_000);
    expect(user.server.store.due()).toEqual([]);
    expect(user.server.alarmAt).toBe(null);
    expect(user.clock.pending).toBe(0);
  });

  test('[NF3] a page that is watched does not end, whether its object is awake or asleep', async () => {
    using user = await used();
    for (let day = 0; day < 40; day++) {
      if (user.server.whyAwake().length === 0) user.server.evict();
      await user.clock.advance(24 * 3_600_000);
    }
    user.find('Add').click();
    await user.shouldSee('2 items');
    expect(user.browser.ended).toEqual([]);
  });

  test('[AF5] a page that was fetched and never connected leaves nothing behind', async () => {
    using user = await open(todo);
    for (let visit = 0; visit < 100; visit++) await user.server.open('/');
    await user.advance('1s');
    expect(user.server.store.pages().length).toBe(1);
    expect(user.server.session.pages.size).toBeLessThanOrEqual(limits.unconnectedPages + 1);
  });
});

describe('a deploy', () => {
  const before = {
    '/': () => {
      const kept = ui.state(0, 'kept');
      const gone = ui.state(0, 'gone');
      ui.label(() => `${kept.value} ${gone.value}`);
      ui.button('Add', () => {
        kept.value++;
        gone.value++;
      });
      ui.input('Note');
      ui.checkbox('Old');
    },
  };
  const after = {
    '/': () => {
      const kept = ui.state(0, 'kept');
      ui.label(() => `Kept ${kept.value}`);
      ui.button('Add', () => void kept.value++);
      ui.input('A note', { key: 'Note' });
      ui.image('/new.png');
    },
  };

  test('[NF10] a deploy keeps what still has its place, drops the rest, and brings the browser over without a reload', async () => {
    using user = await open(before);
    user.find('Add').click();
    user.find('Note').type('typed');
    user.find('Old').click();
    await user.advance('5s');
    const input = user.find('Note').node;
    user.server.deploy(after);
    // The sleeping socket meets the new code with its next message.
    user.find('Add').click();
    await user.shouldSee('Kept 2');
    expect(user.find('A note').node).toBe(input);
    expect(user.find('A note').value).toBe('typed');
    expect(user.browser.ended).toEqual([]);
    converged(user);
    await user.advance('1s');
    expect(user.server.store.cells(user.browser.link.page).map(({ key }) => key)).not.toContainEqual(
      expect.stringMatching(/p\.value.*true/),
    );
    expect(user.server.log.map((entry) => entry.message)).toContainEqual(
      expect.stringMatching(/Dropped: the state "gone", what was stored for 1 element that it no longer makes\./),
    );
  });

  test('[NF10] a busy object that is reset by a deploy loses no event', async () => {
    using user = await open(before);
    user.find('Add').click();
    await user.shouldSee('1 1');
    user.server.deploy(after);
    await user.shouldSee('Kept 1');
    await user.advance('10s');
    expect(user.sees('Kept 1')).toBe(true);
  });

  test('[NF10] a client of another protocol version is told to reload, and its events survive that', async () => {
    using user = await open(before);
    await user.advance('3s');
    user.offline();
    user.find('Add').click();
    user.online();
    const { wire } = user.browser;
    if (wire) {
      wire.tamper = (direction, text) =>
        direction === 'up' && text.startsWith('["h"') ? text.replace(`["h",${protocolVersion}`, '["h",99') : text;
    }
    await user.shouldSee('1 1');
    expect(user.browser.ended).toEqual(['reload']);
  });

  test('[NF10] a page that the new version no longer has ends as one that nobody uses, and its browser loads again', async () => {
    using user = await open({ ...before, '/old': before['/'] }, '/old');
    await user.advance('5s');
    user.server.deploy({ ...before, '/old': before['/'] });
    user.find('Add').click();
    await user.shouldSee('1 1');
    await user.advance('5s');
    user.server.deploy(before);
    user.browser.wire?.browser.send(encode([2, 3, 'click']));
    await user.clock.advance(1_000).catch(() => {});
    expect(user.browser.ended).toEqual(['reload']);
    // The deploy may be taken back.
    expect(user.server.store.pages()).toHaveLength(1);
    user.browser.close();
    await user.clock.advance(25 * 3_600_000);
    expect(user.server.store.pages()).toEqual([]);
  });
});

describe('asleep is free', () => {
  test('[AF1] an idle session holds no timer but the alarm, and says what keeps it awake when something does', async () => {
    using user = await open({
      '/': () => {
        const ticks = ui.state(0);
        ui.label(() => `${ticks.value} ticks`);
        const timer = ui.timer('1s', () => void ticks.value++);
        ui.button('Stop', () => void (timer.active = false));
        ui.timer('1m', () => void ticks.value++);
      },
    });
    await user.shouldSee('2 ticks');
    expect(user.server.whyAwake()).toContainEqual(expect.stringMatching(/1 timers shorter than 10 s/));
    user.find('Stop').click();
    await user.advance('5s');
    expect(user.server.whyAwake()).toEqual([]);
    // The browser's heartbeat and the alarm.
    expect(user.clock.pending).toBe(2);
    user.server.evict();
    await user.shouldSee('3 ticks', { within: '61s' });
    await user.advance('5s');
    expect(user.server.whyAwake()).toEqual([]);
  });

  test('timers stop when nobody watches, and go on when somebody returns', async () => {
    using user = await open({
      '/': () => {
        const ticks = ui.state(0);
        ui.label(() => `${ticks.value} ticks`);
        ui.timer('1s', () => void ticks.value++);
        ui.timer('20s', () => void ticks.value++);
      },
    });
    await user.shouldSee('3 ticks');
    user.offline();
    await user.advance('10m');
    expect(user.server.whyAwake()).toEqual([]);
    const [page] = user.server.session.pages.values();
    expect(page?.tree.root.children[0]?.props.text).toBe('3 ticks');
    user.online();
    await user.shouldSee('4 ticks');
  });

  test('[AF4] a long timer that the alarm runs ticks once for each interval', async () => {
    using user = await open({
      '/': () => {
        const ticks = ui.state(0);
        ui.label(() => `${ticks.value} ticks`);
        ui.timer('20s', () => void ticks.value++);
      },
    });
    await user.advance('10m');
    user.server.ring();
    user.server.ring();
    await user.advance('100ms');
    const ticks = Number.parseInt(user.find({ kind: 'label' }).text, 10);
    expect(ticks).toBeGreaterThanOrEqual(29);
    expect(ticks).toBeLessThanOrEqual(30);
  });
});
