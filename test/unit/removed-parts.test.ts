// Handlers whose part of the page is removed, or made anew, while they wait.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, type User } from '../../src/testing/index.ts';
import { give, unnoticed } from './replay-kit.ts';

const containers = {
  none: (build: () => void) => build(),
  row: (build: () => void) => void ui.row(build),
  card: (build: () => void) => void ui.card(() => void ui.column(build)),
  form: (build: () => void) => void ui.form(build),
};

const parts = {
  show: (shown: { value: boolean }, build: () => void) => void ui.show(() => shown.value, build),
  region: (shown: { value: boolean }, build: () => void) =>
    void ui.region(() => {
      if (shown.value) build();
    }),
  each: (shown: { value: boolean }, build: () => void) =>
    void ui.each(
      () => (shown.value ? [{ id: 1 }] : []),
      ({ id }) => id,
      build,
    ),
};

const deaths: Record<string, (user: User, page: () => void) => void> = {
  nothing: () => {},
  'a kill': (user) => user.server.kill(),
  'a loss of memory': (user) => user.server.evict(true),
  'a deploy': (user, page) => user.server.deploy({ '/': page }),
};

/** Clicks "Save", and hides the part and shows it again while its handler waits. */
async function saveAndToggle(user: User): Promise<void> {
  for (const name of ['Save', 'Toggle', 'Toggle']) {
    user.find(name).click();
    await user.advance(300);
  }
}

const cases = Object.keys(parts).flatMap((part) =>
  Object.keys(containers).flatMap((container) => Object.keys(deaths).map((death) => [part, container, death] as const)),
);

describe.each(cases)('in a %s, in the container %s, after %s', (part, container, death) => {
  const inPart = parts[part as keyof typeof parts];
  const inside = containers[container as keyof typeof containers];
  const dies = deaths[death] as (typeof deaths)[string];

  test('[NF4] a handler that removes its own part continues', async () => {
    const page = () => {
      const [shown, log] = [ui.state(true, 'shown'), ui.state('open', 'log')];
      inPart(shown, () =>
        inside(() => {
          ui.button('Close', async () => {
            shown.value = false;
            await run.sleep('2s');
            log.value = 'closed';
          });
        }),
      );
      ui.label(() => `log ${log.value}`);
    };
    using user = await open({ '/': page });
    user.find('Close').click();
    await user.advance(500);
    dies(user, page);
    await user.shouldSee('log closed', { within: '30s' });
    expect(user.browser.notices).toEqual([]);
  });

  test('[NF4] a handler whose part is hidden and shown again continues, although what it wrote there is gone', async () => {
    const page = () => {
      const [shown, log] = [ui.state(true, 'shown'), ui.state('', 'log')];
      inPart(shown, () =>
        inside(() => {
          const [busy, lines] = [ui.state(false, 'busy'), ui.list<string>([])];
          ui.button('Save', async () => {
            busy.value = true;
            lines.add('begun');
            await run.sleep('2s');
            log.value = 'saved';
          });
        }),
      );
      ui.button('Toggle', () => {
        shown.value = !shown.value;
      });
      ui.label(() => `log ${log.value}`);
    };
    using user = await open({ '/': page });
    await saveAndToggle(user);
    dies(user, page);
    await user.shouldSee('log saved', { within: '30s' });
    expect(user.browser.notices).toEqual([]);
  });

  test('[NF4] a handler whose part is hidden and shown again has the values of the removed part, and does not change the new one', async () => {
    const page = () => {
      const [shown, log] = [ui.state(true, 'shown'), ui.state<unknown>('', 'log')];
      inPart(shown, () =>
        inside(() => {
          const [count, draft, items] = [ui.state(0), ui.state({ text: '' }), ui.list<string>(['one'])];
          const typed = ui.input('Typed');
          const said = ui.label('fresh');
          ui.label(() => `${count.value} ${draft.value.text} ${[...items].join('+')} end`);
          ui.button('Save', async () => {
            count.value++;
            draft.value = { text: 'mine' };
            items.add('two');
            said.text = 'stale';
            await run.sleep('2s');
            count.value++;
            draft.value = { text: `${draft.value.text} still` };
            items.add('three');
            typed.enabled = false;
            said.text = `${said.text} now`;
            await run.sleep('2s');
            log.value = [count.value, draft.value.text, [...items], typed.value, said.text].join(' ');
          });
        }),
      );
      ui.button('Toggle', () => {
        shown.value = !shown.value;
      });
      ui.label(() => `log ${log.value}`);
    };
    using user = await open({ '/': page });
    user.find('Typed').type('abc');
    await saveAndToggle(user);
    dies(user, page);
    await user.advance(2_500);
    dies(user, page);
    // A region without a container has its states for itself, shown or not.
    const fresh = part === 'region' && container === 'none' ? '2 mine still one+two+three end' : '0  one end';
    await user.shouldSee('log 2 mine still one,two,three abc stale now', { within: '30s' });
    await user.shouldSee(fresh);
    await user.shouldSee('fresh');
    expect(user.find('Typed').props).not.toHaveProperty('disabled');
    expect(user.browser.notices).toEqual([]);
  });
});

