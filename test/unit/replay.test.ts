// What authors write without a thought of restarts: each handler ends as if there had been none, or says that it was interrupted.

import { describe, expect, test } from 'vitest';
import { PageContext } from '../../src/app/page-context.ts';
import { ui } from '../../src/elements/index.ts';
import type { State } from '../../src/reactive/index.ts';
import { CancelledError, InterruptedError, TaskError, TimeoutError } from '../../src/rpc/index.ts';
import type { PageRequest } from '../../src/session/index.ts';
import { shared } from '../../src/shared/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { computeService, open, type TestBrowser, TestServer, User, VirtualClock } from '../../src/testing/index.ts';
import { give, handles, io, later, type Play, play, told, unnoticed } from './replay-kit.ts';

type Plays = Readonly<Record<string, Play | (() => unknown)>>;

/** Each of these is unnoticed. */
async function all(plays: Plays): Promise<void> {
  for (const [what, given] of Object.entries(plays)) {
    await unnoticed(what, typeof given === 'function' ? { page: given } : given);
  }
}

/** What a page function of an application gets. */
const request: PageRequest = { path: '/', params: {}, query: new URLSearchParams() };

/** The user types into the one input that is there, if it is. */
function typeInto(browser: TestBrowser, text: string): void {
  const [input] = browser.root.children.filter(({ kind }) => kind === 'input');
  if (!input) return;
  browser.edit(input, text);
  browser.flush();
}

interface Row {
  readonly id: number;
  readonly n: number;
  readonly state: string;
}

const rows: readonly Row[] = [
  { id: 1, n: 1, state: '' },
  { id: 2, n: 5, state: '' },
];

