// Page functions that load: what they make is the same after a restart, in whatever order it comes.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { TestServer, User, VirtualClock } from '../../src/testing/index.ts';

let user: User;
let order: readonly number[];
let clock: { after(ms: number, fn: () => void): unknown };

/** Waits as the loading of a part does: another one is the first to come after each restart. */
function loaded(index: number): Promise<void> {
  return new Promise((resolve) => clock.after(10 * (order[index] ?? 0), resolve));
}

async function visit(page: () => unknown): Promise<User> {
  const virtual = new VirtualClock();
  clock = virtual;
  order = [1, 2, 3];
  user = await User.open(new TestServer({ clock: virtual, pages: { '/': page as () => void } }), virtual, '/');
  return user;
}

async function restart(): Promise<void> {
  order = [3, 2, 1];
  user.server.kill();
  await user.advance('5s');
}

/** A field, a state and a button without names or labels that tell them apart. */
async function part(name: string, index: number): Promise<void> {
  await loaded(index);
  const count = ui.state(0);
  const note = ui.state('');
  ui.input('', { value: note }).classes(name);
  ui.button('More', () => count.value++).classes(name);
  ui.label(() => `${name}: ${count.value} ${note.value}`);
}

const names = ['a', 'b', 'c'];

const pages: Readonly<Record<string, () => unknown>> = {
  'Promise.all': () => Promise.all(names.map(part)),
  'an await of Promise.all': async () => {
    await Promise.all(names.map(part));
  },
  'Promise.allSettled': async () => {
    await Promise.allSettled(names.map(part));
  },
  'Promise.all within Promise.all': async () => {
    await Promise.all([Promise.all([part('a', 0), part('b', 1)]), part('c', 2)]);
  },
  'async containers': () => {
    names.forEach((name, index) => ui.card(() => part(name, index)));
  },
  'async containers in a row of an async page': async () => {
    await loaded(1);
    ui.row(async () => {
      names.forEach((name, index) => ui.column(() => part(name, index)));
      await loaded(0);
    });
  },
};

test.each(Object.entries(pages))(
  '%s: fields, states and buttons stay what they are after a restart',
  async (_how, page) => {
    using user = await visit(page);
    const of = (kind: 'input' | 'button', name: string) =>
      user.find({ kind }).all.find(({ props }) => props.class === name);
    const texts = () =>
      user
        .find({ kind: 'label' })
        .all.map(({ text }) => text)
        .toSorted();
    for (const [index, name] of names.entries()) {
      of('input', name)?.fill(`note ${name}`);
      for (let click = 0; click <= index; click++) of('button', name)?.click();
    }
    await user.advance('3s');
    const before = ['a: 1 note a', 'b: 2 note b', 'c: 3 note c'];
    expect(texts()).toEqual(before);
    await restart();
    expect([texts(), user.server.errors]).toEqual([before, []]);
    for (const name of names) {
      expect(of('input', name)?.value).toBe(`note ${name}`);
      of('button', name)?.click();
    }
    await user.advance('3s');
    expect(texts()).toEqual(['a: 2 note a', 'b: 3 note b', 'c: 4 note c']);
  },
);

describe('an async container', () => {
  test('has its handlers continued after a kill', async () => {
    using user = await visit(() => {
      ui.card(async () => {
        await loaded(0);
        const out = ui.label('none');
        ui.button('Go', async () => {
          out.text = 'waits';
          out.text = await run.ioBound(async () => {
            await new Promise<void>((resolve) => clock.after(2_000, resolve));
            return 'done';
          });
        });
      });
    });
    user.find('Go').click();
    await user.advance('500ms');
    await restart();
    await user.shouldSee('done');
    expect(user.server.errors).toEqual([]);
  });

  test('that fails has the page fail, as the page function itself would', async () => {
    await expect(
      visit(() => {
        ui.card(async () => {
          await loaded(0);
          throw new Error('no database');
        });
      }),
    ).rejects.toThrow('no database');
  });

  const sentence = 'is async, and only a page function waits for such a one';

  test('is refused in a handler', async () => {
    using user = await visit(() => {
      const box = ui.column();
      ui.button('Go', () => {
        box.add(async () => {
          await loaded(0);
          ui.label('late');
        });
      });
    });
    user.find('Go').click();
    await user.advance('3s');
    expect(user.server.errors.map(String)).toEqual([expect.stringContaining(`ui.column ${sentence}`)]);
  });

  test('is refused in a part that is built again', async () => {
    await expect(
      visit(() => {
        ui.each(
          [1, 2],
          (item) => item,
          () => {
            ui.card(async () => {
              await loaded(0);
            });
          },
        );
      }),
    ).rejects.toThrow(`ui.card ${sentence}`);
  });
});
