// An event has its effect where it was made, or none: never on what has taken the place of what the user saw.

import { describe, expect, test } from 'vitest';
import { run, ui } from '../../src/index.ts';
import { aimOf, encode, type MirrorNode, saw } from '../../src/protocol/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const slow = { latency: 50 };

function notices(user: User): string[] {
  const all = (node: MirrorNode): MirrorNode[] => [node, ...node.children.flatMap(all)];
  return all(user.browser.root).flatMap(({ kind, props }) => (kind === 'notification' ? [String(props.text)] : []));
}

const missed = ['The page changed before your action arrived, so nothing was done. Please check and try again.'];

/** Ways to show rows with a button each that deletes the row. */
const shapes: readonly [name: string, row: (name: string, act: () => void) => void][] = [
  ['labels that name the row', (name, act) => ui.button(`Delete ${name}`, act)],
  ['labels that differ in a number', (name, act) => ui.button(`Delete ${name.charCodeAt(0)}`, act)],
  ['labels of functions', (name, act) => ui.button(() => `Delete ${name}`, act)],
  [
    'the same labels in rows',
    (name, act) =>
      void ui.row(() => {
        ui.label(name);
        ui.button('Delete', act);
      }),
  ],
  [
    'the same labels in nested rows',
    (name, act) =>
      void ui.row(() => {
        ui.column(() => ui.label(name));
        ui.column(() => ui.button('Delete', act));
      }),
  ],
  [
    'the same labels after texts',
    (name, act) => {
      ui.label(name);
      ui.button('Delete', act);
    },
  ],
  [
    'the same labels before texts',
    (name, act) => {
      ui.button('Delete', act);
      ui.label(name);
    },
  ],
];

/** What may happen to the rows A, B and C before a click on B arrives. */
const changes: readonly [what: string, after: readonly string[]][] = [
  ['a row above', ['New', 'A', 'B', 'C']],
  ['the row above gone', ['B', 'C']],
  ['another order', ['B', 'A', 'C']],
  ['another row in its place', ['A', 'X', 'C']],
  ['the row itself gone', ['A', 'C']],
  ['all rows but another gone', ['C']],
];

const delete2 = (user: User) => {
  const all = (node: MirrorNode): MirrorNode[] => [node, ...node.children.flatMap(all)];
  const buttons = all(user.browser.root).filter(
    ({ kind, props }) => kind === 'button' && /^Delete/.test(String(props.text)),
  );
  user.browser.emit(buttons[1] as MirrorNode, 'click');
};

describe.each(shapes)('rows of a loop with %s', (_, row) => {
  test.each(changes)(
    'a click on its way deletes the row that was clicked, or none: %s, in a region',
    async (_what, after) => {
      const done: string[] = [];
      const rows = { set: (_rows: readonly string[]) => {} };
      using user = await open(
        {
          '/': () => {
            const list = ui.state<readonly string[]>(['A', 'B', 'C']);
            rows.set = (next) => {
              list.value = next;
            };
            ui.region(() => {
              for (const name of list.value) row(name, () => void done.push(name));
            });
          },
        },
        '/',
        slow,
      );
      rows.set(after);
      delete2(user);
      await user.advance('2s');
      expect(done.filter((name) => name !== 'B')).toEqual([]);
      if (done.length === 0) expect(notices(user)).toEqual(missed);
    },
  );

  test.each(changes)(
    'a click that a kill delays deletes the row that was clicked, or none: %s',
    async (_what, after) => {
      const done: string[] = [];
      let rows: readonly string[] = ['A', 'B', 'C'];
      using user = await open({
        '/': () => {
          for (const name of rows) row(name, () => void done.push(name));
        },
      });
      user.offline();
      delete2(user);
      user.server.kill();
      rows = after;
      user.online();
      await user.advance('8s');
      expect(done.filter((name) => name !== 'B')).toEqual([]);
      if (done.length === 0) expect(notices(user)).toEqual(missed);
    },
  );

  test.each(changes)('a handler that waits goes on for its row, or is interrupted: %s', async (_what, after) => {
    const done: string[] = [];
    let rows: readonly string[] = ['A', 'B', 'C'];
    let life = 1;
    using user = await open({
      '/': () => {
        for (const name of rows)
          row(name, async () => {
            const mine = life;
            await run.ioBound(() => new Promise<void>((resolve) => user.clock.after(1_000, resolve)));
            // What a kill cut off runs on in a test, where it has no effect any more.
            if (mine === life) done.push(name);
          });
      },
    });
    delete2(user);
    await user.advance('500ms');
    rows = after;
    user.server.kill();
    life++;
    await user.advance('30s');
    expect(done.filter((name) => name !== 'B')).toEqual([]);
    expect(done.length + user.server.errors.length).toBe(1);
  });

  test('a click counts when nothing has changed, also after a kill', async () => {
    const done: string[] = [];
    using user = await open({
      '/': () => {
        for (const name of ['A', 'B', 'C']) row(name, () => void done.push(name));
      },
    });
    delete2(user);
    user.server.kill();
    await user.advance('8s');
    delete2(user);
    delete2(user);
    await user.advance('1s');
    expect(done).toEqual(['B', 'B', 'B']);
    expect(notices(user)).toEqual([]);
  });
});