describe('ways that code takes', () => {
  test('[NF4] loops, helpers, retries, try and finally, all, race, any and allSettled', () =>
    all({
      loop() {
        const sum = ui.state(0);
        const log = ui.log();
        ui.button('Go', async () => {
          for (let turn = 0; turn < 4; turn++) {
            sum.value += await give(turn, 250);
            log.push(`${turn} ${sum.value}`);
          }
        });
      },
      helpers() {
        const steps = ui.state<string[]>([]);
        const out = ui.label('none');
        ui.label(() => steps.value.join());
        const step = async (name: string) => {
          steps.value = [...steps.value, `${name} begins`];
          const value = await give(name, 200);
          steps.value = [...steps.value, `${value} ends`];
          return value;
        };
        const two = async (name: string) => `${await step(`${name}1`)} ${await step(`${name}2`)}`;
        ui.button('Go', async () => {
          out.text = `${await two('a')} ${await two('b')}`;
        });
      },
      'try and finally'() {
        const busy = ui.state(false);
        const out = ui.label('none');
        ui.label(() => `busy ${busy.value}`);
        ui.button('Go', async () => {
          busy.value = true;
          try {
            out.text = 'trying';
            await run.cpuBound(handles.fail, 'no', 300);
          } catch (error) {
            out.text = `caught ${(error as Error).message} ${await give(1, 300)}`;
          } finally {
            busy.value = false;
            out.text += ` finally ${await give(2, 300)}`;
          }
        });
      },
      retries() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          for (let attempt = 1; ; attempt++) {
            try {
              out.text = `attempt ${attempt}`;
              if (attempt < 4) await run.cpuBound(handles.fail, 'no', 200);
              out.text = `done ${await give(attempt)}`;
              return;
            } catch (error) {
              if (!(error instanceof TaskError)) throw error;
              await run.ioBound(() => later(100));
            }
          }
        });
      },
      'many at once'() {
        const out = ui.label('none');
        const count = ui.state(0);
        ui.label(() => `${count.value}`);
        ui.button('Go', async () => {
          count.value++;
          const first = await Promise.all([io('a', 700), give('b', 200), give('c', 400)]);
          count.value += first.length;
          const ends = await Promise.allSettled([give(1, 100), run.cpuBound(handles.fail, 'no', 200), io(2, 300)]);
          count.value++;
          out.text = `${first} ${ends.map(({ status }) => status)} ${await give('end')}`;
        });
      },
      race() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const winner = await Promise.race([give('quick', 200), give('slow', 2_500)]);
          out.text = `won ${winner}`;
          out.text += ` ${await give('x', 300)}`;
          const any = await Promise.any([run.cpuBound(handles.fail, 'no', 100), give('y', 300), give('z', 3_000)]);
          out.text += ` ${any}`;
        });
      },
      'three workers and one queue'() {
        const done = ui.state<number[]>([]);
        ui.label(() => done.value.toSorted().join());
        ui.button('Go', async () => {
          const queue = [1, 2, 3, 4, 5, 6];
          const work = async () => {
            for (let next = queue.shift(); next; next = queue.shift()) {
              const value = await give(next, 100 + next * 37);
              done.value = [...done.value, value];
            }
          };
          await Promise.all([work(), work(), work()]);
          done.value = [...done.value, 100];
        });
      },
      'a job that is awaited later, and twice'() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const job = give('job', 600);
          const other = await io('other', 200);
          const first = await job;
          out.text = `${other} ${first} ${await io(1, 200)} ${await job}`;
        });
      },
      'chunks, a call within their loop, a break, and a second loop'() {
        const log = ui.log();
        const count = ui.state(0);
        ui.button('Go', async () => {
          const job = run.cpuBound(handles.lines, 6, 100);
          for await (const line of job.chunks) {
            count.value++;
            log.push(`${line} ${count.value} ${await give('!', 60)}`);
            if (line === 'line 3') break;
          }
          for await (const line of job.chunks) log.push(`again ${line}`);
          log.push(`${await job}`);
        });
      },
      'an own way to cancel'() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const stop = new AbortController();
          const job = run.with({ signal: stop.signal }).cpuBound(handles.give, 1, 5_000);
          await give(1, 400);
          stop.abort('enough');
          try {
            await job;
          } catch (error) {
            out.text = `${error instanceof CancelledError} ${(error as Error).message} ${await give(1, 400)}`;
          }
        });
      },
      'what the README shows'() {
        const orders = ui.state<{ readonly id: string; readonly state: string }[]>([]);
        ui.label(() => orders.value.map(({ id, state }) => `${id.length} ${state}`).join());
        ui.button('Go', async () => {
          const id = await run.ioBound(async () => crypto.randomUUID());
          const order = { id, state: 'sent' };
          orders.value = [...orders.value, order];
          const answer = await io({ state: `answer to ${id.length}` }, 700);
          orders.value = orders.value.map((each) => (each === order ? { ...each, state: answer.state } : each));
          await give(1, 200);
        });
      },
      'rolled back'() {
        const items = ui.state(['a', 'b']);
        ui.label(() => items.value.join());
        ui.button('Go', async () => {
          const before = items.value;
          items.value = [...before, 'c'];
          try {
            await run.cpuBound(handles.fail, 'no', 500);
          } catch {
            items.value = before;
          }
          await give(1, 300);
          items.value = [...items.value, 'd'];
        });
      },
    }));

  test('what a handler leaves running goes on, also when the handler itself is not async', () =>
    all({
      'not awaited'() {
        const count = ui.state(0);
        ui.label(() => `${count.value}`);
        const side = async () => {
          await give(1, 1_200);
          count.value++;
        };
        ui.button('Go', async () => {
          void side();
          await give(1, 200);
          count.value += 10;
        });
      },
      'not async'() {
        const out = ui.label('none');
        const load = async () => {
          out.text = `loading ${await io('first', 400)}`;
          out.text += `, ${await give('second', 400)}`;
        };
        ui.button('Go', () => {
          void load();
        });
      },
      then() {
        const out = ui.label('none');
        ui.button('Go', () => {
          give(5, 900).then((value) => {
            out.text = `got ${value}`;
          });
        });
      },
      'only shown'() {
        const bar = ui.progress(0);
        ui.button('Go', () => {
          bar.value = run.cpuBound(handles.lines, 8, 100).progress;
        });
      },
    }));

  /** Calls that lose a race, and end when the handler has returned long ago. */
  const losers: Readonly<Record<string, () => PromiseLike<unknown>>> = {
    'run.sleep': () => run.sleep('30s'),
    'run.sleep twice': () => run.sleep('15s').then(() => run.sleep('15s')),
    'run.ioBound': () => io('slow', 30_000),
    'run.cpuBound': () => give('slow', 30_000),
    'run.event': () => run.event('never', { timeout: '30s' }).catch(() => 'late'),
  };
  test.each(Object.entries(losers))(
    '[NF4] a call of %s that lost a race may end in the moment of a kill, when its handler has returned',
    async (_, slow) => {
      const page = () => {
        const log = ui.log();
        ui.button('Go', async () => {
          log.push(await Promise.race([give('quick', 100), slow()]));
          log.push('end');
        });
      };
      // The alarm of these seconds commits a result without what comes of it.
      for (let at = 29_990; at < 30_080; at += 6) {
        const { shown, errors } = await play({ page }, [at]);
        expect([at, errors]).toEqual([at, []]);
        expect(JSON.stringify(shown)).toContain('["quick","end"]');
      }
    },
  );

  test('[NF5] what the function of an ioBound call does is no step of the handler', () =>
    all({
      'calls and clocks'() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const sum = await run.ioBound(async () => {
            const now = ui.now();
            return (await give(1, 200)) + (await give(2, 200)) + (ui.now() >= now ? 10 : 0);
          });
          out.text = `${sum}`;
          out.text += await give('!', 500);
        });
      },
      writes() {
        const count = ui.state(0);
        const out = ui.label('none');
        ui.button('Go', async () => {
          const seen = await run.ioBound(async () => {
            await later(300);
            count.value = 5;
            return count.value;
          });
          count.value++;
          out.text = `${seen} ${count.value}`;
          await give(1, 600);
          out.text += ` ${count.value++} ${count.value}`;
        });
      },
    }));
});

