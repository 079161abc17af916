import { type Element, ui } from '../../src/elements/index.ts';
import type { Json } from '../../src/protocol/index.ts';
import { run } from '../../src/tasks/index.ts';

/**
 * Random pages as an author would write them. Each part has a model, which predicts the result of the user's
 * events in order.
 * Elements with `data-do` are open to the simulated user's actions. Elements with `data-probe` show what a
 * model predicts.
 */

/** Returns a number from 0 to 1, from the seed. */
export type Chance = () => number;

/** The surroundings of a block. */
export interface World {
  /** Simulates an await of the author's code: resolves after a random virtual time. */
  pause(): Promise<void>;
  /** Rows that another writer inserted before the existing ones. The next build reads them. */
  readonly inserted: number;
}

/** The tasks of the simulation's compute Worker. */
export function tasksOf(pause: World['pause']) {
  return {
    async *work(number: number): AsyncGenerator<number | string, number> {
      for (let step = 0; step < 3; step++) {
        await pause();
        yield step / 3;
        yield `${step}`;
      }
      return number;
    },
  };
}

const { work: remoteWork } = run.tasks<ReturnType<typeof tasksOf>>('COMPUTE');

/** Reads a probe: its text, or undefined when it is not shown. */
export type Probe = (name: string) => string | undefined;

/** Folds the events of one page. */
export interface Model {
  /** @param action the value of `data-do` after the block's name. */
  apply(action: string, event: string, value: Json | undefined): void;
  /** Returns what is wrong, if anything. `calm` is true when no object died in this run; then nothing may be missing. */
  check(probe: Probe, calm: boolean): string | undefined;
}

/** A part of a page. */
export interface Block {
  readonly name: string;
  /** @param decorated true in versions of the application that have more on each page. */
  build(world: World, decorated: boolean): void;
  model(): Model;
}

export type BlockKind = keyof typeof kinds;

/** A page: its blocks in order. */
export function program(blocks: readonly Block[], world: World, decorated: boolean): () => void {
  return () => {
    if (decorated) ui.spinner();
    for (const block of blocks) {
      ui.column(() => {
        block.build(world, decorated);
        if (decorated) ui.progress(0.5);
      });
    }
  };
}

/** Random blocks; the same for the same chance. @param names what they are chosen from. Default: all. */
export function randomBlocks(
  chance: Chance,
  count: number,
  first = 0,
  names: readonly BlockKind[] = Object.keys(kinds) as BlockKind[],
): Block[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = names[Math.floor(chance() * names.length)] as BlockKind;
    return block(kind, `${kind}${first + index}`, chance);
  });
}

export function block(kind: BlockKind, name: string, chance: Chance): Block {
  return kinds[kind](name, chance);
}

function act<E extends Element>(element: E, name: string): E {
  return element.props({ 'data-do': name });
}

function probe<E extends Element>(element: E, name: string): E {
  return element.props({ 'data-probe': name });
}

function expects(read: Probe, name: string, expected: unknown): string | undefined {
  const wanted = typeof expected === 'string' || expected === undefined ? expected : JSON.stringify(expected);
  const shown = read(name);
  return shown === wanted ? undefined : `${name} shows ${shown}, and the events make it ${wanted}`;
}

function within(read: Probe, name: string, least: number, most: number): string | undefined {
  const shown = Number(read(name));
  return shown >= least && shown <= most ? undefined : `${name} shows ${read(name)}, which is not ${least} to ${most}`;
}