describe('one thing that becomes another one in its place', () => {
  test('the second of two clicks on "Done", faster than the answer, does not run the "Delete" that took its place', async () => {
    const done: string[] = [];
    using user = await open(
      {
        '/': () => {
          const items = ui.state([{ id: 1, done: false }]);
          ui.each(
            items,
            ({ id }) => id,
            (item) => {
              if (item.done) ui.button('Delete', () => void done.push('deleted'));
              else
                ui.button('Done', () => {
                  done.push('done');
                  items.value = [{ id: 1, done: true }];
                });
            },
          );
        },
      },
      '/',
      slow,
    );
    const { node } = user.find('Done');
    user.browser.emit(node, 'click');
    user.browser.emit(node, 'click');
    await user.advance('1s');
    expect(done).toEqual(['done']);
    expect(notices(user)).toEqual(missed);
    user.find('Delete').click();
    await user.advance('1s');
    expect(done).toEqual(['done', 'deleted']);
  });

  test.each<[how: string, label: (over: { readonly value: boolean }) => string | (() => string)]>([
    ['a function', (over) => () => (over.value ? 'Delete result' : 'Cancel')],
    ['a literal in a region', (over) => (over.value ? 'Delete result' : 'Cancel')],
  ])('"Cancel", clicked offline, does not run what is "Delete result" by now: %s', async (_how, label) => {
    const done: string[] = [];
    let end = () => {};
    using user = await open({
      '/': () => {
        const over = ui.state(false);
        end = () => {
          over.value = true;
        };
        ui.region(() => {
          ui.button(label(over), () => void done.push(over.value ? 'deleted' : 'cancelled'));
        });
      },
    });
    user.offline();
    user.find('Cancel').click();
    end();
    user.online();
    await user.advance('8s');
    expect(done).toEqual([]);
    expect(notices(user)).toEqual(missed);
  });

  test('"Save" that waited for a deploy does not run "Delete everything"', async () => {
    const done: string[] = [];
    using user = await open({ '/': () => void ui.button('Save', () => void done.push('saved')) });
    user.offline();
    user.find('Save').click();
    user.server.deploy({ '/': () => void ui.button('Delete everything', () => void done.push('deleted')) });
    user.online();
    await user.advance('8s');
    expect(done).toEqual([]);
    expect(notices(user)).toEqual(missed);
  });

  test('a handler of "Pay Bob" that waits does not pay Ann after a deploy', async () => {
    const paid: string[] = [];
    const page = (names: readonly string[]) => () =>
      ui.region(() => {
        for (const name of names)
          ui.button(`Pay ${name}`, async () => {
            await run.ioBound(() => new Promise<void>((resolve) => user.clock.after(1_000, resolve)));
            if (build === names) paid.push(name);
          });
      });
    let build = ['Bob'];
    using user = await open({ '/': page(build) });
    user.find('Pay Bob').click();
    await user.advance('500ms');
    build = ['Ann', 'Bob'];
    user.server.deploy({ '/': page(build) });
    await user.advance('30s');
    expect(paid).toEqual([]);
    expect(user.server.errors.map(String)).toEqual([expect.stringContaining('InterruptedError')]);
  });

  test('what was typed for a row that another one has replaced reaches neither, and the browser shows the truth', async () => {
    let shift = () => {};
    const heard: string[] = [];
    using user = await open(
      {
        '/': () => {
          const rows = ui.state(['A', 'B']);
          shift = () => {
            rows.value = ['New', 'A', 'B'];
          };
          ui.region(() => {
            for (const row of rows.value)
              ui.row(() => {
                ui.label(row);
                ui.input('Note', { onChange: (text) => heard.push(`${row}: ${text}`) });
              });
          });
        },
      },
      '/',
      slow,
    );
    const all = (node: MirrorNode): MirrorNode[] => [node, ...node.children.flatMap(all)];
    const inputs = () => all(user.browser.root).filter(({ kind }) => kind === 'input');
    user.browser.edit(inputs()[1] as MirrorNode, 'for B');
    shift();
    await user.advance('2s');
    expect(heard).toEqual([]);
    expect(inputs().map(({ props }) => props.value)).toEqual(['', '', '']);
    expect(notices(user)).toEqual(missed);
  });
});