describe('what it reads', () => {
  test('[NF5] of elements and of computed signals it reads what it read then', () =>
    all({
      computed() {
        const [a, b] = [ui.state(1), ui.state(2)];
        const sum = ui.computed(() => a.value + b.value);
        const unseen = ui.computed(() => sum.value * 2);
        ui.label(() => `sum ${sum.value}`);
        const out = ui.label('none');
        ui.button('Go', async () => {
          const [before, twice] = [sum.value, unseen.value];
          a.value = 10;
          const then = `${sum.value} ${unseen.value} ${sum.peek()} ${sum}`;
          await give(1);
          out.text = `${before} ${twice} ${then} ${sum.value}`;
          b.value = 100;
          await give(1);
          out.text += ` ${sum.value} ${unseen.value}`;
        });
      },
      'shown and enabled'() {
        const panel = ui.label('panel');
        const out = ui.label('none');
        const go = ui.button('Go', async () => {
          if (!go.enabled) return;
          go.enabled = false;
          const was = panel.visible;
          panel.visible = !was;
          try {
            out.text = `${was} ${await give(1)}`;
          } finally {
            panel.visible = was;
            go.enabled = true;
          }
        });
      },
      'values of elements'() {
        const field = ui.input('Name', { value: 'typed' });
        const [box, choice, dialog] = [ui.checkbox('Box'), ui.select(['a', 'b']), ui.dialog(() => ui.label('in it'))];
        const tabs = ui.tabs({ One: () => ui.label('1'), Two: () => ui.label('2') });
        const [link, image, bar, log] = [ui.link('Link', '/a'), ui.image('/a.png'), ui.progress(0), ui.log()];
        const read = () =>
          [field.value, box.value, choice.value, dialog.value, tabs.value, link.href, image.src, bar.value].join();
        const out = ui.label('none');
        ui.button('Go', async () => {
          const first = `${read()} ${log.lines.length}`;
          [field.value, box.value, choice.value, tabs.value, link.href, image.src] = [
            '',
            true,
            'b',
            'Two',
            '/b',
            '/b.png',
          ];
          bar.value = (bar.value ?? 0) + 0.25;
          dialog.open();
          log.push('one', 'two');
          const second = `${read()} ${log.lines.join('+')}`;
          await give(1);
          dialog.close();
          log.push('three');
          bar.value += 0.25;
          await give(1);
          out.text = `${first}; ${second}; ${read()} ${log.lines.length}`;
        });
      },
      'what follows signals'() {
        const count = ui.state(1);
        const total = ui.label(() => `count ${count.value}`);
        const out = ui.label('none');
        ui.button('Go', async () => {
          const first = total.text;
          await give(1);
          count.value = 5;
          const second = total.text;
          await give(1);
          out.text = `${first}, ${second}, ${total.text}`;
        });
      },
      'classes, style and attributes'() {
        const label = ui.label('label').classes('a');
        ui.button('Go', async () => {
          label.classes('busy').style('color: red').props({ title: 'a' });
          await give(1);
          label.classes('done').style('color: blue').props({ lang: 'en' });
          await give(1);
          label.classes('end');
        });
      },
      'shared signals': {
        shared: true,
        page() {
          const all = shared('all', 0);
          const out = ui.label('none');
          ui.button('Go', async () => {
            all.add(1);
            const first = all.value;
            await give(1);
            all.add(10);
            out.text = `${first} ${all.value}`;
            await give(1);
            all.value += 100;
            out.text += ` ${all.value} ${all.peek()}`;
          });
        },
      },
    }));

  test('of an input that it built itself it reads what the user had typed by then', () =>
    all({
      'bound to a state': {
        page() {
          const name = ui.state('');
          const out = ui.label('none');
          ui.button('Go', async () => {
            const box = ui.input('Name', { value: name });
            const first = box.value;
            await give(1, 700);
            out.text = `${first}|${box.value}|${name.value}`;
          });
        },
        acts: [
          [0, 'Go'],
          [300, (browser) => typeInto(browser, 'Ada')],
          [500, (browser) => typeInto(browser, 'Bob')],
        ],
      },
      'bound to nothing': {
        page() {
          const out = ui.label('none');
          ui.button('Go', async () => {
            const box = ui.input('Name');
            const first = box.value;
            await give(1, 700);
            out.text = `${first}|${box.value}`;
          });
        },
        acts: [
          [0, 'Go'],
          [300, (browser) => typeInto(browser, 'Ada')],
        ],
      },
    }));

  test('of the title of its page it reads what it was then', () =>
    all({
      'set by itself': () => {
        const page = new PageContext(request, { env: {}, session: 's' });
        const out = ui.label('none');
        ui.button('Go', async () => {
          const titles = [page.title];
          page.title = 'one';
          titles.push(page.title);
          await give(1, 400);
          page.title = `${page.title} two`;
          titles.push(page.title);
          await give(2, 400);
          out.text = titles.join();
        });
      },
      'set by others': {
        page() {
          const page = new PageContext(request, { env: {}, session: 's' });
          page.title = 'built';
          const out = ui.label('none');
          ui.button('Rename', () => {
            page.title = 'renamed';
          });
          ui.button('Go', async () => {
            const before = page.title;
            await give(1, 700);
            out.text = `${before} ${page.title}`;
          });
        },
        acts: [
          [0, 'Go'],
          [350, 'Rename'],
        ],
      },
    }));

  test('[NF7] an object that it has made, or found, is the one that it finds in its state', () =>
    all({
      made: {
        acts: [
          [0, 'Go'],
          [200, 'Go'],
        ],
        page() {
          const list = ui.state<{ readonly state: string }[]>([]);
          ui.label(() => list.value.map(({ state }) => state).join());
          ui.button('Go', async () => {
            const entry = { state: 'running' };
            list.value = [...list.value, entry];
            const state = await give('done', 700);
            list.value = list.value.map((each) => (each === entry ? { state } : each));
          });
        },
      },
      found: {
        acts: [
          [0, 'Go'],
          [300, 'Add'],
        ],
        page() {
          const list = ui.state(['a', 'b'].map((name) => ({ name })));
          ui.label(() => list.value.map(({ name }) => name).join());
          ui.button('Go', async () => {
            const picked = new Set([list.value[0]]);
            await give(1, 900);
            list.value = list.value.filter((each) => !picked.has(each));
            await give(1);
          });
          ui.button('Add', () => {
            list.value = [...list.value, { name: 'c' }];
          });
        },
      },
      'the item of its list'() {
        const list = ui.state(rows);
        ui.each(
          list,
          ({ id }) => id,
          (row) => {
            ui.label(`${row.id}`);
            ui.button(row.id === 1 ? 'Go' : 'Other', async () => {
              await give(1, 900);
              list.value = list.value.filter((each) => each !== row);
            });
          },
        );
      },
      'nothing that has changed'() {
        const list = ui.state<readonly string[]>(['a']);
        const out = ui.label('none');
        ui.button('Go', async () => {
          const before = list.value;
          await give(1);
          const same = list.value === before;
          list.value = [...list.value, 'b'];
          const mine = list.value;
          await give(1);
          out.text = `${same} ${list.value === mine}`;
        });
      },
    }));

  test('[NF5] an object that two states share counts as the same data when a restart has made two of it', () => {
    const acts = [[0, 'Share'] as const, [300, 'Go'] as const];
    const page = (go: (list: State<readonly Row[]>, other: State<unknown>) => Promise<unknown>) => () => {
      const list = ui.state(rows);
      const other = ui.state<unknown>(undefined);
      ui.label(() => JSON.stringify([list.value, other.value]));
      ui.button('Share', () => {
        other.value = new Map([['first', list.value[0]]]);
      });
      ui.button('Go', () => go(list, other));
    };
    return all({
      'in what a handler writes': {
        acts,
        from: 350,
        page: page(async (list, other) => {
          other.value = [list.value, other.value];
          await give(1);
        }),
      },
      'in the arguments of a call': {
        acts,
        from: 350,
        page: page(async (list, other) => {
          await give(1);
          other.value = await run.ioBound(async (of) => later(400).then(() => of), {
            all: list.value,
            of: other.value,
          });
          await give(2);
        }),
      },
    });
  });

  test('[NF7] an object that a click has just made stays the same while a replay continues another handler of its list', async () => {
    const clock = new VirtualClock();
    const page = () => {
      const made = ui.state(0);
      const items = ui.state<readonly { readonly id: number; readonly lines: readonly string[] }[]>([]);
      ui.label(() => `${items.value.length} items`);
      ui.button('Add', async () => {
        const item = { id: made.value++, lines: [] };
        items.value = [...items.value, item];
        await run.ioBound(() => new Promise<void>((resolve) => void clock.after(2_000, resolve)));
        items.value = items.value.filter((each) => each !== item);
      });
      ui.button('Clear', () => {
        items.value = [];
      });
    };
    const server = new TestServer({ clock, pages: { '/': page } });
    using user = await User.open(server, clock, '/');
    user.find('Add').click();
    await user.settle();
    user.find('Clear').click();
    await user.settle();
    server.kill();
    // Arrives with the hello, before the replay of the first one has ended.
    user.find('Add').click();
    await user.advance('10s');
    expect(user.sees('0 items')).toBe(true);
    expect(server.errors).toEqual([]);
    server.stop();
  });

  test('[NF5] a handler in a part of the page has around it what it had, also when the part has changed or is gone', () =>
    all({
      'an item'() {
        const list = ui.state(rows);
        const patch = (id: number, change: Partial<Row>) => {
          list.value = list.value.map((row) => (row.id === id ? { ...row, ...change } : row));
        };
        ui.each(
          list,
          ({ id }) => id,
          (row) => {
            ui.label(`${row.id} ${row.n} ${row.state}`);
            ui.button(row.id === 1 ? 'Go' : 'Other', async () => {
              if (row.state === 'running') return;
              patch(row.id, { state: 'running', n: row.n + 1 });
              const state = await give(`done ${row.n}`);
              patch(row.id, { state, n: row.n + 10 });
            });
          },
        );
      },
      'its place'() {
        const list = ui.state(['a', 'b', 'c']);
        const out = ui.label('none');
        ui.each(
          list,
          (item) => item,
          (item, index) => {
            ui.button(item === 'c' ? 'Go' : 'Other', async () => {
              list.value = list.value.filter((each) => each !== 'a');
              out.text = `${index} ${await give(item)}`;
            });
          },
        );
      },
      'an item within an item'() {
        const groups = ui.state([{ id: 'g', open: true, rows }]);
        const patch = (id: number, change: (row: Row) => Row) => {
          groups.value = groups.value.map((group) => ({
            ...group,
            rows: group.rows.map((row) => (row.id === id ? change(row) : row)),
          }));
        };
        ui.each(
          groups,
          ({ id }) => id,
          (group) => {
            ui.show(
              () => group.open,
              () =>
                ui.each(
                  () => group.rows,
                  ({ id }) => id,
                  (row) => {
                    ui.label(`${row.id} ${row.n}`);
                    ui.button(row.id === 1 ? 'Go' : 'Other', async () => {
                      patch(row.id, (each) => ({ ...each, n: row.n + 1 }));
                      await give(1);
                      patch(row.id, (each) => ({ ...each, n: row.n + 10 }));
                      await give(2);
                      patch(row.id, (each) => ({ ...each, n: each.n + row.n * 100 }));
                    });
                  },
                ),
            );
          },
        );
      },
      'a region'() {
        const count = ui.state(1);
        ui.region(() => {
          const then = count.value;
          ui.label(`${then}`);
          ui.button('Go', async () => {
            count.value = then + 1;
            await give(1);
            count.value = then + 10;
            await give(1);
            count.value = then + 100;
          });
        });
      },
      'an item that it takes away'() {
        const list = ui.state(['a', 'b']);
        const out = ui.label('none');
        ui.each(
          list,
          (item) => item,
          (item) => {
            ui.button(item === 'b' ? 'Go' : 'Other', async () => {
              list.value = list.value.filter((each) => each !== item);
              out.text = 'deleting';
              out.text = `deleted ${await give(item)}`;
            });
          },
        );
      },
      'an item that another takes away': {
        acts: [
          [0, 'Go'],
          [300, 'Drop'],
        ],
        page() {
          const list = ui.state(['a', 'b', 'c']);
          const out = ui.label('none');
          ui.each(
            list,
            (item) => item,
            (item) => {
              const label = ui.label(item);
              ui.button(item === 'b' ? 'Go' : 'Other', async () => {
                label.text = 'working';
                label.text = `has ${await give(5, 900)}`;
                out.text = `${item} is through`;
              });
            },
          );
          ui.button('Drop', () => {
            list.value = ['a', 'c'];
          });
        },
      },
      'a part that it hides'() {
        const open = ui.state(true);
        const out = ui.label('none');
        ui.show(open, () =>
          ui.button('Go', async () => {
            open.value = false;
            out.text = 'working';
            out.text = `done ${await give(1)}`;
          }),
        );
      },
      'a page function that waited'() {
        return (async () => {
          const list = ui.state([{ ...(rows[0] as Row), n: await io(5, 10) }]);
          ui.each(
            list,
            ({ id }) => id,
            (row) => {
              ui.label(`${row.n}`);
              ui.button('Go', async () => {
                list.value = [{ ...row, n: row.n + 1 }];
                await give(1);
                list.value = [{ ...row, n: row.n + 10 }];
              });
            },
          );
        })();
      },
    }));

  test('[NF5] of a job it reads what it read then', () =>
    all({
      'whether a named one runs'() {
        const job = ui.job('report', handles.give);
        const out = ui.label('none');
        ui.button('Go', async () => {
          if (job.running.value) return;
          out.text = 'started';
          out.text = `${await job.start('report', 600)} ${await give(1)}`;
        });
      },
      'what it gave last, and why it failed': {
        acts: [
          [0, 'Go'],
          [4_000, 'Go'],
        ],
        page() {
          const [good, bad] = [ui.job('good', handles.give), ui.job('bad', handles.fail)];
          const out = ui.label('none');
          ui.button('Go', async () => {
            const [last, error] = [good.result.value, bad.error.value];
            const value = await good.start(((last as number | undefined) ?? 0) + 1, 300);
            await bad.start('no', 100).catch(() => {});
            out.text = `${last} ${error instanceof TaskError} ${error?.message}, then ${value}`;
          });
        },
      },
      'how an own one stands'() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const job = give(1, 900);
          await io(1, 300);
          const state = `${job.status.value} ${job.end === undefined}`;
          out.text = state;
          await job;
          out.text = `${state}, ${job.status.value} ${job.end?.ok} ${await give(1)}`;
        });
      },
    }));
});

