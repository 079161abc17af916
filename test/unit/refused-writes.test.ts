// A handler writes what the page cannot store, catches the error and goes on. A restart must refuse the same writes.

import { expect, test } from 'vitest';
import { App } from '../../src/app/index.ts';
import { ui } from '../../src/elements/index.ts';
import { shared } from '../../src/shared/index.ts';
import { storage } from '../../src/stores/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open } from '../../src/testing/index.ts';
import { give, type Play, unnoticed } from './replay-kit.ts';

/** What no value holds. */
const odd = () => ({ at: class {} }) as unknown as { at: number };
const long = (characters: number) => ({ at: 'x'.repeat(characters) as unknown as number });

type Item = { readonly id: string; readonly at: number };

/** Writes what is refused, and returns what it was told. */
function told(write: () => void): string {
  try {
    write();
    return 'nothing';
  } catch (error) {
    return `${(error as Error).name} ${(error as Error).message.slice(0, 40)}`;
  }
}

/** A page with something to write to: an async handler writes something good, something refused and something good again. */
const writes: Readonly<Record<string, () => (value: { at: number }) => void>> = {
  'a state': () => {
    const state = ui.state({ at: 0 }, 'note');
    ui.label(() => `${state.value.at}`);
    return (value) => (state.value = value);
  },
  'a state that is assigned again after a change in place': () => {
    const state = ui.state({ at: 0 }, 'note');
    ui.label(() => `${state.value.at}`);
    return (value) => {
      const { at } = state.value;
      Object.assign(state.value, value);
      try {
        const held = state.value;
        state.value = held;
      } catch (error) {
        state.value.at = at;
        throw error;
      }
    };
  },
  'a prop': () => {
    const label = ui.label('');
    return ({ at }) => (label.text = typeof at === 'function' ? 'y'.repeat(2_000_000) : `${at}`);
  },
  'the lines of a log': () => {
    const log = ui.log();
    return ({ at }) => log.push(typeof at === 'function' ? (Symbol('no') as unknown as string) : `${at}`);
  },
  'an item of ui.list': () => {
    const list = ui.list<Item>([{ id: 'a', at: 0 }], 'id', 'items');
    ui.each(list, ({ at }) => ui.label(`${at}`));
    return (value) => list.set({ id: 'a', ...value });
  },
  'a new item of ui.list': () => {
    const list = ui.list<Item>([], 'id', 'items');
    ui.each(list, ({ at }) => ui.label(`${at}`));
    return (value) => list.add({ id: `${value.at}`.slice(0, 8), ...value });
  },
  'storage.user': () => {
    const value = storage.user('note', { at: 0 });
    ui.label(() => `${value.value.at}`);
    return (next) => (value.value = next);
  },
  'a list of storage.tab': () => {
    const list = storage.tab.list<Item>('items', [], 'id');
    ui.each(list, ({ at }) => ui.label(`${at}`));
    return (value) => list.set({ id: 'a', ...value });
  },
  'a map of storage.user': () => {
    const map = storage.user.map<{ at: number }>('entries');
    ui.label(() => `${map.get('a')?.at}`);
    return (value) => map.set('a', value);
  },
  shared: () => {
    const value = shared('note', { at: 0 });
    ui.label(() => `${value.value.at}`);
    return (next) => (value.value = next);
  },
  'a list of shared': () => {
    const list = shared.list<Item>('items', [], 'id');
    ui.each(list, ({ at }) => ui.label(`${at}`));
    return (value) => list.set({ id: 'a', ...value });
  },
};

test.each(Object.entries(writes))('[NF5] a write to %s that is refused is refused in a replay too', (what, make) => {
  const play: Play = {
    shared: true,
    page() {
      const said = ui.state<readonly string[]>([], 'said');
      const write = make();
      const say = (text: string) => (said.value = [...said.value, text]);
      ui.label(() => said.value.join(' | '));
      ui.button('Go', async () => {
        say(told(() => write({ at: 1 })));
        say(told(() => write(odd())));
        say(told(() => write(long(2_000_000))));
        await give(1);
        say(told(() => write(long(2_000_000))));
        say(told(() => write({ at: 2 })));
        await give(2);
        say(told(() => write({ at: 3 })));
      });
    },
    from: 300,
    until: 700,
  };
  return unnoticed(what, play);
});

