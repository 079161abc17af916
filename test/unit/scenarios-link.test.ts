// Scenarios A, C and D of RELIABILITY.md: a browser and its session over a wire that does what networks do.

import { describe, expect, test } from 'vitest';
import * as watchTimes from '../../client/connection/watch-times.ts';
import { ui } from '../../src/elements/index.ts';
import { encode, pendingEvents } from '../../src/protocol/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { open, seeded, settled, TestBrowser, TestServer, type User, VirtualClock } from '../../src/testing/index.ts';
import { texts } from './screen.ts';

const counter = {
  '/': () => {
    const count = ui.state(0);
    ui.label(() => `Count ${count.value}`);
    ui.button('Add', () => void count.value++);
    ui.input('Note').props({ 'data-mark': 'note' });
  },
};

/** What goes up, events only. */
function events(user: User): string[] {
  return user.server.connections.flatMap((wire) => wire.received).filter((text) => /^\[\d/.test(text));
}

describe('A: a browser comes back', () => {
  test('[EO1] a click that was lost on its way is sent again and applied once', async () => {
    using user = await open(counter);
    user.find('Add').click();
    expect(user.browser.wire?.waiting('up').length).toBe(1);
    user.cut();
    await user.shouldSee('Count 1');
    await user.advance('1m');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
    expect(user.browser.link.pending).toEqual([]);
  });

  test('[EO1] a click whose acknowledgement was lost is sent again and not applied again', async () => {
    using user = await open(counter);
    user.find('Add').click();
    await user.shouldSee('Count 1');
    expect(user.browser.link.pending.length).toBe(1);
    user.cut();
    await user.advance('1m');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
    expect(user.browser.link.pending).toEqual([]);
  });

  test('a cut inside a frame is a cut before it: no part of a frame has an effect', async () => {
    const frame = encode([1, 300_794, 'click']);
    for (let byte = 0; byte <= frame.length; byte++) {
      using user = await open(counter);
      user.find('Add').click();
      // The transport hands over whole messages only.
      user.browser.wire?.cut('both', { up: byte === frame.length ? 1 : 0 });
      await user.shouldSee('Count 1');
      await user.advance('30s');
      expect(user.find({ kind: 'label' }).text, `cut after ${byte} bytes`).toBe('Count 1');
    }
  });

  test.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    '[EO1] a hundred clicks and random cuts count a hundred (seed %i)',
    async (seed) => {
      const chance = seeded(seed);
      using user = await open(counter, '/', { seed, latency: 5 });
      for (let click = 0; click < 100; click++) {
        user.find('Add').click();
        await user.clock.advance(chance() * 40);
        if (chance() < 0.2) user.browser.wire?.cut('both', { up: Math.floor(chance() * 3) });
        if (chance() < 0.05) user.server.kill();
      }
      await user.shouldSee('Count 100', { within: '1m' });
      await user.advance('30s');
      expect(user.find({ kind: 'label' }).text).toBe('Count 100');
      expect(user.browser.ended).toEqual([]);
    },
  );

  test('[EO5] clicks made offline wait, are counted as waiting, and are applied once in their order', async () => {
    using user = await open(counter);
    user.offline();
    for (let click = 0; click < 10; click++) user.find('Add').click();
    await user.advance('5m');
    expect(user.browser.link.status.pending).toBe(10);
    expect(user.find({ kind: 'label' }).text).toBe('Count 0');
    user.online();
    await user.shouldSee('Count 10');
    await user.settle();
    expect(user.browser.link.status.pending).toBe(0);
  });

  test('[EO5] above the cap of waiting events a further one is refused and the user is told; those before it are kept', async () => {
    using user = await open(counter);
    user.offline();
    for (let click = 0; click < pendingEvents + 1; click++) user.find('Add').click();
    expect(user.browser.link.status.pending).toBe(pendingEvents);
    expect(user.browser.notices).toEqual([expect.stringMatching(/Too many actions are waiting/)]);
    user.online();
    await user.shouldSee(`Count ${pendingEvents}`, { within: '1m' });
    await user.settle();
    user.find('Add').click();
    await user.shouldSee(`Count ${pendingEvents + 1}`);
  });

  test('[WS3] a return after some patches costs these patches, and beyond the history one snapshot; never a reload', async () => {
    const ticking = {
      '/': () => {
        const count = ui.state(0);
        ui.label(() => `Count ${count.value}`);
        ui.button('Run', async () => {
          for (;;) {
            await new Promise((resolve) => clock.after(100, () => resolve(0)));
            count.value++;
          }
        });
      },
    };
    using user = await open(ticking);
    const { clock } = user;
    user.find('Run').click();
    await user.shouldSee('Count 3');
    user.offline();
    await user.advance('1s');
    const before = user.server.connections.length;
    user.online();
    await user.advance('10ms');
    const [back] = user.server.connections.slice(before);
    const frames = back?.sent.map((text) => JSON.parse(text) as unknown[]) ?? [];
    expect(frames[0]?.[0]).toBe('w');
    expect(frames.filter(([first]) => typeof first === 'number').length).toBeLessThanOrEqual(12);
    user.offline();
    await user.advance('1m');
    const again = user.server.connections.length;
    user.online();
    await user.advance('10ms');
    const snapshots = user.server.connections
      .slice(again)
      .flatMap((wire) => wire.sent.filter((text) => /^\["s"/.test(text)));
    expect(snapshots.length).toBe(1);
    expect(user.browser.ended).toEqual([]);
  });

  test('[NF3] a reload in the middle of an event comes back to the same page, with the event applied once', async () => {
    using user = await open(counter);
    const { page } = user.browser.link;
    user.find({ mark: 'note' }).type('half');
    user.find('Add').click();
    await user.reload();
    await user.shouldSee('Count 1');
    expect(user.browser.link.page).toBe(page);
    expect(user.find({ mark: 'note' }).value).toBe('half');
    await user.advance('1m');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
  });

  test('what a reload shows of events that the session has handled already is what the session made of them', async () => {
    using user = await open({
      '/': () => {
        const draft = ui.state('');
        ui.input('Draft', { value: draft });
        ui.button('Clear', () => void (draft.value = ''));
      },
    });
    user.find('Draft').type('gone');
    user.find('Clear').click();
    // Both events are handled and neither is acknowledged when the document is loaded again.
    await user.reload();
    await user.advance('30s');
    expect(user.find('Draft').value).toBe('');
  });

  test('[EO6] of two sockets of one page the later has it, and the close of the stale one changes nothing', async () => {
    using user = await open(counter);
    const stale = user.browser.wire;
    stale?.cut('browser');
    await user.advance('1s');
    expect(user.browser.wire).not.toBe(stale);
    user.find('Add').click();
    await user.shouldSee('Count 1');
    stale?.notice('session');
    user.find('Add').click();
    await user.shouldSee('Count 2');
    expect(user.server.wires.length).toBe(1);
  });

  test('[EO6] what a stale socket still delivers after the new one said hello has no effect', async () => {
    using user = await open(counter, '/', { latency: 20 });
    user.find('Add').click();
    // The click is on its way while the browser has given the socket up.
    user.browser.wire?.cut('browser', { late: true });
    await user.shouldSee('Count 1');
    await user.advance('1m');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
  });

  test('a connection that died in silence is noticed within a heartbeat and its patience', async () => {
    using user = await open(counter);
    const dead = user.browser.wire;
    dead?.cut('nobody');
    await user.clock.advance(watchTimes.heartbeat + watchTimes.patience + watchTimes.retryBase + 10);
    expect(user.browser.wire).not.toBe(dead);
    expect(user.browser.link.status.state).toBe('live');
  });

  test('an event into a dead connection makes the browser look sooner', async () => {
    using user = await open(counter);
    user.browser.wire?.cut('nobody');
    user.find('Add').click();
    await user.shouldSee('Count 1', { within: 2 * watchTimes.patience + 1_000 });
  });

  test('when all come back at once each waits its own random time, and none is left out', async () => {
    const clock = new VirtualClock(seeded(7));
    const server = new TestServer({ pages: counter, clock });
    const browsers = await Promise.all(Array.from({ length: 90 }, () => TestBrowser.open(server, clock, '/')));
    await clock.advance(1_000);
    server.kill();
    const times: number[] = [];
    const before = server.connections.length;
    for (let ms = 0; ms < watchTimes.retryBase; ms += 10) {
      await clock.advance(10);
      times.push(server.connections.length - before);
    }
    expect(times.at(-1)).toBe(90);
    expect(times[11]).toBeGreaterThan(20);
    expect(times[11]).toBeLessThan(70);
    await clock.advance(100);
    expect(browsers.map((browser) => browser.link.status.state)).toEqual(browsers.map(() => 'live'));
  });
});

describe('C: duplicates', () => {
  test.each([2, 10, 50])('[EO1] a frame that arrives %i times has its effect once', async (times) => {
    using user = await open(counter);
    user.find('Add').click();
    await user.settle();
    for (let count = 1; count < times; count++) user.browser.wire?.repeat('up');
    for (let count = 1; count < times; count++) user.browser.wire?.repeat('down');
    await user.advance('5s');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
    expect(user.browser.link.status.state).toBe('live');
  });

  test('a snapshot that arrives twice is taken once', async () => {
    using user = await open(counter);
    const copy = await user.duplicate();
    copy.browser.wire?.hold('down');
    copy.find('Add').click();
    await user.advance('1s');
    // The last frame that arrived is the snapshot of the copy's own page.
    copy.browser.wire?.repeat('down');
    copy.browser.wire?.release('down');
    await copy.shouldSee('Count 1');
    copy.browser.wire?.repeat('down');
    await user.advance('5s');
    expect(copy.browser.notices).toEqual([]);
    expect(copy.browser.link.acked).toBe(1);
  });

  test('[EO1] a number that was applied is never applied again, whatever it carries the second time', async () => {
    using user = await open(counter);
    const { wire } = user.browser;
    const { id } = user.find('Add').node;
    user.find('Add').click();
    await user.settle();
    wire?.browser.send(encode([1, user.find({ mark: 'note' }).node.id, 'value', 'other']));
    wire?.browser.send(encode([1, id, 'click']));
    await user.advance('5s');
    expect(user.find({ kind: 'label' }).text).toBe('Count 1');
    expect(user.find({ mark: 'note' }).value).toBe('');
    expect(events(user)).toHaveLength(3);
  });

  test('[NB4] a double click within one round trip is two clicks, and one with whileRunning: ignore, also for a client without manners', async () => {
    const started: string[] = [];
    using user = await open({
      '/': () => {
        const work = (name: string) => async () => {
          started.push(name);
          await run.ioBound(() => new Promise((resolve) => user.clock.after(100, () => resolve(0))));
        };
        ui.button('Parallel', work('parallel'));
        ui.button('Ignore', work('ignore'), { whileRunning: 'ignore' });
        ui.button('Queue', work('queue'), { whileRunning: 'queue' });
      },
    });
    for (const name of ['Parallel', 'Ignore', 'Queue']) user.find(name).click().click();
    await user.advance('20ms');
    expect(started).toEqual(['parallel', 'parallel', 'ignore', 'queue']);
    await user.advance('1s');
    expect(started).toEqual(['parallel', 'parallel', 'ignore', 'queue', 'queue']);
  });
});

describe('D: order and time', () => {
  test('[EO4] an event for an element that is gone is dropped, and the log says so', async () => {
    using user = await open({
      '/': () => {
        const on = ui.state(true);
        ui.button('Off', () => void (on.value = false));
        ui.show(on, () => void ui.button('Inside', () => {}));
      },
    });
    user.find('Off').click();
    user.find('Inside').click();
    await user.settle();
    expect(user.server.log.map((entry) => entry.message)).toEqual([
      expect.stringMatching(/Dropped click .* the element no longer exists/),
    ]);
    expect(user.browser.link.pending).toEqual([]);
  });

  test('events for a page that is no longer kept are dropped, and the user is told', async () => {
    using user = await open(counter, '/', { policy: { pageIdle: 60_000 } });
    user.find('Add').click();
    await user.settle();
    user.offline();
    user.find('Add').click();
    await user.advance('10m');
    expect(user.server.store.pages()).toEqual([]);
    user.online();
    await user.settle();
    expect(user.browser.notices).toEqual(['This page was restarted. Your last actions were not saved.']);
    expect(user.find({ kind: 'label' }).text).toBe('Count 0');
    user.find('Add').click();
    await user.shouldSee('Count 1');
  });

  test.each([-86_400_000, 86_400_000])('a clock that is put wrong by %i ms changes nothing', async (skew) => {
    using user = await open(counter, '/', { policy: { pageIdle: 3 * 86_400_000 } });
    user.find('Add').click();
    user.clock.skew(skew);
    await user.shouldSee('Count 1');
    user.cut();
    user.find('Add').click();
    await user.shouldSee('Count 2');
    user.clock.skew(-skew);
    user.find('Add').click();
    await user.shouldSee('Count 3');
    await user.settle();
    user.clock.skew(skew); // on its way to rest
    await user.advance('5s');
    expect(user.server.whyAwake()).toEqual([]);
  });
});

describe('between the document and its hello', () => {
  /** Loads a document, changes its page so often before the hello, and returns what its tab then shows. */
  async function changed(times: number) {
    const gate = Promise.withResolvers<void>();
    const clock = new VirtualClock();
    const pages = {
      '/': () => {
        const shown = ui.label('0');
        background.create(async () => {
          await gate.promise;
          for (let count = 1; count <= times; count++) {
            shown.text = String(count);
            await undefined;
          }
        });
      },
    };
    const server = new TestServer({ clock, pages });
    const browser = await TestBrowser.open(server, clock, '/');
    expect(texts(browser)).toEqual(['0']);
    gate.resolve();
    await settled();
    expect(
      server.connections.flatMap((wire) => wire.received),
      'no hello yet',
    ).toEqual([]);
    await clock.advance(5_000);
    return texts(browser);
  }

  test.each([1, 20, 600])('%i changes of the page are shown when the hello comes', async (times) => {
    expect(await changed(times)).toEqual([String(times)]);
  });
});