describe('what counts at once', () => {
  const fast = async (page: () => void, name: string, clicks = 5) => {
    const user = await open({ '/': page }, '/', slow);
    const { node } = user.find(name);
    for (let click = 0; click < clicks; click++) user.browser.emit(node, 'click');
    await user.advance('2s');
    return user;
  };

  test.each<[what: string, text: (count: number) => string]>([
    ['a number', (count) => `${count}`],
    ['a number with a plural', (count) => `Clicked ${count} time${count === 1 ? '' : 's'}`],
    ['large numbers', (count) => `${(count * 12_345.6).toLocaleString('en')} points`],
  ])('clicks on a button that shows %s of them, faster than the answers', async (_what, text) => {
    let count = { value: 0 };
    using user = await fast(() => {
      const clicks = ui.state(0);
      count = clicks;
      ui.button(
        () => text(clicks.value),
        () => clicks.value++,
      );
    }, text(0));
    expect([count.value, notices(user)]).toEqual([5, []]);
  });

  test.each<[what: string, row: (item: { id: number; count: number }, more: () => void) => void]>([
    [
      'texts of the item',
      ({ count }, more) => {
        ui.label(`${count} pieces`);
        ui.button('More', more);
      },
    ],
    [
      'texts of the item in a row',
      ({ count }, more) =>
        void ui.row(() => {
          ui.label(`${count} pieces`);
          ui.button('More', more);
        }),
    ],
  ])('clicks in an item of a list whose %s change with each', async (_what, row) => {
    let items: { readonly value: readonly { id: number; count: number }[] } = { value: [] };
    using user = await fast(() => {
      const list = ui.state([{ id: 1, count: 0 }]);
      items = list;
      ui.each(
        list,
        ({ id }) => id,
        (item) => row(item, () => void (list.value = list.value.map((one) => ({ ...one, count: one.count + 1 })))),
      );
    }, 'More');
    expect([items.value[0]?.count, notices(user)]).toEqual([5, []]);
  });

  test('clicks in rows of a region whose other cells change', async () => {
    let count = { value: 0 };
    using user = await fast(() => {
      const clicks = ui.state(0);
      count = clicks;
      ui.region(() => {
        for (const name of ['A', 'B'])
          ui.row(() => {
            ui.label(name);
            ui.label(`${clicks.value} clicks`);
            ui.button(`More ${name}`, () => clicks.value++);
          });
      });
    }, 'More B');
    expect([count.value, notices(user)]).toEqual([5, []]);
  });

  test('clicks beside a text that a handler sets', async () => {
    const heard: number[] = [];
    using user = await fast(() => {
      ui.row(() => {
        const status = ui.label('ready');
        ui.button('Go', () => {
          status.text = `run ${heard.push(1)}`;
        });
      });
    }, 'Go');
    expect([heard.length, notices(user)]).toEqual([5, []]);
  });
});