describe('what it has begun', () => {
  test('what it has built or bound follows on', () =>
    all({
      'a label that it built'() {
        const count = ui.state(1);
        ui.button('Go', async () => {
          count.value = 2;
          ui.label(() => `made ${count.value}`);
          await give(1);
          count.value = 3;
          await give(1);
          count.value = 4;
        });
      },
      'a label that it bound, and one that it sets in the end'() {
        const count = ui.state(1);
        const [first, second] = [ui.label('none'), ui.label('none')];
        ui.button('Go', async () => {
          count.value = 2;
          first.text = () => `bound ${count.value}`;
          second.text = () => `bound ${count.value}`;
          await give(1);
          count.value = 3;
          second.text = 'set';
          await give(1);
          count.value = 4;
        });
      },
      'how far its job is'() {
        const bar = ui.progress(0);
        ui.button('Go', async () => {
          const job = run.cpuBound(handles.lines, 5, 100);
          bar.value = job.progress;
          await job;
        });
      },
      'parts that it built'() {
        const items = ui.state([1, 2]);
        const column = ui.column();
        ui.button('Go', async () => {
          column.add(() => {
            ui.each(
              items,
              (item) => item,
              (item) => ui.label(`item ${item}`),
            );
            ui.show(
              () => items.value.length > 3,
              () => ui.label('many'),
            );
            ui.region(() => ui.label(`${items.value.length} items`));
          });
          await give(1);
          items.value = [...items.value, 3];
          await give(1);
          items.value = [...items.value, 4];
        });
      },
      'elements that come and go'() {
        const column = ui.column();
        ui.button('Go', async () => {
          for (let turn = 0; turn < 3; turn++) {
            const spinner = ui.spinner();
            try {
              const field = ui.input('Field', { value: `${await give(turn, 250)}` });
              column.add(() => ui.label(`${field.value} ${turn}`));
            } finally {
              spinner.delete();
            }
          }
          column.clear();
          column.add(() => ui.label('end'));
          ui.notify('Done', { timeout: 0 });
          await give(1);
        });
      },
    }));

  test('[NF5] a timer that runs goes on after its await: once is once, and it never overlaps itself', () =>
    all({
      once: {
        acts: [],
        page() {
          const column = ui.column();
          ui.timer(
            10,
            async () => {
              const spinner = ui.spinner();
              const found = await io([1, 2], 600);
              spinner.delete();
              for (const each of found) column.add(() => ui.label(`row ${each}`));
              column.add(() => ui.label('end'));
              await give(1);
            },
            { once: true },
          );
        },
      },
      'once in an item that changes': {
        acts: [],
        page() {
          const list = ui.state(rows);
          const patch = (id: number, state: string) => {
            list.value = list.value.map((row) => (row.id === id ? { ...row, state } : row));
          };
          ui.each(
            list,
            ({ id }) => id,
            (row) => {
              ui.label(`${row.id} ${row.state}`);
              if (row.state.startsWith('done')) return;
              const load = async () => {
                patch(row.id, 'loading');
                patch(row.id, `done ${await give(row.n, 600)} ${row.state}`);
              };
              ui.timer(50, load, { once: true });
            },
          );
        },
      },
      'again and again': {
        acts: [[2_500, 'Stop']],
        page() {
          const open = ui.state(0);
          const most = ui.state(0);
          ui.label(() => `${open.value} open, at most ${most.value}`);
          const timer = ui.timer(200, async () => {
            open.value++;
            most.value = Math.max(most.value, open.value);
            await give(5, 250);
            open.value--;
          });
          ui.button('Stop', () => {
            timer.active = false;
          });
        },
      },
      'by the alarm': {
        acts: [],
        until: 13_000,
        page() {
          const runs = ui.state(0);
          const out = ui.label('none');
          const timer = ui.timer('10s', async () => {
            out.text = 'checking';
            out.text = await io('ok', 900);
            if (++runs.value === 2) timer.active = false;
          });
        },
      },
    }));

  test('a call with durable: false is made again when it was cut off, and its result is kept when it was not', async () => {
    const page = () => {
      const out = ui.label('none');
      const passing = run.with({ durable: false });
      ui.button('Go', async () => {
        const first = await passing.cpuBound(handles.give, 'first', 300);
        const second = await give('second', 300);
        const lines: string[] = [];
        for await (const line of passing.cpuBound(handles.lines, 3, 50).chunks) lines.push(String(line));
        const error = await passing.cpuBound(handles.fail, 'no', 50).catch((error: unknown) => error);
        await give(1, 300);
        out.text = `${first} ${second} ${lines} ${error instanceof TaskError}`;
      });
    };
    await unnoticed('with durable: false', { page });
    const asked = async (at: number) => {
      const { calls } = await play({ page }, [at]);
      return calls.filter((call) => call === 'give first').length;
    };
    expect([await asked(150), await asked(500)]).toEqual([2, 1]);
  });

  test.each([
    ['run.ioBound', 'run.ioBound', 'io'],
    ['run.ioBound', 'ui.random()', 'io'],
    ['run.cpuBound with durable: false', 'run.ioBound', 'cpu'],
  ] as const)('[NF5] %s that is cut off is made again with the same key, which came from %s', async (_, from, lane) => {
    const clock = new VirtualClock();
    const sent: unknown[] = [];
    const send = async (key: unknown) => {
      sent.push(key);
      await new Promise<void>((resolve) => clock.after(100, resolve));
    };
    const tasks = run.tasks<{ send: typeof send }>('COMPUTE');
    const page = () => {
      ui.button('Send', async () => {
        const key = from === 'ui.random()' ? ui.random() : await run.ioBound(async () => crypto.randomUUID());
        if (lane === 'io') await run.ioBound(send, key);
        else await run.with({ durable: false }).cpuBound(tasks.send, key);
        ui.notify('Sent');
      });
    };
    // Killed at each millisecond until the next commit.
    for (let at = 0; at < 60; at++) {
      sent.length = 0;
      const server = new TestServer({
        clock,
        services: { COMPUTE: computeService({ send }, clock) },
        pages: { '/': page },
      });
      using user = await User.open(server, clock, '/');
      user.find('Send').click();
      for (let ms = 0; ms < 1_000 && sent.length === 0; ms++) await clock.advance(1);
      await clock.advance(at);
      server.kill();
      await user.shouldSee('Sent', { within: '1m' });
      expect(new Set(sent).size, `killed after ${at} ms`).toBe(1);
      server.stop();
    }
  });

  test('[NF5] of many results that arrive together one is handed over at a time, so that a replay repeats what was made of them', async () => {
    let gates: PromiseWithResolvers<number>[] = [];
    await unnoticed('ten handlers', {
      timed: true,
      from: 1_000,
      until: 2_000,
      before: () => {
        gates = [1, 2].map(() => Promise.withResolvers());
      },
      acts: [
        ...Array.from({ length: 10 }, () => [0, 'Go'] as const),
        [300, () => gates[0]?.resolve(1)],
        [900, () => gates[1]?.resolve(2)],
      ],
      page() {
        const begun = ui.state(0);
        const value = ui.state(1);
        ui.button('Go', async () => {
          const mine = ++begun.value;
          for (const { promise } of gates) {
            value.value += await run.ioBound(() => promise);
            // Longer ways to the next write must not be overtaken by those whose result came later.
            for (let turn = mine; turn < 12; turn++) await null;
            value.value = (value.value * 5 + mine) % 1_000_003;
          }
          await give(mine, 2_000);
          value.value += mine;
        });
        ui.label(() => `${begun.value} ${value.value}`);
      },
    });
  });

  test('a handler that returns a job waits for it', async () => {
    await all({
      'and ignores a second click': {
        acts: [
          [0, 'Go'],
          [600, 'Go'],
        ],
        page() {
          const count = ui.state(0);
          ui.label(() => `${count.value}`);
          ui.button(
            'Go',
            () => {
              count.value++;
              return give(1, 3_000);
            },
            { whileRunning: 'ignore' },
          );
        },
      },
    });
    const { errors } = await play({ page: () => ui.button('Go', () => run.cpuBound(handles.fail, 'no', 100)) });
    expect(errors).toEqual(['RangeError: no']);
  });

  test('[NF5] an error of ioBound comes back as what it was', async () => {
    class NotFound extends Error {
      override name = 'NotFound';
    }
    const thrown: Readonly<Record<string, () => unknown>> = {
      TypeError: () => new TypeError('bad', { cause: new RangeError('deep') }),
      AbortError: () => new DOMException('gone', 'AbortError'),
      'a text': () => 'text',
      NotFound: () => Object.assign(new NotFound('none'), { status: 404 }),
      'an error that is its own part': () => {
        const error = new Error('knot');
        error.cause = { error };
        return Object.assign(error, { self: error });
      },
    };
    const describe = (error: unknown) =>
      error instanceof Error
        ? `${error.name} ${error.message} ${error.constructor.name} ${(error.cause as Error | undefined)?.constructor.name} ${(error as { status?: number }).status}`
        : String(error);
    const caught = async (call: PromiseLike<unknown>) => {
      try {
        return await call;
      } catch (error) {
        return describe(error);
      }
    };
    await all({
      ...Object.fromEntries(
        Object.entries(thrown).map(([what, error]) => [
          what,
          () => {
            const out = ui.label('none');
            ui.button('Go', async () => {
              const text = await caught(
                run.ioBound(async () => {
                  await later(200);
                  throw error();
                }),
              );
              out.text = `${text}, ${await give(1)}`;
            });
          },
        ]),
      ),
      'our own'() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const slow = run.ioBound(() => later(5_000));
          const [first, second] = await Promise.all([
            run
              .with({ timeout: 200 })
              .ioBound(() => later(5_000))
              .then(undefined, (error: unknown) => error instanceof TimeoutError),
            give(1, 300).then(() => slow.cancel('enough')),
          ]);
          out.text = `${first} ${second} ${await caught(slow)} ${await give(1)}`;
        });
      },
    });
  });
});

