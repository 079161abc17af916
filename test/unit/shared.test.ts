import { expect, test } from 'vitest';
import { computed, ui } from '../../src/elements/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { shared, sharedLimits, sharedStub } from '../../src/shared/index.ts';
import { type Builders, TestBrowser, TestServer, TestShared, VirtualClock } from '../../src/testing/index.ts';
import { button, texts } from './screen.ts';

const level = shared('level', 0);

const pages: Builders = {
  '/': () => {
    ui.label(() => `Level ${level.value}`);
    ui.button('Raise', () => {
      level.value++;
    });
    ui.button('Add', () => level.add(1));
    ui.button('Top', () => {
      level.value = 100;
    });
  },
  '/other': () => {
    ui.label('Nothing shared');
  },
};

function world(options: { pages?: Builders; latency?: () => number } = {}) {
  const clock = new VirtualClock();
  const all = new TestShared({ clock, ...(options.latency && { latency: options.latency }) });
  const servers: TestServer[] = [];
  const serve = (name: string) => {
    const server = new TestServer({ clock, pages: options.pages ?? pages, name, shared: all });
    servers.push(server);
    return server;
  };
  const visit = async (name: string, path = '/') => {
    const server = serve(name);
    const opening = TestBrowser.open(server, clock, path);
    await clock.advance(options.latency ? 200 : 0);
    const browser = await opening;
    await clock.advance(100);
    return { server, browser };
  };
  return { clock, all, serve, visit, servers };
}

test('[LW5] what one session writes, another one shows, and the first HTML of a late one is right', async () => {
  const { clock, all, visit, serve } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  expect(texts(ada.browser)).toEqual(['Level 0']);
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(200);
  expect(texts(ada.browser)).toEqual(['Level 1']);
  expect(texts(bob.browser)).toEqual(['Level 1']);
  const paint = await serve('eve').open('/');
  expect(JSON.stringify(paint)).toContain('Level 1');
  expect(all.hub('signal:level').subscribers).toEqual(['ada', 'bob']);
  await clock.advance(5_000);
  expect(ada.server.whyAwake()).toEqual([]);
  expect(all.hub('signal:level').whyAwake()).toEqual([]);
  expect(ada.server.errors).toEqual([]);
});

test('[LW5] additions of several sessions at once all count; the last of two writes wins, everywhere the same', async () => {
  const { clock, all, visit } = world({ latency: () => 20 });
  const ada = await visit('ada');
  const bob = await visit('bob');
  for (let click = 0; click < 5; click++) {
    ada.browser.emit(button(ada.browser, 'Add'), 'click');
    bob.browser.emit(button(bob.browser, 'Add'), 'click');
  }
  await clock.advance(1_000);
  expect([texts(ada.browser), texts(bob.browser)]).toEqual([['Level 10'], ['Level 10']]);
  ada.browser.emit(button(ada.browser, 'Top'), 'click');
  bob.browser.emit(button(bob.browser, 'Raise'), 'click');
  await clock.advance(2);
  expect(texts(ada.browser), 'shown here at once').toEqual(['Level 100']);
  expect(texts(bob.browser), 'shown here at once').toEqual(['Level 11']);
  await clock.advance(1_000);
  expect(texts(ada.browser)).toEqual(texts(bob.browser));
  expect(
    all.stores
      .get('signal:level')
      ?.cells('shared')
      .some((cell) => cell.key === 'value'),
  ).toBe(true);
});

test('[LW1] what changes faster than it can be told is merged, and the last value arrives', async () => {
  const { clock, all, visit } = world({ latency: () => 40 });
  const ada = await visit('ada');
  const bob = await visit('bob');
  const before = all.calls.filter((call) => call === 'session bob.sharedChanged').length;
  for (let step = 0; step < 200; step++) {
    ada.browser.emit(button(ada.browser, 'Raise'), 'click');
    await clock.advance(5);
  }
  await clock.advance(2_000);
  expect(texts(bob.browser)).toEqual(['Level 200']);
  const pushes = all.calls.filter((call) => call === 'session bob.sharedChanged').length - before;
  expect(pushes).toBeGreaterThan(3);
  expect(pushes).toBeLessThan(20);
});