test('[NF5] a write that a full page refuses is refused in a replay too, when there is room again', async () => {
  using user = await open(() => {
    const texts = Array.from({ length: 12 }, (_, index) => ui.state('', `text ${index}`));
    const refused = ui.state(0, 'refused');
    ui.label(() => `Refused: ${refused.value}`);
    ui.button('Fill', async () => {
      let count = 0;
      for (const text of texts) if (told(() => (text.value = 'x'.repeat(1_800_000))) !== 'nothing') count++;
      refused.value = count;
      await run.sleep('1s');
      refused.value += 100;
    });
    ui.button('Make room', () => {
      for (const text of texts) text.value = '';
    });
  });
  user.find('Fill').click();
  await user.shouldSee('Refused: 3');
  user.find('Make room').click();
  await user.settle();
  user.server.kill();
  await user.shouldSee('Refused: 103');
  expect(user.server.errors).toEqual([]);
});

test('[NF5] an element, a command and a call that are refused are refused in a replay too', async () => {
  const app = new App().page('/', (page) => {
    const said = ui.state('', 'said');
    ui.label(() => said.value);
    const tall = 'x'.repeat(3_000_000);
    ui.button('Go', async () => {
      const all: string[] = [];
      const note = (write: () => unknown) => all.push(told(write).split(' ')[0] as string);
      note(() => ui.label(tall));
      note(() => ui.row(() => ui.label(tall)));
      note(() => ui.notify(tall));
      note(() => ui.browser.copy('short'));
      note(() => ui.browser.copy(tall));
      note(() => ui.label('short'));
      for (const wait of [() => ui.confirm(tall), () => page.call('screen.name', [tall])]) {
        try {
          await wait();
        } catch (error) {
          all.push((error as Error).name);
        }
      }
      said.value = all.join();
      await run.sleep('1s');
      said.value += ' Done.';
    });
  });
  using user = await open(app);
  user.find('Go').click();
  const refused = 'RangeError,RangeError,RangeError,nothing,RangeError,nothing,RangeError,RangeError';
  await user.shouldSee(refused);
  user.server.kill();
  await user.shouldSee(`${refused} Done.`);
  expect(user.server.errors).toEqual([]);
});

test('[NF5] an element above the cap of a page is refused in a replay too, and those below are not', async () => {
  using user = await open(() => {
    const said = ui.state('', 'said');
    ui.label(() => said.value);
    const full = ui.state(true, 'full');
    ui.show(
      () => full.value,
      () => {
        for (let count = 0; count < 19_980; count++) ui.icon('star');
      },
    );
    ui.button('Go', async () => {
      let made = 0;
      while (made < 100 && told(() => ui.icon('star')) === 'nothing') made++;
      said.value = `Made ${made}`;
      await run.sleep('1s');
      said.value += ' in all.';
    });
    ui.button('Make room', () => (full.value = false));
  });
  user.find('Go').click();
  await user.shouldSee(/^Made \d+$/);
  user.find('Make room').click();
  await user.settle();
  user.server.kill();
  await user.shouldSee(/^Made \d+ in all\.$/);
  expect(user.server.errors).toEqual([]);
});

test('[NF5] a handler that commands a shared job reads in a replay what it read then', async () => {
  const { quick } = run.tasks<{ quick(): number }>('COMPUTE');
  using user = await open(
    () => {
      const job = shared.job('refused-writes job', quick);
      const said = ui.state('', 'said');
      ui.label(() => said.value);
      ui.button('Go', async () => {
        job.start();
        said.value = job.status.value;
        await run.sleep('1s');
        said.value += `, ${job.status.value}`;
        job.retry();
        said.value += `, ${job.status.value}`;
        await run.sleep('1s');
        said.value += `, ${job.result.value}`;
      });
    },
    '/',
    { services: { COMPUTE: { quick: () => 4 } } },
  );
  user.find('Go').click();
  await user.advance('500ms');
  user.server.kill();
  await user.advance('1s');
  user.server.kill();
  await user.advance('5s');
  expect(user.server.errors).toEqual([]);
  await user.shouldSee(/^waiting, done, \w+, 4$/);
});