test('a client that does not say what it aimed at is served as before', async () => {
  const done: string[] = [];
  using user = await open({ '/': () => void ui.button('Save', () => void done.push('saved')) });
  const { id } = user.find('Save').node;
  user.browser.wire?.browser.send(encode([1, id, 'click']));
  await user.advance('1s');
  expect(done).toEqual(['saved']);
});

describe('a loop without keys', () => {
  const advice = async (page: () => void) => {
    using user = await open({ '/': page });
    await user.advance('1s');
    return user.server.log.filter(({ message }) => /^A loop makes/.test(message)).length;
  };
  const rows = ['A', 'B', 'C'];
  const act = () => {};
  const field = (name: string) =>
    ui.row(() => {
      ui.label(name);
      ui.button('Clear', () => {});
    });

  test.each<[what: string, page: () => void]>([
    [
      'the same labels',
      () => {
        for (const row of rows) ui.row(() => void [ui.label(row), ui.button('Delete', () => void row)]);
      },
    ],
    [
      'labels of functions',
      () => {
        for (const row of rows)
          ui.button(
            () => row,
            () => void row,
          );
      },
    ],
    ['labels, in a region', () => ui.region(() => rows.forEach((row) => void ui.button(row, act)))],
    ['fields without labels', () => rows.forEach(() => void ui.input('', { onChange: act }))],
  ])('is told in development: %s', async (_, page) => {
    expect(await advice(page)).toBe(1);
  });

  test.each<[what: string, page: () => void]>([
    ['labels that differ, in a page function', () => rows.forEach((row) => void ui.button(row, act))],
    ['labels that differ, in a card', () => ui.card(() => rows.forEach((row) => void ui.button(row, act)))],
    ['keys', () => rows.forEach((row) => void ui.button(() => row, act, { key: row }))],
    [
      'keys of rows',
      () => ui.region(() => rows.forEach((row) => void ui.row(() => void ui.button('Delete', act), { key: row }))),
    ],
    [
      'a list',
      () =>
        ui.each(
          rows,
          (row) => row,
          () => ui.button('Delete', act),
        ),
    ],
    [
      'a function that is called twice',
      () => {
        field('one');
        field('two');
      },
    ],
    [
      'a part that is built again',
      () => {
        const count = ui.state(0);
        ui.region(() => void ui.button(`${count.value}`, act));
        ui.timer('200ms', () => void count.value++);
      },
    ],
  ])('is not told where there is none, or where something else tells the elements apart: %s', async (_, page) => {
    expect(await advice(page)).toBe(0);
  });
});