const kinds = {
  /** A counter in a durable signal. */
  count: (name: string): Block => ({
    name,
    build() {
      const count = ui.state(0);
      probe(
        ui.label(() => String(count.value)),
        name,
      );
      act(
        ui.button('More', () => void count.value++),
        `${name}.more`,
      );
    },
    model() {
      let count = 0;
      return {
        apply: () => void count++,
        check: (read) => expects(read, name, count),
      };
    },
  }),

  /** A counter in a label's text, and a part that is sometimes hidden. */
  text: (name: string): Block => ({
    name,
    build() {
      const label = probe(ui.label('0'), name);
      const secret = ui.row(() =>
        act(
          ui.button('Inside', () => bump()),
          `${name}.inside`,
        ),
      );
      const bump = () => {
        label.text = Number(label.text) + 1;
      };
      act(ui.button('More', bump), `${name}.more`);
      act(
        ui.button('Hide', () => {
          secret.visible = !secret.visible;
        }),
        `${name}.hide`,
      );
    },
    model() {
      let count = 0;
      let shown = true;
      return {
        apply(action) {
          if (action === 'hide') shown = !shown;
          else if (action === 'more' || shown) count++;
        },
        check: (read) => expects(read, name, count),
      };
    },
  }),

  /** An input bound both ways, and a button that takes its value and clears it. */
  draft: (name: string): Block => ({
    name,
    build() {
      const draft = ui.state('');
      const lines = ui.state<string[]>([]);
      const add = () => {
        lines.value = [...lines.value, draft.value];
        draft.value = '';
      };
      act(ui.input('Draft', { value: draft, onEnter: add }), `${name}.draft`);
      act(ui.button('Add', add), `${name}.add`);
      probe(
        ui.label(() => JSON.stringify(lines.value)),
        `${name}.lines`,
      );
      probe(
        ui.label(() => draft.value),
        `${name}.draft`,
      );
    },
    model() {
      let draft = '';
      const lines: string[] = [];
      return {
        apply(action, event, value) {
          if (action === 'draft' && event === 'value') draft = value as string;
          else {
            lines.push(draft);
            draft = '';
          }
        },
        check: (read) =>
          expects(read, `${name}.lines`, lines) ??
          expects(read, `${name}.draft`, draft) ??
          expects(read, `value of ${name}.draft`, draft),
      };
    },
  }),

  /** An input that only the user writes. Nothing else may change it. */
  memo: (name: string, chance: Chance): Block => {
    const bound = chance() < 0.5;
    return {
      name,
      build() {
        const memo = ui.state('');
        act(ui.input('Memo', bound ? { value: memo } : {}), `${name}.memo!`);
      },
      model() {
        let memo = '';
        return {
          apply: (_action, _event, value) => {
            memo = value as string;
          },
          check: (read) => expects(read, `value of ${name}.memo!`, memo),
        };
      },
    };
  },

  /** A keyed list whose items are added, removed, moved and toggled. */
  list: (name: string, chance: Chance): Block => {
    interface Item {
      readonly id: number;
      readonly done: boolean;
    }
    const start = Math.floor(chance() * 4);
    const first = Array.from({ length: start }, (_, id): Item => ({ id, done: false }));
    const change = (items: readonly Item[], action: string, id: number): readonly Item[] => {
      const at = items.findIndex((item) => item.id === id);
      switch (action) {
        case 'add':
          return [...items, { id: Math.max(-1, ...items.map((item) => item.id)) + 1, done: false }];
        case 'rm':
          return items.filter((item) => item.id !== id);
        case 'up': {
          if (at < 0) return items;
          const rest = items.filter((item) => item.id !== id);
          rest.splice(Math.max(0, at - 1), 0, items[at] as Item);
          return rest;
        }
        case 'done':
        case 'undo':
          return items.map((item) => (item.id === id ? { ...item, done: action === 'done' } : item));
        default:
          return [...items].reverse();
      }
    };
    return {
      name,
      build() {
        const items = ui.state<readonly Item[]>(first);
        const on =
          (action: string, id = 0) =>
          () => {
            items.value = change(items.value, action, id);
          };
        probe(
          ui.label(() => JSON.stringify(items.value)),
          name,
        );
        act(ui.button('Add', on('add')), `${name}.add`);
        act(ui.button('Turn', on('turn')), `${name}.turn`);
        ui.each(
          items,
          (item) => item.id,
          (item) => {
            ui.label(`${item.id} ${item.done}`).props({ 'data-row': name });
            act(ui.button('Remove', on('rm', item.id)), `${name}.rm.${item.id}`);
            act(ui.button('Up', on('up', item.id)), `${name}.up.${item.id}`);
            // A second click has no effect, because the button says 'Undo' by then.
            const turn = item.done ? 'undo' : 'done';
            act(ui.button(item.done ? 'Undo' : 'Done', on(turn, item.id)), `${name}.${turn}.${item.id}`);
          },
        );
      },
      model() {
        let items: readonly Item[] = first;
        return {
          apply(action) {
            const [what = '', id] = action.split('.');
            if (id !== undefined && !items.some((item) => item.id === Number(id))) return;
            items = change(items, what, Number(id));
          },
          check: (read) =>
            expects(read, name, items) ??
            expects(read, `rows of ${name}`, items.map((item) => `${item.id} ${item.done}`).join('|')),
        };
      },
    };
  },

  /** A part that exists while a condition holds. Its state and input end with it. */
  show: (name: string): Block => ({
    name,
    build() {
      const on = ui.state(true);
      act(
        ui.button('Toggle', () => void (on.value = !on.value)),
        `${name}.toggle`,
      );
      ui.show(
        on,
        () => {
          const count = ui.state(0);
          probe(
            ui.label(() => String(count.value)),
            name,
          );
          act(
            ui.button('More', () => void count.value++),
            `${name}.more`,
          );
          act(ui.input('Note'), `${name}.note`);
        },
        () => ui.label('Nothing to see'),
      );
    },
    model() {
      let count: number | undefined = 0;
      let note: string | undefined = '';
      return {
        apply(action, _event, value) {
          if (action === 'toggle') {
            const off = count !== undefined;
            count = off ? undefined : 0;
            note = off ? undefined : '';
          } else if (count !== undefined) {
            if (action === 'more') count++;
            else note = value as string;
          }
        },
        check: (read) => expects(read, name, count) ?? expects(read, `value of ${name}.note`, note),
      };
    },
  }),

  /** A part that is rebuilt when its sources change. The rebuilt part retains the user's typing. */
  region: (name: string): Block => ({
    name,
    build() {
      const count = ui.state(0);
      ui.region(() => {
        probe(ui.label(`${count.value}`), name);
        act(ui.input('Kept'), `${name}.kept`);
        if (count.value % 2 === 1)
          act(
            ui.button('Odd', () => void (count.value += 2), { key: 'odd' }),
            `${name}.odd`,
          );
        // Without a key, the session would refuse a click when the number above had changed before it arrived.
        act(
          ui.button('More', () => void count.value++, { key: 'more' }),
          `${name}.more`,
        );
        for (let extra = 0; extra < count.value % 3; extra++) ui.image('/x.png');
      });
    },
    model() {
      let count = 0;
      let kept = '';
      return {
        apply(action, _event, value) {
          if (action === 'more') count++;
          else if (action === 'odd') count += count % 2 === 1 ? 2 : 0;
          else kept = value as string;
        },
        check: (read) => expects(read, name, count) ?? expects(read, `value of ${name}.kept`, kept),
      };
    },
  }),

  /** Boxes and choices, and a button that one of them enables. */
  choice: (name: string): Block => ({
    name,
    build() {
      const open = ui.state(false);
      const flavour = ui.state('sweet');
      const heard = ui.state(0);
      act(ui.checkbox('Open', { value: open }), `${name}.open`);
      act(ui.checkbox('Loose', { onChange: () => void heard.value++ }), `${name}.loose`);
      act(ui.select(['sweet', 'sour', 'salty'], { value: flavour }), `${name}.flavour`);
      const more = () => void heard.value++;
      act(
        ui.button('Behind', more).enable(() => open.value),
        `${name}.behind`,
      );
      act(
        ui.button('Salty', more).show(() => flavour.value === 'salty'),
        `${name}.salty`,
      );
      probe(
        ui.label(() => `${open.value} ${flavour.value} ${heard.value}`),
        name,
      );
    },
    model() {
      let open = false;
      let flavour = 'sweet';
      let loose = false;
      let heard = 0;
      return {
        apply(action, _event, value) {
          if (action === 'open') open = value as boolean;
          else if (action === 'flavour') flavour = value as string;
          else if (action === 'loose') {
            loose = value as boolean;
            heard++;
          } else if (action === 'behind' ? open : flavour === 'salty') heard++;
        },
        check: (read) =>
          expects(read, name, `${open} ${flavour} ${heard}`) ??
          expects(read, `value of ${name}.loose`, String(loose)) ??
          expects(read, `value of ${name}.flavour`, flavour),
      };
    },
  }),

  /** Handlers that await. The part before the await is exact; the part after it is lost with its object. */
  slow: (name: string): Block => ({
    name,
    build({ pause }) {
      const before = ui.state(0);
      const after = ui.state(0);
      const rival = ui.state('');
      act(
        ui.button('Work', async () => {
          before.value++;
          await pause();
          rival.value = `server ${after.value}`;
          await pause();
          after.value++;
        }),
        `${name}.work`,
      );
      const single = ui.state(0);
      const once = async () => {
        single.value++;
        await pause();
      };
      act(ui.button('One at a time', once, { whileRunning: 'ignore' }), `${name}.single`);
      probe(
        ui.label(() => String(before.value)),
        `${name}.before`,
      );
      probe(
        ui.label(() => String(after.value)),
        `${name}.after`,
      );
      probe(
        ui.label(() => String(single.value)),
        `${name}.single`,
      );
      // Both sides write it. The last writer by event order wins, and both sides must show the same.
      act(ui.input('Contested', { value: rival }), `${name}.rival`);
      probe(
        ui.label(() => rival.value),
        `${name}.rival`,
      );
    },
    model() {
      let work = 0;
      let single = 0;
      return {
        apply(action) {
          if (action === 'work') work++;
          else if (action === 'single') single++;
        },
        check: (read, calm) =>
          expects(read, `${name}.before`, work) ??
          within(read, `${name}.after`, calm ? work : 0, work) ??
          within(read, `${name}.single`, single > 0 ? 1 : 0, single) ??
          expects(read, `value of ${name}.rival`, read(`${name}.rival`)),
      };
    },
  }),

  /** Handlers that wait with `run`. The code after the await runs too, whatever dies meanwhile. */
  durable: (name: string): Block => ({
    name,
    build({ pause }) {
      const before = ui.state(0);
      const after = ui.state<number[]>([]);
      const wait = async () => {
        await pause();
        return 1;
      };
      const work = (last: number) => async () => {
        const mine = before.value++;
        let sum = 0;
        for (let step = 0; step < last; step++) sum += await run.ioBound(wait);
        after.value = [...after.value, sum * 100 + mine];
      };
      act(ui.button('Once', work(1)), `${name}.once`);
      act(ui.button('Thrice', work(3)), `${name}.thrice`);
      act(ui.button('In line', work(2), { whileRunning: 'queue' }), `${name}.queue`);
      probe(
        ui.label(() => [...after.value].sort((a, b) => a - b).join(' ')),
        name,
      );
    },
    model() {
      const sums: number[] = [];
      let other = 0;
      let queued = 0;
      return {
        apply(action) {
          if (action === 'queue') queued++;
          else {
            other++;
            sums.push(action === 'once' ? 100 : 300);
          }
        },
        check(read) {
          // The number that a run took depends on when the queued ones began. Each must take one and end.
          const shown = (read(name) ?? '').split(' ').filter(Boolean).map(Number);
          const wanted = [...sums, ...Array.from({ length: queued }, () => 200)].sort((a, b) => a - b);
          const sizes = shown.map((value) => Math.floor(value / 100) * 100).sort((a, b) => a - b);
          if (sizes.join() !== wanted.join())
            return `${name} ended ${sizes.join(' ')}, and the events make it ${wanted.join(' ')}`;
          const numbers = new Set(shown.map((value) => value % 100));
          return numbers.size === other + queued ? undefined : `${name} gave a number twice: ${shown.join(' ')}`;
        },
      };
    },
  }),

  /** Jobs in both lanes. Each has one outcome, and the code after its await runs once, whatever dies meanwhile. */
  job: (name: string): Block => ({
    name,
    build() {
      const begun = ui.state(0);
      const results = ui.state<number[]>([]);
      const bar = ui.progress(0);
      const work = (via: 'service' | 'queue') => async () => {
        const mine = ++begun.value;
        const job = run.with({ via }).cpuBound(remoteWork, mine);
        bar.value = job.progress;
        let lines = 0;
        for await (const line of job.chunks) if (line === String(lines)) lines++;
        const result = await job;
        results.value = [...results.value, result * 10 + lines];
      };
      act(ui.button('Service', work('service')), `${name}.service`);
      act(ui.button('Queue', work('queue')), `${name}.queue`);
      probe(
        ui.label(() => [...results.value].sort((a, b) => a - b).join(' ')),
        name,
      );
    },
    model() {
      let count = 0;
      return {
        apply: () => void count++,
        check: (read) =>
          expects(read, name, Array.from({ length: count }, (_, index) => (index + 1) * 10 + 3).join(' ')),
      };
    },
  }),

  /** Objects in a state that handlers change between their waits, shown by each kind of dynamic part. */
  orders: (name: string): Block => {
    interface Order {
      readonly id: number;
      readonly state: string;
      readonly lines: readonly { readonly text: string; readonly count: number }[];
      readonly checks: number;
    }
    return {
      name,
      build({ pause }) {
        const made = ui.state(0);
        const orders = ui.state<readonly Order[]>([]);
        const change = (id: number, part: (order: Order) => Partial<Order>) => {
          orders.value = orders.value.map((order) => (order.id === id ? { ...order, ...part(order) } : order));
        };
        const pack = async (count: number) => {
          await pause();
          return { lines: [{ text: 'tea', count }] };
        };
        act(
          ui.button('Order', async () => {
            const id = made.value++;
            orders.value = [...orders.value, { id, state: 'sent', lines: [], checks: 0 }];
            const { lines } = await run.ioBound(pack, id);
            change(id, () => ({ state: 'packed', lines }));
            const number = await run.cpuBound(remoteWork, id);
            change(id, (order) => ({ state: `left ${number}`, lines: [...order.lines, { text: 'box', count: 1 }] }));
          }),
          `${name}.order`,
        );
        ui.each(
          orders,
          (order) => order.id,
          (order) => {
            ui.label(`${order.id} ${order.state} ${JSON.stringify(order.lines)} ${order.checks}`).props({
              'data-row': name,
            });
            act(
              ui.button('Check', async () => {
                change(order.id, ({ checks }) => ({ checks: checks + 1 }));
                await run.ioBound(pause);
                change(order.id, ({ checks }) => ({ checks: checks + 10 }));
              }),
              `${name}.check.${order.id}`,
            );
          },
        );
        ui.show(
          () => orders.value.some(({ state }) => state !== 'sent'),
          () =>
            probe(
              ui.label(() => `${orders.value.filter(({ state }) => state.startsWith('left')).length} left`),
              `${name}.left`,
            ),
        );
        ui.region(() => void probe(ui.label(orders.value.map(({ id }) => id).join(' ')), `${name}.all`));
      },
      model() {
        const checks: number[] = [];
        return {
          apply(action) {
            const [what, id] = action.split('.');
            if (what === 'order') checks.push(0);
            else checks[Number(id)] = (checks[Number(id)] ?? 0) + 11;
          },
          check: (read) => {
            const row = (count: number, id: number) =>
              `${id} left ${id} ${JSON.stringify([
                { text: 'tea', count: id },
                { text: 'box', count: 1 },
              ])} ${count}`;
            return (
              expects(read, `rows of ${name}`, checks.map(row).join('|')) ??
              expects(read, `${name}.left`, checks.length > 0 ? `${checks.length} left` : undefined) ??
              expects(read, `${name}.all`, checks.map((_, id) => id).join(' '))
            );
          },
        };
      },
    };
  },

  /** Handlers that wait for a person: for the answer to a question, and for a click. */
  asked: (name: string): Block => ({
    name,
    build({ pause }) {
      const count = ui.state(0);
      const answers = ui.state<readonly { readonly to: number; readonly yes: boolean }[]>([]);
      act(
        ui.button('Ask', async () => {
          const to = count.value++;
          const yes = await ui.confirm(`${name} ${to}?`);
          await run.ioBound(pause);
          answers.value = [...answers.value, { to, yes }];
        }),
        `${name}.ask`,
      );
      probe(
        ui.label(() =>
          answers.value
            .toSorted((a, b) => a.to - b.to)
            .map(({ to, yes }) => `${to} ${yes}`)
            .join('|'),
        ),
        name,
      );
    },
    model() {
      const answers = new Map<number, boolean>();
      return {
        apply(action, _event, value) {
          if (!action.startsWith('answer ')) return;
          const to = Number(action.slice(7));
          // A second answer, before the question has gone, is too late.
          if (!answers.has(to)) answers.set(to, value as boolean);
        },
        check: (read) =>
          expects(
            read,
            name,
            [...answers]
              .sort(([a], [b]) => a - b)
              .map(([to, yes]) => `${to} ${yes}`)
              .join('|'),
          ),
      };
    },
  }),

  /** A handler that restarts while it runs. Writes of the superseded run have no effect. */
  restart: (name: string): Block => ({
    name,
    build({ pause }) {
      const begun = ui.state(0);
      const found = ui.state({ by: 0, state: 'idle' });
      act(
        ui.button(
          'Search',
          async () => {
            const by = ++begun.value;
            found.value = { by, state: 'searching' };
            try {
              await run.ioBound(pause);
              await run.ioBound(pause);
              found.value = { by, state: 'found' };
            } catch {
              // A superseded run still runs its cleanup, but its output has no effect.
              await run.ioBound(pause);
              found.value = { by, state: 'failed' };
            }
          },
          { whileRunning: 'restart' },
        ),
        `${name}.search`,
      );
      probe(
        ui.label(() => `${found.value.by} ${found.value.state}`),
        name,
      );
    },
    model() {
      let count = 0;
      return {
        apply: () => void count++,
        check: (read) => expects(read, name, count > 0 ? `${count} found` : '0 idle'),
      };
    },
  }),

  /** States without names, one of which only some versions of the application have. No state takes another's value. */
  shift: (name: string): Block => ({
    name,
    build(_world, decorated) {
      const theme = decorated ? ui.state('light') : undefined;
      const count = ui.state(0);
      const named = ui.state(0, 'named');
      if (theme)
        probe(
          ui.label(() => theme.value),
          `${name}.theme`,
        );
      probe(
        ui.label(() => String(count.value)),
        `${name}.count`,
      );
      probe(
        ui.label(() => String(named.value)),
        `${name}.named`,
      );
      act(
        ui.button('More', () => {
          count.value++;
          named.value++;
        }),
        `${name}.more`,
      );
    },
    model() {
      let clicks = 0;
      return {
        apply: () => void clicks++,
        check: (read) =>
          expects(read, `${name}.theme`, read(`${name}.theme`) === undefined ? undefined : 'light') ??
          within(read, `${name}.count`, 0, clicks) ??
          expects(read, `${name}.named`, clicks),
      };
    },
  }),

  /** A plain loop over data that others change. A click affects its own row, or none. */
  rows: (name: string): Block => ({
    name,
    build({ inserted }) {
      const hits = ui.state<readonly string[]>([]);
      for (let row = -inserted; row < 3; row++) {
        ui.row(() => {
          ui.label(`row ${row}`);
          act(
            ui.button('Hit', () => {
              hits.value = [...hits.value, String(row)];
            }),
            `${name}.hit.${row}`,
          );
        });
      }
      probe(
        ui.label(() => hits.value.join(' ')),
        name,
      );
    },
    model() {
      const clicked: string[] = [];
      return {
        apply: (action) => void clicked.push(action.slice(4)),
        check(read) {
          const rest = [...clicked];
          for (const hit of (read(name) ?? '').split(' ').filter(Boolean)) {
            const at = rest.indexOf(hit);
            if (at < 0) return `${name} hit ${read(name)}, and clicked were ${clicked.join(' ')}`;
            rest.splice(0, at + 1);
          }
          return undefined;
        },
      };
    },
  }),

  /** Elements that handlers build, clear and delete. */
  built: (name: string): Block => ({
    name,
    build() {
      const made = ui.state(0);
      const box = ui.column();
      const fixed = probe(ui.label('here'), `${name}.fixed`);
      const make = () => {
        const text = `made ${made.value++}`;
        return () => ui.label(text).props({ 'data-row': name });
      };
      act(
        ui.button('Make', () => void box.add(make())),
        `${name}.make`,
      );
      act(
        ui.button('Nest', () => {
          const leaf = make();
          box.add(() => ui.row(() => void ui.card(leaf)));
        }),
        `${name}.nest`,
      );
      act(
        ui.button('Clear', () => box.clear()),
        `${name}.clear`,
      );
      act(
        ui.button('Delete', () => fixed.delete()),
        `${name}.delete`,
      );
    },
    model() {
      let count = 0;
      let rows: string[] = [];
      let fixed: string | undefined = 'here';
      return {
        apply(action) {
          if (action === 'make' || action === 'nest') rows.push(`made ${count++}`);
          else if (action === 'clear') rows = [];
          else fixed = undefined;
        },
        check: (read) => expects(read, `rows of ${name}`, rows.join('|')) ?? expects(read, `${name}.fixed`, fixed),
      };
    },
  }),

  /** Lines that are only ever appended. */
  log: (name: string, chance: Chance): Block => {
    const max = 3 + Math.floor(chance() * 100);
    return {
      name,
      build() {
        const count = ui.state(0);
        const log = probe(ui.log({ max }), name);
        const push = (lines: number) => () => {
          for (let line = 0; line < lines; line++) log.push(`line ${count.value++}`);
        };
        act(ui.button('One', push(1)), `${name}.1`);
        act(ui.button('Many', push(40)), `${name}.40`);
      },
      model() {
        let total = 0;
        return {
          apply: (action) => {
            total += Number(action);
          },
          check(read) {
            const first = Math.max(0, total - max);
            const lines = Array.from({ length: total - first }, (_, index) => `line ${first + index}`);
            return expects(read, name, `${total}: ${lines.join('|')}`);
          },
        };
      },
    };
  },

  /** Messages: some disappear by themselves, some stay until the user dismisses them. */
  note: (name: string): Block => ({
    name,
    build() {
      const count = ui.state(0);
      act(
        ui.button('Short', () => ui.notify(`${name} short`, { timeout: 700 })),
        `${name}.short`,
      );
      act(
        ui.button('Long', () => ui.notify(`${name} long ${count.value++}`, { timeout: 0 })),
        `${name}.long`,
      );
    },
    model() {
      let count = 0;
      let open: string[] = [];
      return {
        apply(action) {
          if (action === 'long') open.push(`${name} long ${count++}`);
          else if (action.startsWith('done ')) open = open.filter((text) => text !== action.slice(5));
        },
        check: (read) => expects(read, `notes of ${name}`, open.join('|')),
      };
    },
  }),

  /** Timers, short and long, repeated or single. They run while a browser watches. */
  timer: (name: string, chance: Chance): Block => {
    const interval = chance() < 0.7 ? 200 + Math.floor(chance() * 3_000) : 10_000 + Math.floor(chance() * 8_000);
    const delay = chance() < 0.6 ? 100 + Math.floor(chance() * 2_000) : 11_000;
    return {
      name,
      build({ pause }) {
        const ticks = ui.state(0);
        const fired = ui.state(0);
        const stopped = ui.state(0);
        const slow = interval % 3 === 0;
        const timer = ui.timer(interval, async () => {
          if (slow) await pause();
          ticks.value++;
        });
        ui.timer(delay, () => void fired.value++, { once: true });
        act(
          ui.button('Stop', () => {
            timer.active = false;
            stopped.value++;
          }),
          `${name}.stop`,
        );
        act(
          ui.button('Go', () => void (timer.active = true)),
          `${name}.go`,
        );
        probe(
          ui.label(() => String(ticks.value)),
          `${name}.ticks`,
        );
        probe(
          ui.label(() => String(fired.value)),
          `${name}.fired`,
        );
        probe(
          ui.label(() => String(stopped.value)),
          `${name}.stopped`,
        );
      },
      model() {
        let stops = 0;
        return {
          apply(action) {
            if (action === 'stop') stops++;
          },
          check: (read) => expects(read, `${name}.stopped`, stops) ?? expects(read, `${name}.fired`, 1),
        };
      },
    };
  },

  /** A dialog and tabs. Which one is open is state too. */
  view: (name: string): Block => ({
    name,
    build() {
      const count = ui.state(0);
      const dialog = ui.dialog(() => {
        act(
          ui.button('Inside', () => void count.value++),
          `${name}.inside`,
        );
      });
      act(dialog, `${name}.dialog`);
      act(
        ui.button('Open', () => dialog.open()),
        `${name}.open`,
      );
      const tabs = ui.tabs({
        One: () =>
          void act(
            ui.button('More', () => void count.value++),
            `${name}.one`,
          ),
        Two: () => void ui.label('Two'),
      });
      act(tabs, `${name}.tabs`);
      probe(
        ui.label(() => String(count.value)),
        name,
      );
    },
    model() {
      let count = 0;
      let open = false;
      let tab = 'One';
      return {
        apply(action, _event, value) {
          if (action === 'open') open = true;
          else if (action === 'dialog') open = false;
          else if (action === 'tabs') tab = value as string;
          else count++;
        },
        check: (read) =>
          expects(read, name, count) ??
          expects(read, `value of ${name}.dialog`, String(open)) ??
          expects(read, `value of ${name}.tabs`, tab),
      };
    },
  }),
};
