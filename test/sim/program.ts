import { type Dialog, type Element, ui } from '../../src/elements/index.ts';
import { type Json, typedOn } from '../../src/protocol/index.ts';
import { storage } from '../../src/stores/index.ts';
import { background, run } from '../../src/tasks/index.ts';

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
  /** What cleanup calls have released, outside of the page. */
  readonly released: Set<string>;
  /**
   * Notes with what a call has left the session. Made again, it must leave with the same.
   *
   * @returns another number each time.
   */
  leaves(call: string, value: number): number;
  /** Sends an event to the user of the page, as `app.send` does. */
  send(name: string, value: unknown): Promise<void>;
}

/** The tasks of the simulation's compute Worker. */
export function tasksOf(pause: World['pause'], leaves: World['leaves']) {
  let drawn = 0;
  return {
    /**
     * Gives another number each time, often at once, so that many calls fit between two commits.
     *
     * @param call names it where it must leave with the same value each time; '' elsewhere.
     */
    async draw(call: string, value: number): Promise<number> {
      if (call !== '') leaves(call, value);
      if (value % 8 === 0) await pause();
      return ++drawn;
    },
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

const { work: remoteWork, draw: remoteDraw } = run.tasks<ReturnType<typeof tasksOf>>('COMPUTE');

/** Reads a probe: its text, or undefined when it is not shown. */
export type Probe = (name: string) => string | undefined;

/** Folds the events of one page. */
export interface Model {
  /** @param action the value of `data-do` after the block's name. */
  apply(action: string, event: string, value: Json | undefined, base: number | undefined): void;
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

  /** Commands to the browser, at once and after an await. */
  commands: (name: string): Block => ({
    name,
    build(world) {
      const count = ui.state(0);
      act(
        ui.button('Now', () => ui.browser.store(name, `more ${++count.value}`)),
        `${name}.more`,
      );
      act(
        ui.button('Later', async () => {
          const number = ++count.value;
          await run.ioBound(() => world.pause());
          ui.browser.store(name, `later ${number}`);
        }),
        `${name}.later`,
      );
    },
    model() {
      const clicks: string[] = [];
      return {
        apply: (action) => void clicks.push(`${action} ${clicks.length + 1}`),
        check(read) {
          const done = read(`commands of ${name}`) ?? '';
          const sorted = (lines: readonly string[]) => [...lines].sort().join('|');
          if (sorted(done.split('|').filter(Boolean)) === sorted(clicks)) return undefined;
          return `the browser of ${name} did ${done}, and the events command ${clicks.join('|')}`;
        },
      };
    },
  }),

  /** A label that changes by itself, perhaps before the browser that has its document says hello. */
  early: (name: string): Block => ({
    name,
    build(world) {
      const label = probe(ui.label('early'), name);
      background.create(async () => {
        await world.pause();
        label.text = 'late';
      });
    },
    model: () => ({ apply() {}, check: (read) => expects(read, name, 'late') }),
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
        apply(action, event, value, base) {
          if (action === 'draft' && event === 'value') {
            draft = base === undefined ? (value as string) : typedOn(value as string, base, draft);
          } else {
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

  /** An input that only the user writes, and a label that follows it. Nothing else may change them. */
  memo: (name: string, chance: Chance): Block => {
    const bound = chance() < 0.5;
    return {
      name,
      build() {
        const memo = ui.state('');
        const field = ui.input('Memo', bound ? { value: memo } : {});
        act(field, `${name}.memo!`);
        probe(
          ui.label(() => field.value),
          `${name}.said`,
        );
      },
      model() {
        let memo = '';
        return {
          apply: (_action, _event, value) => {
            memo = value as string;
          },
          check: (read) => expects(read, `value of ${name}.memo!`, memo) ?? expects(read, `${name}.said`, memo),
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
        apply(action, _event, value, base) {
          if (action === 'toggle') {
            const off = count !== undefined;
            count = off ? undefined : 0;
            note = off ? undefined : '';
          } else if (count !== undefined) {
            if (action === 'more') count++;
            else note = base === undefined ? (value as string) : typedOn(value as string, base, note ?? '');
          }
        },
        check: (read) => expects(read, name, count) ?? expects(read, `value of ${name}.note`, note),
      };
    },
  }),

  /**
   * A part that is removed, or hidden and shown again, while its handlers wait. A handler continues with the states and the
   * list of the removed part, and the new part does not notice it.
   */
  removed: (name: string, chance: Chance): Block => {
    const type = Math.floor(chance() * 3);
    const depth = Math.floor(chance() * 3);
    return {
      name,
      build({ pause }) {
        const on = ui.state(true);
        const ended = ui.state<readonly string[]>([]);
        const inside = (build: () => void) => {
          const nested = [build, () => ui.row(build), () => ui.card(() => ui.column(build))];
          nested[depth]?.();
        };
        const part = () =>
          inside(() => {
            const count = ui.state(0);
            const lines = ui.list<number>([]);
            const note = ui.label('idle');
            probe(
              ui.label(() => `${count.value} ${[...lines].length}`),
              name,
            );
            act(
              ui.button(
                'Work',
                async () => {
                  const mine = ++count.value;
                  lines.add(mine);
                  await run.ioBound(pause);
                  const had = count.value;
                  count.value++;
                  note.text = `${mine}`;
                  await run.ioBound(pause);
                  lines.add(-mine);
                  const own = [...lines].filter((line) => Math.abs(line) === mine);
                  const isOwn = had >= mine && count.value > had && own.length === 2;
                  ended.value = [...ended.value, isOwn ? 'own' : `${mine} had ${had}, then ${count.value} and ${own}`];
                },
                { key: 'work' },
              ),
              `${name}.work`,
            );
          });
        act(
          ui.button('Toggle', () => void (on.value = !on.value)),
          `${name}.toggle`,
        );
        if (type === 0) ui.show(on, part);
        else if (type === 1) ui.each(() => (on.value ? ['one'] : []), String, part);
        else ui.region(() => void (on.value && ui.column(part)));
        probe(
          ui.label(() => ended.value.join('|')),
          `${name}.ended`,
        );
      },
      model() {
        let here: number | undefined = 0;
        let all = 0;
        return {
          apply(action) {
            if (action === 'toggle') here = here === undefined ? 0 : undefined;
            else if (here !== undefined) {
              here++;
              all++;
            }
          },
          check: (read) =>
            expects(read, name, here === undefined ? undefined : `${here * 2} ${here * 2}`) ??
            expects(read, `${name}.ended`, Array(all).fill('own').join('|')),
        };
      },
    };
  },

  /** A part that is rebuilt when its sources change, and its own input is one. The rebuilt part retains the user's typing. */
  region: (name: string): Block => ({
    name,
    build() {
      const count = ui.state(0);
      ui.region(() => {
        probe(ui.label(`${count.value}`), name);
        const kept = ui.input('Kept');
        act(kept, `${name}.kept`);
        probe(ui.label(`Kept ${kept.value}`), `${name}.said`);
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
        check: (read) =>
          expects(read, name, count) ??
          expects(read, `value of ${name}.kept`, kept) ??
          expects(read, `${name}.said`, `Kept ${kept}`),
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
      const box = ui.checkbox('Open', { value: open });
      act(box, `${name}.open`);
      act(ui.checkbox('Loose', { onChange: () => void heard.value++ }), `${name}.loose`);
      const select = ui.select(['sweet', 'sour', 'salty'], { value: flavour });
      act(select, `${name}.flavour`);
      const more = () => void heard.value++;
      act(
        ui.button('Behind', more).enable(() => box.value),
        `${name}.behind`,
      );
      act(
        ui.button('Salty', more).show(() => select.value === 'salty'),
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
      const mixed = ui.state(0);
      act(
        ui.button('Mixed', async () => {
          await run.ioBound(pause);
          await pause();
          await pause();
          await run.ioBound(pause);
          mixed.value++;
        }),
        `${name}.mixed`,
      );
      probe(
        ui.label(() => String(mixed.value)),
        `${name}.mixed`,
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
      let mixed = 0;
      let single = 0;
      return {
        apply(action) {
          if (action === 'work') work++;
          else if (action === 'mixed') mixed++;
          else if (action === 'single') single++;
        },
        check: (read, calm) =>
          expects(read, `${name}.before`, work) ??
          within(read, `${name}.after`, calm ? work : 0, work) ??
          within(read, `${name}.mixed`, calm ? mixed : 0, mixed) ??
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
        after.value = [...after.value, sum * 1_000 + mine];
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
            sums.push(action === 'once' ? 1_000 : 3_000);
          }
        },
        check(read) {
          // The number that a run took depends on when the queued ones began. Each must take one and end.
          const shown = (read(name) ?? '').split(' ').filter(Boolean).map(Number);
          const wanted = [...sums, ...Array.from({ length: queued }, () => 2_000)].sort((a, b) => a - b);
          const sizes = shown.map((value) => Math.floor(value / 1_000) * 1_000).sort((a, b) => a - b);
          if (sizes.join() !== wanted.join())
            return `${name} ended ${sizes.join(' ')}, and the events make it ${wanted.join(' ')}`;
          const numbers = new Set(shown.map((value) => value % 1_000));
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

  /**
   * Chains of calls that are not durable: their number and arguments depend on each other's results, so a kill may have others made.
   * What leaves between them must be the same each time: a call of `run.ioBound`, a job, and the first call after one of these.
   */
  passing: (name: string): Block => ({
    name,
    build({ pause, leaves }) {
      const { cpuBound: draw } = run.with({ durable: false });
      const sums = ui.state<Readonly<Record<string, number>>>({});
      const ended = ui.state<readonly string[]>([]);
      const save = async (call: string, value: number) => {
        const number = leaves(call, value);
        await pause();
        return number;
      };
      act(
        ui.button('Chain', async () => {
          const id = `${name} ${ui.random()}`;
          let value = 1;
          let sum = 0;
          const take = (drawn: number) => {
            value = drawn;
            sum += drawn;
            sums.value = { ...sums.value, [id]: (sums.value[id] ?? 0) + drawn };
          };
          for (let round = 0; round < 3; round++) {
            for (let first = `${id} ${round}`; first !== '' || value % 2 !== 0; first = '') {
              // The compute Worker may be gone, which the handler of a call without a row is told.
              take(await draw(remoteDraw, first, value).catch(() => 2));
            }
            const call = `${id} after ${round}`;
            if (round === 0) take(await run.ioBound(save, call, value));
            else if (round === 1) take(await run.cpuBound(remoteDraw, call, value));
            else {
              const [one, saved, other] = await Promise.all([
                draw(remoteDraw, '', value).catch(() => 1),
                run.ioBound(save, call, value),
                draw(remoteDraw, '', value + 1).catch(() => 2),
              ]);
              take(one + other);
              take(saved);
            }
          }
          ended.value = [...ended.value, sums.value[id] === sum ? 'whole' : `${sum}, and stored ${sums.value[id]}`];
        }),
        `${name}.work`,
      );
      probe(
        ui.label(() => ended.value.join(' ')),
        name,
      );
    },
    model() {
      let count = 0;
      return {
        apply: () => void count++,
        check: (read) => expects(read, name, Array(count).fill('whole').join(' ')),
      };
    },
  }),

  /** A list with a row an item, which handlers read and change between their waits, also handlers of its own items. */
  items: (name: string): Block => {
    interface Item {
      readonly id: number;
      readonly text: string;
      readonly checks: number;
    }
    const first: readonly Item[] = [
      { id: -1, text: 'one', checks: 0 },
      { id: -2, text: 'two', checks: 0 },
    ];
    return {
      name,
      build({ pause }) {
        const made = ui.state(0);
        const taken = ui.state<readonly number[]>([]);
        const items = ui.list<Item>(first, 'id');
        const kept = storage.tab(`${name} made`, 0);
        act(
          ui.button('Add', async () => {
            const id = made.value++;
            kept.value++;
            items.add({ id, text: 'new', checks: 0 });
            await run.ioBound(pause);
            // What it reads here, a replay reads again, whatever others have changed since.
            const { text } = items.get(id) ?? { text: 'gone' };
            const before = items.items.filter((item) => item.id === id).length;
            await run.ioBound(pause);
            items.update(id, { text: `${text} ${before}` });
          }),
          `${name}.add`,
        );
        act(
          ui.button('Turn', () => void items.move(items.at(-1)?.id ?? 0, 0)),
          `${name}.turn`,
        );
        ui.each(items, (item) => {
          ui.label(`${item.id} ${item.text} ${item.checks}`).props({ 'data-row': name });
          act(
            ui.button('Check', async () => {
              items.update(item.id, ({ checks }) => ({
                ...item,
                checks: checks + 1,
                text: items.get(item.id)?.text ?? '',
              }));
              await run.ioBound(pause);
              items.update(item.id, (now) => ({ ...now, checks: now.checks + 10 }));
            }),
            `${name}.check.${item.id}`,
          );
          if (item.id < 0) {
            act(
              ui.button('Take', async () => {
                items.remove(item.id);
                await run.ioBound(pause);
                taken.value = [...taken.value, item.id];
              }),
              `${name}.take.${item.id}`,
            );
          }
        });
        probe(
          ui.label(() => `${items.size} ${[...taken.value].sort().join(' ')} ${kept.value}`),
          name,
        );
      },
      model() {
        let order: number[] = [-1, -2];
        const checks = new Map<number, number>();
        const taken: number[] = [];
        let made = 0;
        return {
          apply(action) {
            const [what, id = ''] = action.split('.');
            if (what === 'add') order.push(made++);
            else if (what === 'turn' && order.length > 0) order.unshift(order.pop() as number);
            else if (what === 'check' && order.includes(Number(id))) {
              checks.set(Number(id), (checks.get(Number(id)) ?? 0) + 11);
            } else if (what === 'take' && order.includes(Number(id))) {
              order = order.filter((one) => one !== Number(id));
              taken.push(Number(id));
            }
          },
          check: (read) => {
            const text = (id: number) => (id < 0 ? (id === -1 ? 'one' : 'two') : 'new 1');
            const rows = order.map((id) => `${id} ${text(id)} ${checks.get(id) ?? 0}`).join('|');
            return (
              expects(read, name, `${order.length} ${taken.sort().join(' ')} ${made}`) ??
              expects(read, `rows of ${name}`, rows)
            );
          },
        };
      },
    };
  },

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

  /** Handlers that wait for the answer to a question: yes or no, or a text. */
  asked: (name: string): Block => ({
    name,
    build({ pause }) {
      const count = ui.state(0);
      const answers = ui.state<readonly { readonly to: number; readonly given: boolean | string | null }[]>([]);
      const ask = (question: (text: string) => Promise<boolean | string | null>) => async () => {
        const to = count.value++;
        const given = await question(`${name} ${to}?`);
        await run.ioBound(pause);
        answers.value = [...answers.value, { to, given }];
      };
      act(
        ui.button(
          'Ask',
          ask((text) => ui.confirm(text)),
        ),
        `${name}.ask`,
      );
      act(
        ui.button(
          'Name',
          ask((text) => ui.prompt(text)),
        ),
        `${name}.name`,
      );
      probe(
        ui.label(() =>
          answers.value
            .toSorted((a, b) => a.to - b.to)
            .map(({ to, given }) => `${to} ${given}`)
            .join('|'),
        ),
        name,
      );
    },
    model() {
      const answers = new Map<number, Json | undefined>();
      return {
        apply(action, _event, value) {
          if (!action.startsWith('answer ')) return;
          const to = Number(action.slice(7));
          // A second answer, before the question has gone, is too late.
          if (!answers.has(to)) answers.set(to, value);
        },
        check: (read) =>
          expects(
            read,
            name,
            [...answers]
              .sort(([a], [b]) => a - b)
              .map(([to, given]) => `${to} ${given}`)
              .join('|'),
          ),
      };
    },
  }),

  /** Handlers that wait for time, for an event of `app.send`, for a dialog and for a click. */
  waits: (name: string): Block => ({
    name,
    build({ pause, send }) {
      const begun = ui.state(0);
      const slept = ui.state<readonly number[]>([]);
      act(
        ui.button('Sleep', async () => {
          const mine = begun.value++;
          await run.sleep(mine % 2 === 0 ? '3s' : '25s');
          slept.value = [...slept.value, mine];
          await run.ioBound(pause);
        }),
        `${name}.sleep`,
      );
      const awaited = ui.state<readonly string[]>([]);
      const sent = ui.state(0);
      const received = ui.state<readonly { readonly at: number }[]>([]);
      act(
        ui.button('Wait', async () => {
          const key = `${name} ${awaited.value.length} ${ui.random()}`;
          awaited.value = [...awaited.value, key];
          const event = await run.event<{ at: number }>(key);
          await run.ioBound(pause);
          received.value = [...received.value, event];
        }),
        `${name}.wait`,
      );
      act(
        ui.button('Send', async () => {
          const at = sent.value;
          const key = awaited.value[at];
          if (key === undefined) return;
          sent.value++;
          await run.ioBound(send, key, { at });
        }),
        `${name}.send`,
      );
      const chosen = ui.state<readonly string[]>([]);
      const dialog: Dialog<string> = ui.dialog<string>(() => {
        act(
          ui.button('This', () => dialog.submit('this')),
          `${name}.this`,
        );
        act(
          ui.button('That', () => dialog.submit('that')),
          `${name}.that`,
        );
      });
      act(dialog, `${name}.dialog`);
      act(
        ui.button('Choose', async () => {
          const choice = await dialog.result();
          chosen.value = [...chosen.value, choice ?? 'none'];
        }),
        `${name}.choose`,
      );
      const toured = ui.state(0);
      const next = act(ui.button('Next'), `${name}.next`);
      act(
        ui.button('Tour', async () => {
          await next.clicked();
          await run.ioBound(pause);
          toured.value++;
        }),
        `${name}.tour`,
      );
      const show = (what: string, text: () => string) => probe(ui.label(text), `${name}.${what}`);
      show('slept', () => slept.value.toSorted((a, b) => a - b).join(' '));
      show('received', () =>
        received.value
          .map(({ at }) => at)
          .toSorted((a, b) => a - b)
          .join(' '),
      );
      show('chosen', () => chosen.value.toSorted().join(' '));
      show('toured', () => String(toured.value));
    },
    model() {
      let slept = 0;
      let awaited = 0;
      let sent = 0;
      let choosing = 0;
      const chosen: string[] = [];
      let touring = 0;
      let toured = 0;
      const choose = (choice: string) => {
        for (; choosing > 0; choosing--) chosen.push(choice);
      };
      const upTo = (count: number) => Array.from({ length: count }, (_, index) => index).join(' ');
      return {
        apply(action) {
          if (action === 'sleep') slept++;
          else if (action === 'wait') awaited++;
          else if (action === 'send') sent = Math.min(awaited, sent + 1);
          else if (action === 'choose') choosing++;
          else if (action === 'this' || action === 'that') choose(action);
          else if (action === 'dialog') choose('none');
          else if (action === 'tour') touring++;
          else {
            toured += touring;
            touring = 0;
          }
        },
        check: (read) =>
          expects(read, `${name}.slept`, upTo(slept)) ??
          expects(read, `${name}.received`, upTo(sent)) ??
          expects(read, `${name}.chosen`, chosen.toSorted().join(' ')) ??
          expects(read, `value of ${name}.dialog`, String(choosing > 0)) ??
          expects(read, `${name}.toured`, toured),
      };
    },
  }),

  /** Objects and lists that handlers change in place: what a call has returned, and what a state holds. */
  inPlace: (name: string): Block => {
    interface Item {
      readonly id: number;
      count: number;
      on: boolean;
      readonly tags: string[];
      readonly parts: { text: string }[];
    }
    const first = (): Item[] => [{ id: 0, count: 0, on: false, tags: [], parts: [{ text: 'whole' }] }];
    return {
      name,
      build({ pause }) {
        const made = ui.state(1);
        const items = ui.state<readonly Item[]>(first());
        const fetch = async (id: number): Promise<Item> => {
          await pause();
          return { id, count: 0, on: false, tags: ['a', 'b', 'c'], parts: [{ text: 'left' }, { text: 'right' }] };
        };
        const find = (id: number) => items.value.find((item) => item.id === id) as Item;
        act(
          ui.button('Fetch', async () => {
            const id = made.value++;
            const got = await run.ioBound(fetch, id);
            got.tags.push('d');
            got.tags.shift();
            (got.parts[0] as { text: string }).text = 'near';
            items.value = [...items.value, got];
            const more = await run.ioBound(fetch, id);
            more.parts.splice(0, 1);
            const mine = find(id);
            mine.tags.push(...more.tags.splice(1));
            mine.parts.push(...more.parts);
            mine.count += 100;
            items.value = [...items.value];
            await run.ioBound(pause);
            items.value = items.value.map((item) => (item.id === id ? { ...item, count: item.count + 1_000 } : item));
          }),
          `${name}.fetch`,
        );
        const change = (id: number, part: (item: Item) => void) => {
          part(find(id));
          items.value = [...items.value];
        };
        act(
          ui.button('Turn', () => {
            const held = items.value;
            const item = find(0);
            item.on = !item.on;
            items.value = held;
          }),
          `${name}.turn`,
        );
        act(
          ui.button('Turn and wait', async () => {
            change(0, (item) => {
              item.on = !item.on;
              item.tags.push('x');
            });
            try {
              items.value = [...items.value, { ...find(0), parts: [{ text: fetch as unknown as string }] }];
            } catch {
              change(0, (item) => void item.tags.push('y'));
            }
            await run.ioBound(pause);
            change(0, (item) => {
              item.on = !item.on;
              item.tags.splice(-2);
              item.count++;
            });
          }),
          `${name}.slowly`,
        );
        const shape = ({ id, count, on, tags, parts }: Item) =>
          `${id} ${count} ${on} ${tags.join('')} ${parts.map(({ text }) => text).join(' ')}`;
        probe(
          ui.label(() => items.value.map(shape).join('|')),
          name,
        );
        ui.show(
          () => items.value.some(({ count }) => count > 0),
          () =>
            void probe(
              ui.label(() => items.value.map(({ count }) => count).join(' ')),
              `${name}.counts`,
            ),
        );
        ui.region(() => void probe(ui.label(items.value.map(({ tags }) => tags.length).join(' ')), `${name}.tags`));
        ui.each(
          () => items.value.map((item) => ({ ...item, text: shape(item) })),
          ({ id }) => id,
          ({ text }) => ui.label(text).props({ 'data-row': name }),
        );
      },
      model() {
        let fetched = 0;
        let turned = false;
        let slowly = 0;
        return {
          apply(action) {
            if (action === 'fetch') fetched++;
            else if (action === 'turn') turned = !turned;
            else slowly++;
          },
          check(read) {
            const rows = [
              `0 ${slowly} ${turned}  whole`,
              ...Array.from({ length: fetched }, (_, index) => `${index + 1} 1100 false bcdbc near right right`),
            ];
            const counts = [slowly, ...Array.from({ length: fetched }, () => 1_100)];
            const tags = [0, ...Array.from({ length: fetched }, () => 5)];
            const sorted = (text = '') =>
              text
                .split('|')
                .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
                .join('|');
            return (
              expects((probe) => sorted(read(probe)), name, rows.join('|')) ??
              expects((probe) => sorted(read(probe)), `rows of ${name}`, rows.join('|')) ??
              expects(read, `${name}.counts`, counts.some((count) => count > 0) ? counts.join(' ') : undefined) ??
              expects(read, `${name}.tags`, tags.join(' '))
            );
          },
        };
      },
    };
  },

  /** Objects that the closures of handlers hold: items of a list, and what a region and a condition's part have read. */
  held: (name: string): Block => {
    interface Row {
      readonly id: number;
      n: number;
      readonly tags: string[];
    }
    const ids = [0, 1, 2];
    return {
      name,
      build({ pause }) {
        const rows = ui.state<readonly Row[]>(ids.map((id) => ({ id, n: 0, tags: [] })));
        const box = ui.state({ n: 0 });
        const nested = ui.state({ deep: { n: 0 } });
        probe(
          ui.label(() => JSON.stringify(rows.value.map(({ n, tags }) => [n, tags.length]))),
          name,
        );
        probe(
          ui.label(() => `${box.value.n} ${nested.value.deep.n}`),
          `${name}.box`,
        );
        ui.each(
          rows,
          ({ id }) => id,
          (row) => {
            // One handler at a time changes a row.
            const options = { whileRunning: 'queue' } as const;
            act(
              ui.button(
                `Grow ${row.id}`,
                async () => {
                  row.n++;
                  rows.value = [...rows.value];
                  await run.ioBound(pause);
                  row.tags.push('x');
                  await run.ioBound(pause);
                  row.n += 10;
                  rows.value = [...rows.value];
                },
                options,
              ),
              `${name}.grow.${row.id}`,
            );
          },
        );
        ui.region(() => {
          const held = box.value;
          act(
            ui.button(
              'Box',
              async () => {
                held.n++;
                box.value = held;
                await run.ioBound(pause);
                held.n++;
                box.value = { ...held };
              },
              { whileRunning: 'queue', key: 'box' },
            ),
            `${name}.boxed`,
          );
        });
        ui.show(true, () => {
          const { deep } = nested.value;
          const change = () => {
            deep.n++;
            nested.value = { ...nested.value };
          };
          act(
            ui.button(
              'Deep',
              async () => {
                change();
                await run.ioBound(pause);
                change();
              },
              { whileRunning: 'queue' },
            ),
            `${name}.deep`,
          );
        });
      },
      model() {
        const grown = ids.map(() => 0);
        let boxed = 0;
        let deep = 0;
        return {
          apply(action) {
            const [what, id] = action.split('.');
            if (what === 'grow') grown[Number(id)] = (grown[Number(id)] as number) + 1;
            else if (what === 'deep') deep++;
            else boxed++;
          },
          check: (read) =>
            expects(
              read,
              name,
              grown.map((count) => [count * 11, count]),
            ) ?? expects(read, `${name}.box`, `${boxed * 2} ${deep * 2}`),
        };
      },
    };
  },

  /** A handler that restarts while it runs. Writes of the superseded run have no effect; its cleanup runs to its end. */
  restart: (name: string): Block => {
    let ledger: ReadonlySet<string> = new Set();
    return {
      name,
      build({ pause, released }) {
        ledger = released;
        const release = async (by: number) => {
          await pause();
          released.add(`${page.value} ${by}`);
        };
        const page = ui.state('');
        probe(
          ui.label(() => page.value),
          `${name}.page`,
        );
        const begun = ui.state(0);
        const found = ui.state({ by: 0, state: 'idle' });
        act(
          ui.button(
            'Search',
            async () => {
              page.value ||= String(ui.random());
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
              } finally {
                await run.ioBound(release, by);
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
          check: (read) =>
            expects(read, name, count > 0 ? `${count} found` : '0 idle') ??
            Array.from({ length: count }, (_, index) => `${read(`${name}.page`)} ${index + 1}`)
              .filter((each) => !ledger.has(each))
              .map((each) => `${each} was not released`)[0],
        };
      },
    };
  },

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