describe('three clicks that are faster than the answer, on a button beside a text that each of them changes', () => {
  const words = ['none', 'one', 'two', 'three'];

  async function clicked(build: (count: { value: number }, add: () => void) => void, development = true) {
    const user = await open(
      {
        '/': () => {
          const count = ui.state(0);
          ui.label(() => `count ${count.value}`);
          build(count, () => count.value++);
        },
      },
      '/',
      { ...slow, development },
    );
    for (let click = 0; click < 3; click++) {
      user.find('Add').click();
      await user.advance('10ms');
    }
    await user.advance('2s');
    return user;
  }

  test.each<[what: string, build: (count: { value: number }, add: () => void) => void]>([
    [
      'a key says that the button is the same',
      (count, add) =>
        ui.region(() => {
          ui.label(words[count.value] ?? '');
          ui.button('Add', add, { key: 'add' });
        }),
    ],
    [
      'the text follows a signal',
      (count, add) =>
        ui.region(() => {
          ui.label(() => words[count.value] ?? '');
          ui.button('Add', add);
        }),
    ],
    [
      'the item of a list is the same',
      (count, add) =>
        ui.each(
          () => [{ id: 1, word: words[count.value] ?? '' }],
          ({ id }) => id,
          ({ word }) => {
            ui.label(word);
            ui.button('Add', add);
          },
        ),
    ],
  ])('[EO1] all count where %s', async (_, build) => {
    using user = await clicked(build);
    expect([user.sees('count 3'), notices(user), user.server.log]).toEqual([true, [], []]);
  });

  const fixed = (count: { value: number }, add: () => void) =>
    ui.region(() => {
      ui.label(words[count.value] ?? '');
      ui.button('Add', add);
    });

  test('[EO4] the first counts where nothing says that the button is the same; its author is told what says so', async () => {
    using user = await clicked(fixed);
    expect([user.sees('count 1'), notices(user)]).toEqual([true, missed]);
    const advice = user.server.log.filter(({ message }) => message.includes("{ key: 'add' }"));
    expect(advice).toHaveLength(1);
  });

  test('[EO4] nobody is advised outside of development', async () => {
    using user = await clicked(fixed, false);
    expect(user.server.log.filter(({ message }) => message.includes('give it a key'))).toEqual([]);
  });
});

describe('rows that differ in a number', () => {
  interface Part {
    readonly kind: string;
    readonly props: Readonly<Record<string, string>>;
    readonly children: Part[];
    readonly parent: Part | undefined;
  }

  function part(kind: string, text: string, parent?: Part): Part {
    const made: Part = { kind, props: text === '' ? {} : { text }, children: [], parent };
    parent?.children.push(made);
    return made;
  }

  test('[EO4] an aim at one of 2,000 rows sees none of the rows beside it, wherever their texts stand', () => {
    const list = part('column', '', part('root', ''));
    const buttons = Array.from({ length: 2_000 }, (_, index) => {
      const row = part('row', '', list);
      part('label', `row ${index}`, row);
      return part('button', 'Hit', row);
    });
    const mistaken: string[] = [];
    for (const [index, button] of buttons.entries()) {
      const aim = aimOf(button);
      expect(saw(aim, `row ${index}`, 'first0 ')).toBe(true);
      for (const other of [index - 2, index - 1, index + 1, index + 2])
        for (const role of ['first0 ', 'before0 '])
          if (saw(aim, `row ${other}`, role)) mistaken.push(`${index} for ${role}${other}`);
    }
    expect(mistaken).toEqual([]);
  });

  test('[EO4] an aim at a button without any text around it is taken for less than one in 10,000 others', () => {
    const letter = (index: number) => String.fromCharCode(97 + index);
    const names = Array.from(
      { length: 26 ** 3 },
      (_, index) => letter(index % 26) + letter(Math.floor(index / 26) % 26) + letter(Math.floor(index / 676)),
    );
    const aim = aimOf(part('button', 'Save', part('root', '')));
    expect(aim).toHaveLength(3);
    expect(saw(aim, 'Save')).toBe(true);
    expect(names.filter((name) => saw(aim, name)).length).toBeLessThanOrEqual(1);
    // What the browser of an earlier version says.
    expect(saw(aim.slice(0, 2), 'Save')).toBe(true);
  });

  test('[EO4] a click on the first row of ten lists hits no row that another has inserted before it', async () => {
    const hits: string[] = [];
    for (let first = 0; first > -10; first--) {
      let from = first;
      using user = await open({
        '/': () => {
          for (let row = from; row < 3; row++)
            ui.row(() => {
              ui.label(`row ${row}`);
              ui.button('Hit', () => void hits.push(`${row} for ${first}`));
            });
        },
      });
      user.offline();
      user.find({ kind: 'button' }).all[0]?.click();
      user.server.kill();
      from--;
      user.online();
      await user.advance('8s');
    }
    expect(hits).toEqual([]);
  });
});