describe('what cannot go on', () => {
  const outside = 'It read something that a restart does not restore';

  test('[NF6] a replay that does not make what is there is interrupted', async () => {
    let outer = 0;
    const plays: Plays = {
      'a random name'() {
        const list = ui.state<{ readonly id: string; readonly state: string }[]>([], 'list');
        ui.label(() => list.value.map(({ state }) => state).join());
        ui.button('Go', async () => {
          const id = crypto.randomUUID();
          list.value = [...list.value, { id, state: 'running' }];
          const state = await give('done');
          list.value = list.value.map((each) => (each.id === id ? { id, state } : each));
        });
      },
      'a variable of the module': {
        before: () => {
          outer = 0;
        },
        page() {
          const list = ui.state(0, 'list');
          ui.button('Go', async () => {
            list.value = ++outer;
            await give(1);
            list.value = outer * 10;
          });
        },
      },
      'something else that was awaited beside run'() {
        const list = ui.state(0, 'list');
        ui.button('Go', async () => {
          const beside = async () => {
            await give(1, 200);
            await later(200);
            list.value++;
          };
          await Promise.all([beside(), give(2, 1_200)]);
          list.value += 10;
        });
      },
    };
    for (const [what, given] of Object.entries(plays)) {
      const said = await told(what, typeof given === 'function' ? { page: given } : given);
      expect([what, said]).toEqual([
        what,
        [expect.stringContaining(`The state "list" differs from what the handler wrote before. ${outside}`)],
      ]);
    }
  });

  test('[NF6] a call that now has other arguments is another call', async () => {
    let number = 0;
    const said = await told('a number from outside', {
      before: () => {
        number = 0;
      },
      page() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const id = ++number;
          await give(1, 200);
          const made = await give({ id }, 500);
          out.text = `made ${made.id}`;
        });
      },
      from: 300,
      until: 600,
    });
    expect(said).toEqual([
      'InterruptedError: A handler could not be continued after a restart: its call 2 was run.cpuBound(give) and now has other arguments. ' +
        'Its code has changed, or takes another way with the same data.',
    ]);
  });

  test('[NF6] it is told so once, also when it catches that, and calls nothing more', async () => {
    let life = 0;
    const page = () => {
      const mine = life++;
      const count = ui.state(0);
      ui.label(() => `${count.value}`);
      ui.button('Go', async () => {
        for (;;) {
          try {
            if (mine === 0) await give('first', 5_000);
            else await run.cpuBound(handles.other, 'another', 300);
            return;
          } catch (error) {
            if (!(error instanceof InterruptedError)) throw error;
            count.value++;
          }
        }
      });
    };
    const { errors, calls, shown, left } = await play({ page }, [500]);
    expect(errors).toEqual([
      expect.stringContaining('its call 1 was run.cpuBound(give) and is now run.cpuBound(other)'),
    ]);
    expect(JSON.stringify(shown)).toContain('"text":"1"');
    // The job of before is nobody's, and ends by itself.
    expect([new Set(calls), left]).toEqual([new Set(['give first']), []]);
  });

  test('the handler of an element that a handler built goes on with that one, and is told without', async () => {
    const plain = await told('a button that was built', {
      acts: [
        [0, 'Make'],
        [100, 'Go'],
      ],
      page() {
        const out = ui.label('none');
        ui.button('Make', () => {
          ui.button('Go', async () => {
            out.text = 'saving';
            out.text = `saved ${await give(1)}`;
          });
        });
      },
    });
    expect(plain).toEqual(['InterruptedError: A handler was interrupted by a restart: the page no longer has it.']);
    await unnoticed('a button whose maker still waits', {
      timed: true,
      acts: [
        [0, 'Make'],
        [300, 'Go'],
      ],
      page() {
        const out = ui.label('none');
        ui.button('Make', async () => {
          const first = await io('first', 100);
          const go = ui.button('Go', async () => {
            out.text = 'saving';
            out.text = `saved ${first} ${await give(1, 300)}`;
          });
          await give(1, 3_000);
          go.delete();
        });
      },
    });
  });

  test('[NF6] a call that had to be made again and ends otherwise interrupts the handler', async () => {
    let asked = 0;
    const { errors, shown } = await play(
      {
        before: () => {
          asked = 0;
        },
        page() {
          const out = ui.label('none');
          ui.button('Go', async () => {
            const response = await run.ioBound(async () => {
              if (++asked > 1) throw new TypeError('The network is away.');
              return new Response('body');
            });
            out.text = 'loaded';
            out.text = `${await response.text()} ${await give(1)}`;
          });
        },
      },
      [300],
    );
    expect(errors).toEqual([
      expect.stringContaining(
        'its call 1, run.ioBound(), had to be made again, since its result could not be stored. It ended with a value and now ends with TypeError.',
      ),
    ]);
    expect(JSON.stringify(shown)).toContain('loaded');
  });

  test('[NF6] after a deploy it goes on when its element is there, and is interrupted when another one is in its place', async () => {
    const load = (name: string) => io(name, 600);
    const builds: Readonly<Record<string, { page: () => void; goesOn: boolean }>> = {
      'the same': { page: () => build(), goesOn: true },
      'other code': { page: () => build({ also: true }), goesOn: true },
      'one more below': { page: () => build({ below: true }), goesOn: true },
      'another one above': { page: () => build({ above: true }), goesOn: true },
      'another name': { page: () => build({ name: 'Load it' }), goesOn: false },
    };
    function build({ above = false, below = false, also = false, name = 'Load' } = {}): void {
      const list = ui.state<readonly string[]>([]);
      ui.label(() => list.value.join());
      const found = async () => {
        list.value = [...list.value, await load('found')];
      };
      const foundMore = async () => {
        list.value = [...list.value, `${await load('found')}`, 'more'];
      };
      if (above) {
        ui.button('Delete all', async () => {
          await load('nothing');
          list.value = ['deleted'];
        });
      }
      ui.button(name, also ? foundMore : found);
      if (below) ui.button('Delete all', () => {});
    }
    for (const [what, { page, goesOn }] of Object.entries(builds)) {
      const deploy: NonNullable<Play['acts']>[number] = [300, (_browser, server) => server.deploy({ '/': page })];
      const { shown, errors, left } = await play({ page: () => build(), acts: [[0, 'Load'], deploy] });
      expect([what, JSON.stringify(shown).includes('"text":"found'), left]).toEqual([what, goesOn, []]);
      expect(JSON.stringify(shown)).not.toContain('deleted');
      const lost = 'the page no longer has it.';
      expect([what, errors]).toEqual([
        what,
        goesOn ? [] : [`InterruptedError: A handler was interrupted by a restart: ${lost}`],
      ]);
    }
  });

  test('what began in the background before a restart cannot be awaited after it', async () => {
    const said = await told('a background task', {
      page() {
        const out = ui.label('none');
        ui.button('Go', async () => {
          const job = background.create(async () => {
            await later(300);
            return 7;
          });
          out.text = `${await give(1, 100)} ${await job}`;
        });
      },
    });
    expect(said).toEqual(
      [
        expect.stringContaining('it awaited a call outside run'),
        expect.stringContaining('The background task "without a name" had started before a restart'),
      ].toReversed(),
    );
  });

  test('[NF6] in development an author is told of what a restart would do again', async () => {
    const { server } = await play({
      page: () =>
        ui.button('Go', async () => {
          await give(1, 100);
          await later(100);
          await give(2, 100);
        }),
    });
    expect(server.log.filter(({ level }) => level === 'warning').map(({ message }) => message)).toEqual([
      'A handler of button "Go" awaited a call outside run.ioBound and run.cpuBound before it called run.cpuBound(give). ' +
        'A restart would repeat the awaited call. Pass it to run.ioBound, which records its result.',
    ]);
  });
});