test('a version that comes late changes nothing', async () => {
  const { clock, all, visit } = world();
  const { server, browser } = await visit('ada');
  const lease = all.stores
    .get('signal:level')
    ?.cells('shared')
    .find(({ key }) => key === 'lease.ada');
  const [token] = JSON.parse(lease?.value ?? '') as [string];
  const told = (version: number, value: number) =>
    server.session.sharedChanged({ name: 'signal:level', version, text: `${value}`, from: 'signal:level', token });
  expect(await told(7, 70)).toBe(1);
  expect(await told(5, 50)).toBe(1);
  await clock.advance(10);
  expect(texts(browser)).toEqual(['Level 70']);
});

test('a session without a watcher is subscribed no more, and not woken', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  bob.browser.close();
  await clock.advance(1_000);
  expect(all.hub('signal:level').subscribers).toEqual(['ada']);
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(1_000);
  expect(all.calls).not.toContain('session bob.sharedChanged');
});

test('a session whose goodbye was lost is told once more, does nothing for it, and is forgotten', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  all.lose = (call) => call === 'signal:level.unsubscribe';
  bob.browser.close();
  await clock.advance(60_000);
  expect(all.hub('signal:level').subscribers).toEqual(['ada', 'bob']);
  bob.server.evict(true);
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(1_000);
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(1_000);
  expect(all.calls.filter((call) => call === 'session bob.sharedChanged')).toHaveLength(1);
  expect(bob.server.session.pages.size, 'nothing was built').toBe(0);
  expect(bob.server.whyAwake()).toEqual([]);
});

test('[LW5] a page that slept is woken by a change, shows it, and asks for nothing', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  await clock.advance(5_000);
  bob.server.evict();
  const before = all.calls.length;
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(5_000);
  expect(texts(bob.browser)).toEqual(['Level 1']);
  const made = all.calls.slice(before).sort();
  expect(made).toEqual(['session ada.sharedChanged', 'session bob.sharedChanged', 'signal:level.write']);
  expect(bob.server.whyAwake()).toEqual([]);
});

test('a page that slept and is woken by its own visitor has the present value before the first handler runs', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  ada.browser.emit(button(ada.browser, 'Top'), 'click');
  await clock.advance(5_000);
  bob.server.evict();
  all.evict('signal:level');
  bob.browser.emit(button(bob.browser, 'Raise'), 'click');
  await clock.advance(1_000);
  expect(texts(bob.browser)).toEqual(['Level 101']);
  expect(texts(ada.browser)).toEqual(['Level 101']);
});

test('[LW6] the shared object may die at any moment: a write is done once, and the last value arrives', async () => {
  const { clock, all, visit } = world({ latency: () => 10 });
  const ada = await visit('ada');
  const bob = await visit('bob');
  for (let at = 0; at < 40; at++) {
    ada.browser.emit(button(ada.browser, 'Add'), 'click');
    await clock.advance(at);
    all.kill('signal:level');
    await clock.advance(30_000);
    expect(texts(ada.browser), `killed after ${at} ms`).toEqual([`Level ${at + 1}`]);
    expect(texts(bob.browser), `killed after ${at} ms`).toEqual([`Level ${at + 1}`]);
  }
  expect(ada.server.errors).toEqual([]);
});

test('[LW6] the session may die at any moment: a click adds once', async () => {
  const { clock, visit } = world({ latency: () => 10 });
  const ada = await visit('ada');
  const bob = await visit('bob');
  for (let at = 0; at < 80; at += 3) {
    ada.browser.emit(button(ada.browser, 'Add'), 'click');
    await clock.advance(at);
    ada.server.kill();
    await clock.advance(30_000);
    expect(texts(bob.browser), `killed after ${at} ms`).toEqual([`Level ${at / 3 + 1}`]);
    expect(texts(ada.browser)).toEqual(texts(bob.browser));
  }
});

test('[LW6] a write that cannot reach its object is tried again, and said so', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  all.lose = (call) => call.endsWith('.write');
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(60_000);
  expect(texts(ada.browser)).toEqual(['Level 1']);
  expect(texts(bob.browser)).toEqual(['Level 0']);
  expect(ada.server.log.filter((entry) => /was not acknowledged/.test(entry.message))).toHaveLength(1);
  ada.server.kill();
  all.lose = () => false;
  await clock.advance(60_000);
  expect(texts(bob.browser)).toEqual(['Level 1']);
  expect(ada.server.store.cells('shared').map(({ key }) => key)).toEqual(['value.signal:level']);
});

