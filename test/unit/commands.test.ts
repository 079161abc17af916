// What a page commands its browser (to navigate, to save a file, to take the focus) happens once, whoever dies and whenever.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/index.ts';
import { limits } from '../../src/protocol/index.ts';
import { open, TestBrowser, type User } from '../../src/testing/index.ts';
import { Bench } from './client-wire.ts';
import { texts } from './screen.ts';

/** The texts that the tab was commanded to copy, in all its documents. */
const copied = ({ browser }: User) =>
  browser.commands.filter(({ method }) => method === 'copy').map(({ args }) => args[0]);

/** The rows of commands that the browser has not begun. */
const rowsOf = ({ server, browser }: User) =>
  server.store.cells(browser.link.page).filter(({ key }) => /^\w+\.c\./.test(key));

/** Copies a counter, at once and after an await. */
const page = () => {
  const count = ui.state(0);
  ui.label(() => `count ${count.value}`);
  ui.button('Now', () => ui.browser.copy(`now ${++count.value}`));
  ui.button('Later', async () => {
    await run.ioBound(async () => 'read');
    ui.browser.copy(`later ${++count.value}`);
  });
};

/** Faults that a click, its command and what the browser says of it may meet. */
const faults: readonly (readonly [what: string, strike: (user: User) => unknown])[] = [
  ['the server dies', ({ server }) => server.kill()],
  ['the connection is cut', (user) => user.cut()],
  ['the tab is loaded again', ({ browser }) => browser.reload(true)],
  [
    'the server dies and the tab is loaded again',
    ({ browser, server }) => {
      server.kill();
      return browser.reload(true);
    },
  ],
  ['another version is deployed', ({ server }) => server.deploy()],
  ['the author saves', ({ server }) => server.save()],
  [
    'a commit fails and the server dies',
    async (user) => {
      user.server.store.failure = new Error('The disk is full.');
      await user.advance(20);
      user.server.kill();
      user.server.store.failure = undefined;
    },
  ],
];

describe.each(['Now', 'Later'])('a command that a handler gives (%s)', (button) => {
  test.each(faults)('[EO9] happens once, whenever %s', async (_, strike) => {
    for (let ms = 1; ms < 130; ms += 4) {
      using user = await open({ '/': page }, '/', { latency: 5, seed: ms });
      await user.advance('1s');
      user.find(button).click();
      await user.advance(ms);
      await strike(user);
      await user.advance('20s');
      expect(copied(user), `${ms} ms after the click`).toEqual([`${button.toLowerCase()} 1`]);
      expect(rowsOf(user), `${ms} ms after the click`).toEqual([]);
    }
  });
});

test.each(faults)(
  '[EO9] commands of a timer, which no event repeats, are those of its ticks, whenever %s',
  async (_, strike) => {
    for (let ms = 990; ms < 1_110; ms += 8) {
      using user = await open(
        {
          '/': () => {
            const count = ui.state(0);
            ui.label(() => `count ${count.value}`);
            ui.timer('1s', () => void (count.value < 3 && ui.browser.copy(`tick ${++count.value}`)));
          },
        },
        '/',
        { latency: 5, seed: ms },
      );
      await user.advance(ms);
      await strike(user);
      await user.advance('20s');
      expect(copied(user), `after ${ms} ms`).toEqual(['tick 1', 'tick 2', 'tick 3']);
    }
  },
);

test('[EO9] a browser gets a command when it is durable, not before', async () => {
  using user = await open({ '/': page });
  user.server.store.failure = new Error('The disk is full.');
  user.find('Now').click();
  await user.advance('2s');
  expect(user.sees('count 1')).toBe(true);
  expect(copied(user)).toEqual([]);
  user.server.store.failure = undefined;
  await user.advance('15s');
  expect(copied(user)).toEqual(['now 1']);
});

test('a browser that was away for an hour does what it was commanded meanwhile, in order', async () => {
  using user = await open({ '/': page });
  user.find('Later').click();
  user.find('Now').click();
  await user.advance(2);
  user.offline();
  await user.advance('1h');
  user.server.kill();
  user.online();
  await user.advance('30s');
  expect(copied(user)).toEqual(['later 1', 'now 2']);
});

test('a command is done on the page that gave it, when the user is back there', async () => {
  using user = await open({ '/': page, '/other': () => ui.label('other') }, '/', { latency: 20 });
  user.find('Now').click();
  await user.goto('/other');
  await user.advance('5s');
  expect(copied(user)).toEqual([]);
  await user.back();
  await user.advance('5s');
  expect(copied(user)).toEqual(['now 1']);
});