describe('[NF4] a handler continues after a kill although it has removed, of what the page function made,', () => {
  const go = (handler: (event: { readonly sender: { delete(): void } }) => Promise<void>) => ui.button('Go', handler);
  const pages: Readonly<Record<string, () => void>> = {
    'its own button': () => {
      const out = ui.label('-');
      go(async ({ sender }) => {
        sender.delete();
        await give('Done').then((text) => (out.text = text));
      });
    },
    'the contents of its container, which it fills anew': () => {
      const box = ui.column(() => {
        go(async () => {
          box.clear();
          box.add(() => ui.label('Working'));
          const text = await give('Done');
          box.clear();
          box.add(() => ui.label(text));
        });
      });
    },
    'elements whose values it reads, and states that it writes': () => {
      const out = ui.label('-');
      const box = ui.column(() => {
        const name = ui.input('Name', { value: 'Ada' });
        const state = ui.state({ n: 0 });
        const items = ui.list([{ id: 'a' }], 'id');
        ui.each(items, ({ id }) => ui.label(id));
        go(async () => {
          name.value += ' L';
          const before = state.value;
          items.add({ id: 'b' });
          await give(1);
          box.delete();
          await give(2);
          const same = state.value === before;
          state.value = { n: state.value.n + 1 };
          items.add({ id: 'c' });
          await give(3);
          out.text = `${name.value} ${same} ${state.value.n} ${items.items.map(({ id }) => id).join('')}`;
        });
      });
    },
    'the container around the item of a list, whose values and the values of the container it has': () => {
      const out = ui.label('-');
      const list = ui.list([{ id: 'a' }], 'id');
      const box = ui.column(() => {
        const outer = ui.state(1);
        ui.input('Name', { value: 'Ada', onChange: (name) => (outer.value = name.length) });
        ui.each(list, ({ id }) => {
          const inner = ui.state(1);
          go(async () => {
            inner.value = 5;
            box.clear();
            await give(1);
            inner.value++;
            await give(2);
            out.text = `${id} ${outer.value} ${inner.value}`;
          });
        });
      });
    },
    'the container around a region, and around a branch': () => {
      const out = ui.label('-');
      const shown = ui.state(true);
      const box = ui.column(() => {
        ui.region(() => {
          if (!shown.value) return;
          ui.show(shown, () => {
            go(async () => {
              box.delete();
              out.text = await give('Done');
            });
          });
        });
      });
    },
    'what it writes in the same turn': () => {
      const out = ui.label('-');
      const list = ui.list([{ id: 'row' }], 'id');
      ui.each(list, () => {
        const [count, draft] = [ui.state(0), ui.state({ n: 0 })];
        const items = ui.list([{ id: 'a' }, { id: 'b' }], 'id');
        const name = ui.input('Name', { value: 'Ada' });
        go(async () => {
          name.value = 'Eve';
          await give(1);
          list.remove('row');
          const mine = { n: 5 };
          count.value = 5;
          draft.value = mine;
          items.add({ id: 'c' });
          items.remove('a');
          name.value = 'Bob';
          await give(2);
          out.text = `${count.value} ${draft.value === mine} ${draft.value.n} ${items.keys.join('')} ${name.value}`;
        });
      });
    },
    'a dialog that asked': () => {
      const out = ui.label('-');
      const dialog = ui.dialog(() => {
        ui.button('OK', async () => {
          dialog.delete();
          out.text = await give('Done');
        });
      });
      go(async () => dialog.open());
    },
  };

  test.each(Object.entries(pages))('%s', async (what, page) => {
    const acts = [[0, 'Go'] as const, ...(what === 'a dialog that asked' ? [[300, 'OK'] as const] : [])];
    await unnoticed(what, { page, acts, from: 320, until: 2_500 });
  });

  test('the container around a state that another handler writes then', async () => {
    const page = () => {
      const out = ui.label('-');
      const box = ui.column(() => {
        const shared = ui.state(0);
        ui.button('Wait', async () => {
          await give(1, 600);
          shared.value++;
          await give(2, 9_000);
          out.text = `${shared.value}`;
        });
        ui.button('Remove', async () => {
          box.delete();
          shared.value = 10;
          await give(3, 900);
          shared.value += 10;
        });
      });
    };
    const acts = [[0, 'Wait'] as const, [50, 'Remove'] as const];
    await unnoticed('a shared state', { page, acts, from: 150, until: 1_800 });
  });

  test('and nothing says that the page function added elements to what is gone', async () => {
    const page = () => {
      const row = ui.row(() => ui.label('gone'));
      ui.button('Remove', () => row.delete());
    };
    using user = await open({ '/': page });
    user.find('Remove').click();
    await user.advance('1s');
    user.server.kill();
    await user.advance('3s');
    await user.shouldNotSee('gone');
    expect(user.server.log).toEqual([]);
  });
});