test('an object that cannot be reached holds a page up for two seconds, not longer', async () => {
  const { clock, all, serve } = world();
  all.lose = () => true;
  const server = serve('ada');
  let painted: unknown;
  void server.open('/').then((paint) => {
    painted = paint;
  });
  await clock.advance(1_900);
  expect(painted).toBeUndefined();
  await clock.advance(200);
  expect(JSON.stringify(painted)).toContain('Level 0');
});

test('writing while a page is built is refused with a sentence', async () => {
  const { serve } = world({
    pages: {
      '/': () => {
        level.value = 5;
      },
    },
  });
  await expect(serve('ada').open('/')).rejects.toThrow(/^shared\('level'\) was written while a page was built/);
});

test('a session has a cap on names, and a name has one too', async () => {
  const { serve } = world({
    pages: {
      '/': () => {
        for (let n = 0; n < 101; n++) shared(`n${n}`, 0);
      },
    },
  });
  await expect(serve('ada').open('/')).rejects.toThrow(
    "The pages of a session use at most 100 shared names at a time, and shared('n100') is one more. Join values that belong together into one shared object, or show fewer of them.",
  );
  expect(() => shared('a#1', 0)).toThrow('shared needs a name of 1 to 128 characters without #, not "a#1".');
  expect(() => shared('x'.repeat(129), 0)).toThrow(/not "x{40}" and so on, 129 in all\.$/);
  expect(() => shared('', 0)).toThrow(TypeError);
});

test('names that no page uses any more count no more', async () => {
  const { clock, all } = world();
  const use = (room: string) => () => {
    for (let n = 0; n < 60; n++) shared(`${room} ${n}`, 0);
  };
  const rooms = { '/a': use('a'), '/b': use('b'), '/c': use('c') };
  const server = new TestServer({ clock, pages: rooms, name: 'ada', shared: all, policy: { pageIdle: 60_000 } });
  for (const room of ['/a', '/b', '/c', '/a']) {
    const browser = await TestBrowser.open(server, clock, room);
    await clock.advance(100);
    browser.close();
    await clock.advance(200_000);
  }
  expect(server.errors).toEqual([]);
});

test('[BD2] what is too large or cannot be kept is refused in the line that writes it, and nothing of it remains', async () => {
  const big = 'x'.repeat(sharedLimits.value);
  const note = shared<unknown>('note', '');
  const { clock, visit } = world({
    pages: {
      '/': () => {
        ui.label(() => String(note.value).length);
        ui.button('Largest', () => {
          note.value = big.slice(2);
        });
        ui.button('Larger', () => {
          note.value = big.slice(1);
        });
        ui.button('Function', () => {
          note.value = { list: [() => 1] };
        });
      },
    },
  });
  const ada = await visit('ada');
  const bob = await visit('bob');
  for (const text of ['Largest', 'Larger', 'Function']) ada.browser.emit(button(ada.browser, text), 'click');
  await clock.advance(1_000);
  expect([texts(ada.browser), texts(bob.browser)]).toEqual([[`${big.length - 2}`], [`${big.length - 2}`]]);
  expect(ada.server.errors.map((error) => (error as Error).message)).toEqual([
    `shared('note') would have ${big.length + 1} characters; the limit is ${big.length}. Store large data in R2 or a database, and share its key.`,
    expect.stringMatching(/^shared\('note'\) cannot be stored: the value\.list\[0\] is a function\./),
  ]);
  expect(() => shared('f', () => 1)).toThrow(/^The initial value of shared\('f'\) cannot be stored/);
});

test('without the binding in which shared things live, whoever uses one is told what to write', async () => {
  expect(() => sharedStub({}, { session: 'SESSION', shared: 'SHARED' }, 'signal:level')).toThrow(
    /^The Worker has no Durable Object binding SHARED, in which shared values live\..*app\.Shared.*new_sqlite_classes/,
  );
  const server = new TestServer({ clock: new VirtualClock(), pages });
  await expect(server.open('/')).rejects.toThrow(/signal:level needs a shared object/);
});