test('a command comes after the changes of its turn, also when so much changed that the whole page is sent', async () => {
  using user = await open({
    '/': () => {
      const column = ui.column();
      ui.button('Go', () => {
        // An addition and a removal each.
        for (let round = 0; round < limits.nodes / 2; round++) {
          column.add(() => ui.label(`${round}`));
          column.clear();
        }
        ui.input('Name').focus();
      });
    },
  });
  user.find('Go').click();
  await user.advance('3s');
  expect(user.browser.commands.map(({ kind, method }) => `${kind}.${method}`)).toEqual(['input.focus']);
}, 20_000);

test('a command for an element that goes before it is durable is dropped, with its row', async () => {
  using user = await open({
    '/': () => {
      ui.button('Go', () => {
        const field = ui.input('Name');
        field.focus();
        field.delete();
      });
    },
  });
  user.find('Go').click();
  await user.advance('1s');
  expect(user.browser.commands).toEqual([]);
  expect(rowsOf(user)).toEqual([]);
});

test('what a page function commands has no effect, also when the page is built again', async () => {
  using user = await open({ '/': () => void ui.input('Name').focus() });
  user.server.kill();
  await user.advance('5s');
  expect(user.browser.commands).toEqual([]);
  expect(rowsOf(user)).toEqual([]);
});

test('commands that no browser does are capped: the newest stay, and the author reads why', async () => {
  using user = await open({
    '/': () => {
      ui.button('Go', async () => {
        await run.sleep('1m');
        for (let count = 0; count < limits.commands + 20; count++) ui.browser.copy(`${count}`);
      });
    },
  });
  user.find('Go').click();
  await user.settle();
  user.offline();
  await user.advance('2m');
  expect(rowsOf(user)).toHaveLength(limits.commands);
  expect(user.server.log.map(({ message }) => message).join()).toMatch(/More than 100 commands .*root\.copy.* dropped/);
  user.online();
  await user.advance('30s');
  expect(copied(user)).toHaveLength(limits.commands);
  expect(copied(user).at(-1)).toBe(`${limits.commands + 19}`);
});

test.each([null, 'x', 1.5, { number: 1 }])('a browser that says %j of a command is refused', async (value) => {
  using user = await open({ '/': page });
  user.browser.emit(user.browser.root, 'done', value);
  await user.advance('1s');
  expect(user.server.log.map(({ message }) => message).join()).toMatch(/Refused done .*a command has a number/);
});

describe('the browser', () => {
  const begun = (bench: Bench, count = { value: 0 }) => {
    bench.store.watch(bench.store.root, {
      changed: () => {},
      called: (_method, _args, begins) => begins?.() && count.value++,
    });
    return count;
  };

  test('[EO9] begins a command once that comes again on another connection', () => {
    const bench = new Bench().live();
    const count = begun(bench);
    bench.socket.say([1, ['!', 7, 1, 'copy', 'a']]);
    bench.socket.say([2, ['!', 7, 1, 'copy', 'a'], ['!', 8, 1, 'copy', 'b']]);
    expect(count.value).toBe(2);
    expect(bench.link.pending).toEqual([
      [1, 1, 'done', 7],
      [2, 1, 'done', 8],
    ]);
  });

  test('[EO9] does not begin a command again that an earlier document has begun and the session does not know of', () => {
    const first = new Bench().live();
    const count = begun(first);
    first.socket.say([1, ['!', 7, 1, 'copy', 'a']]);
    const second = new Bench({}, first.storage);
    begun(second, count);
    second.live().socket.say([1, ['!', 7, 1, 'copy', 'a']]);
    expect(count.value).toBe(1);
  });

  test('[EO9] begins a command in the next document that waited for its component in the last one', () => {
    const first = new Bench().live();
    first.socket.say([1, ['!', 7, 1, 'copy', 'a']]);
    const second = new Bench({}, first.storage);
    const count = begun(second);
    second.live().socket.say([1, ['!', 7, 1, 'copy', 'a']]);
    expect(count.value).toBe(1);
  });
});

test('[EO9] a document that was made before a command, and connects after it has happened, does not repeat it', async () => {
  using user = await open({ '/': page });
  const { server, clock, browser } = user;
  const { page: id } = browser.link;
  const next = await TestBrowser.open(server, clock, '/', { page: id });
  next.wire?.hold('up');
  user.find('Now').click();
  await clock.advance(500);
  expect(copied(user)).toEqual(['now 1']);
  expect(rowsOf(user), 'the session knows that it has happened').toEqual([]);
  browser.close();
  next.wire?.release('up');
  await clock.advance(5_000);
  expect(texts(next)).toEqual(['count 1']);
  expect(next.commands).toEqual([]);
  next.close();
});