describe('what a handler changes in place before it replaces the value', () => {
  interface Row {
    on: boolean;
    readonly tags: string[];
  }

  test('[NF8] is changed once, also in the first value of a state', () =>
    unnoticed('a first value', {
      page() {
        const rows = ui.state<Row[]>([{ on: false, tags: [] }], 'rows');
        ui.label(() => JSON.stringify(rows.value));
        ui.button('Go', async () => {
          const [row] = rows.value as [Row];
          row.on = !row.on;
          row.tags.push('before');
          rows.value = [...rows.value];
          await give(1);
          rows.value[0]?.tags.push('after');
          rows.value = [...rows.value, { on: true, tags: [] }];
        });
      },
    }));

  test('[NF8] is as another handler has left it since, although the replay changes it again', () =>
    unnoticed('a value that two handlers turn', {
      timed: true,
      acts: [
        [0, 'Go'],
        [150, 'Turn'],
        [1_100, 'Show'],
      ],
      page() {
        const rows = ui.state<Row[]>([{ on: false, tags: [] }], 'rows');
        const shown = ui.label('nothing');
        const turn = () => {
          const [row] = rows.value as [Row];
          row.on = !row.on;
          rows.value = [...rows.value];
        };
        ui.label(() => JSON.stringify(rows.value));
        ui.button('Turn', turn);
        ui.button('Show', () => {
          shown.text = JSON.stringify(rows.value);
        });
        ui.button('Go', async () => {
          turn();
          await give(1, 700);
          await give(2, 700);
        });
      },
    }));
});

test('a handler that makes many calls in turn has few rows, and continues from them', async () => {
  let calls = 0;
  const page = () => {
    const done = ui.state(0);
    ui.button('Go', async () => {
      for (let turn = 1; turn <= 200; turn++) done.value = await run.ioBound(async () => ++calls && turn);
      await run.ioBound(() => new Promise(() => {}));
    });
    ui.label(() => `Done ${done.value}`);
  };
  using user = await open({ '/': page });
  user.find('Go').click();
  await user.shouldSee('Done 200');
  await user.advance('1s');
  const { store } = user.server;
  const cells = store.pages().flatMap(({ page }) => store.cells(page));
  expect(cells.filter(({ key }) => /\.h\.\d+\.\d+$/.test(key)).length).toBeLessThanOrEqual(6);
  user.server.kill();
  await user.advance('5s');
  await user.shouldSee('Done 200');
  expect(calls).toBe(200);
});