test('[LW5] an input bound to a shared signal shows what others type, also after a restart', async () => {
  const note = shared('note', '');
  const { clock, visit } = world({
    pages: {
      '/': () => {
        ui.input('Note', { value: note });
      },
    },
  });
  const input = (browser: TestBrowser) => browser.root.children[0] as MirrorNode;
  const ada = await visit('ada');
  const bob = await visit('bob');
  ada.browser.edit(input(ada.browser), 'from ada');
  ada.browser.flush();
  await clock.advance(1_000);
  expect(input(bob.browser).props.value).toBe('from ada');
  bob.browser.edit(input(bob.browser), 'from bob');
  bob.browser.flush();
  await clock.advance(1_000);
  expect(input(ada.browser).props.value).toBe('from bob');
  ada.server.kill();
  await clock.advance(5_000);
  expect(input(ada.browser).props.value).toBe('from bob');
  expect(ada.server.errors).toEqual([]);
});

test('a lease that has ended asks once: who watches stays, who does not goes', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  all.lose = (call) => call === 'signal:level.unsubscribe';
  bob.browser.close();
  await clock.advance(5_000);
  all.evict('signal:level');
  ada.server.evict();
  await clock.advance(25 * 3_600_000);
  expect(all.hub('signal:level').subscribers).toEqual(['ada']);
  expect(all.calls.filter((call) => call === 'session ada.sharedChanged')).toHaveLength(1);
  expect(texts(ada.browser)).toEqual(['Level 0']);
});

test('nobody is told of a value that is not durable, and a write whose commit failed is tried again', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  const store = all.stores.get('signal:level');
  if (!store) throw new Error('There is no store.');
  store.failure = new Error('The disk is full.');
  ada.browser.emit(button(ada.browser, 'Add'), 'click');
  await clock.advance(2_000);
  expect(texts(bob.browser)).toEqual(['Level 0']);
  store.failure = undefined;
  await clock.advance(60_000);
  expect([texts(ada.browser), texts(bob.browser)]).toEqual([['Level 1'], ['Level 1']]);
});

test('a session that was woken by a change can say goodbye: it is not told any more', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  await clock.advance(5_000);
  bob.server.evict();
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(5_000);
  expect(texts(bob.browser)).toEqual(['Level 1']);
  bob.browser.close();
  await clock.advance(1_000);
  expect(all.hub('signal:level').subscribers).toEqual(['ada']);
  const before = all.calls.length;
  ada.browser.emit(button(ada.browser, 'Raise'), 'click');
  await clock.advance(1_000);
  expect(all.calls.slice(before)).not.toContain('session bob.sharedChanged');
});

test('a page that is woken by a change rebuilds as it fell asleep, and sends the change alone', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  for (let value = 1; value <= 3; value++) {
    await clock.advance(5_000);
    bob.server.evict();
    const sent = bob.browser.wire?.sent.length;
    ada.browser.emit(button(ada.browser, 'Raise'), 'click');
    await clock.advance(1_000);
    expect(texts(bob.browser)).toEqual([`Level ${value}`]);
    const frames = bob.browser.wire?.sent.slice(sent).map((frame) => JSON.parse(frame) as unknown[]);
    expect(frames).toEqual([[expect.any(Number), [expect.any(Number), 'text', `Level ${value}`]]]);
  }
  // Woken by its visitor: nothing has changed, and only the click is shown.
  await clock.advance(5_000);
  bob.server.evict();
  const sent = bob.browser.wire?.sent.length;
  bob.browser.emit(button(bob.browser, 'Raise'), 'click');
  await clock.advance(1_000);
  const frames = bob.browser.wire?.sent.slice(sent).map((frame) => JSON.parse(frame) as unknown[]);
  expect(frames?.map(([type]) => type).filter((type) => type === 's')).toEqual([]);
  expect(texts(bob.browser)).toEqual(['Level 4']);
  expect(all.hub('signal:level').subscribers).toEqual(['ada', 'bob']);
  expect(bob.server.errors).toEqual([]);
});

test('a value that is too large to be kept through a sleep is shown all the same, never an older one', async () => {
  const note = shared('long', '');
  const { clock, visit } = world({
    pages: {
      '/': () => {
        ui.label(() => `${note.value.length} of ${note.value[0]}`);
        for (const letter of ['a', 'b']) {
          ui.button(letter, () => {
            note.value = letter.repeat(sharedLimits.stored + 1);
          });
        }
      },
    },
  });
  const ada = await visit('ada');
  const bob = await visit('bob');
  const seen: unknown[] = [];
  for (const letter of ['a', 'b']) {
    await clock.advance(5_000);
    bob.server.evict();
    const sent = bob.browser.wire?.sent.length ?? 0;
    ada.browser.emit(button(ada.browser, letter), 'click');
    await clock.advance(1_000);
    expect(texts(bob.browser)).toEqual([`${sharedLimits.stored + 1} of ${letter}`]);
    seen.push(...(bob.browser.wire?.sent.slice(sent) ?? []));
  }
  expect(bob.server.store.cells('shared')).toEqual([{ key: 'value.signal:long', value: '0 ' }]);
  expect(seen.filter((frame) => /0 of undefined/.test(String(frame)))).toEqual([]);
});

test('what is kept for sleep is bounded, whatever names pages have used', async () => {
  const { clock, all } = world();
  const use = (room: string) => () => {
    ui.label(() => Array.from({ length: 60 }, (_, n) => shared(`${room} ${n}`, 0).value).join(' '));
    ui.button('Write', () => {
      for (let n = 0; n < 60; n++) shared(`${room} ${n}`, 0).value++;
    });
  };
  const rooms = { '/a': use('a'), '/b': use('b'), '/c': use('c') };
  const server = new TestServer({ clock, pages: rooms, name: 'ada', shared: all, policy: { pageIdle: 60_000 } });
  for (const room of ['/a', '/b', '/c']) {
    const browser = await TestBrowser.open(server, clock, room);
    await clock.advance(100);
    browser.emit(button(browser, 'Write'), 'click');
    await clock.advance(5_000);
    expect(server.store.cells('shared').length).toBeGreaterThanOrEqual(60);
    browser.close();
    await clock.advance(200_000);
  }
  expect(server.store.cells('shared').length).toBeLessThanOrEqual(sharedLimits.names + 60);
  expect(server.errors).toEqual([]);
});

test('a write whose first commit failed is sent after the death of its session, without a visitor', async () => {
  const { clock, all, visit } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  await clock.advance(5_000);
  all.lose = (call) => call.endsWith('.write');
  ada.server.store.failure = new Error('The disk is full.');
  ada.browser.emit(button(ada.browser, 'Add'), 'click');
  await clock.advance(100);
  ada.server.store.failure = undefined;
  await clock.advance(5_000);
  ada.browser.close();
  ada.server.kill();
  all.lose = () => false;
  await clock.advance(60_000);
  expect(texts(bob.browser)).toEqual(['Level 1']);
});

test('a computed of a module follows, in each session, what that session sees', async () => {
  const doubled = computed(() => level.value * 2);
  const both = ui.computed(() => `${level.value} and ${doubled.value}`);
  const { clock, visit, all } = world({
    pages: {
      '/': () => {
        ui.label(both);
        ui.label(() => `${doubled.peek()}`);
        ui.button('Add', () => level.add(1));
      },
    },
  });
  const ada = await visit('ada');
  const bob = await visit('bob');
  expect(all.hub('signal:level').subscribers).toEqual(['ada', 'bob']);
  bob.browser.emit(button(bob.browser, 'Add'), 'click');
  await clock.advance(1_000);
  for (const { browser } of [ada, bob]) expect(texts(browser)[0]).toBe('1 and 2');
});

const basket = shared<readonly string[]>('basket', ['tea']);

test('parts and computed values of a page follow what is shared in a module', async () => {
  const { clock, visit } = world({
    pages: {
      '/': () => {
        const count = computed(() => basket.value.length);
        ui.each(
          basket,
          (item) => item,
          (item) => ui.label(`each ${item}`),
        );
        ui.show(
          () => basket.value.length > 1,
          () => ui.label('more than one'),
        );
        ui.region(() => ui.label(`region ${basket.value.length}`));
        ui.label(() => `computed ${count.value}`);
        ui.button('Add', () => {
          basket.value = [...basket.value, 'milk'];
        });
      },
    },
  });
  const ada = await visit('ada');
  const bob = await visit('bob');
  ada.browser.emit(button(ada.browser, 'Add'), 'click');
  await clock.advance(1_000);
  for (const { browser, server } of [ada, bob]) {
    expect(texts(browser)).toEqual(['each tea', 'each milk', 'more than one', 'region 2', 'computed 2']);
    expect(server.errors).toEqual([]);
  }
});
