// Handlers that outlive their object: what is run again, what is not, and that nobody can tell the difference.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { computed, type ReadonlySignal, type State } from '../../src/reactive/index.ts';
import { CancelledError, InterruptedError, TaskError } from '../../src/rpc/index.ts';
import { run } from '../../src/tasks/index.ts';
import { seeded, TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';
import { button, service, texts } from './jobs-kit.ts';

type Page = () => void;

/** A session with one page and tasks in its thread, seen by one browser. */
class Scene {
  readonly clock: VirtualClock;
  readonly service: ReturnType<typeof service>;
  readonly server: TestServer;
  browser!: TestBrowser;

  constructor(tasks: Record<string, unknown>, page: Page, clock = new VirtualClock()) {
    this.clock = clock;
    this.service = service(tasks, clock);
    this.server = new TestServer({ clock, services: { COMPUTE: this.service }, pages: { '/': page } });
  }

  async open(): Promise<this> {
    this.browser = await TestBrowser.open(this.server, this.clock, '/');
    await this.clock.advance(100);
    return this;
  }

  async click(text: string, ms = 500): Promise<void> {
    this.browser.emit(button(this.browser, text), 'click');
    await this.clock.advance(ms);
  }

  async kill(ms = 1_000): Promise<void> {
    this.server.kill();
    await this.clock.advance(ms);
  }

  /** Lets everything come to its end. */
  async end(awake: readonly string[] = []): Promise<void> {
    await this.clock.advance(120_000);
    expect(this.server.store.jobs('open')).toEqual([]);
    const cells = this.server.store.pages().flatMap((page) => this.server.store.cells(page.page));
    expect(cells.filter((cell) => cell.key.split('.')[1] === 'h')).toEqual([]);
    expect(this.server.whyAwake()).toEqual(awake);
  }

  get calls(): string[] {
    return this.service.calls.map((call) => `${call.task} ${call.args.join(' ')}`);
  }
}

const clock = new VirtualClock();
const later = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

const tasks = {
  /** Gives its number after a time. */
  give: async (value: number, ms: number) => {
    await later(ms);
    return value;
  },
  /** The same by another name. */
  other: async (value: number, ms: number) => {
    await later(ms);
    return value;
  },
  fail: async (message: string, ms: number): Promise<number> => {
    await later(ms);
    throw new RangeError(message);
  },
  /** Yields its lines one by one. */
  lines: async function* (name: string, count: number, ms: number): AsyncGenerator<number | string, number> {
    for (let line = 0; line < count; line++) {
      await later(ms);
      yield `${name} ${line}`;
      yield line / count;
    }
    return count;
  },
};
const handles = run.tasks<typeof tasks>('COMPUTE');
const scene = (page: Page) => new Scene(tasks, page, clock).open();

describe('what comes again', () => {
  test('[NF5] the result of an ioBound call is kept and not asked for again; one that cannot be kept is', async () => {
    const asked: string[] = [];
    const page = await scene(() => {
      const result = ui.label('none');
      ui.button('Start', async () => {
        const plain = await run.ioBound(async () => {
          asked.push('plain');
          return { at: new Date(1) };
        });
        const response = await run.ioBound(async () => {
          asked.push('response');
          return new Response('body');
        });
        const number = await run.cpuBound(handles.give, 7, 5_000);
        result.text = `${plain.at.getTime()} ${await response.text()} ${number}`;
      });
    });
    await page.click('Start');
    expect(asked).toEqual(['plain', 'response']);
    await page.kill(20_000);
    expect(asked).toEqual(['plain', 'response', 'response']);
    expect(texts(page.browser)).toEqual(['1 body 7']);
    expect(page.server.errors).toEqual([]);
    await page.end();
  });

  test('[NF5] ui.now and ui.random give the same again, and new ones after what is replayed', async () => {
    const page = await scene(() => {
      const result = ui.label('none');
      ui.button('Start', async () => {
        const [now, chance] = [ui.now(), ui.random()];
        result.text = `${now} ${chance}`;
        await run.cpuBound(handles.give, 1, 2_000);
        const again = `${now} ${chance}`;
        result.text = `${result.text === again} ${ui.now() > now} ${ui.random() !== chance}`;
      });
    });
    await page.click('Start');
    await page.kill(20_000);
    expect(texts(page.browser)).toEqual(['true true true']);
    await page.end();
  });

  test('[NF5] what a handler read before it waited is what it goes on with, whatever was written since', async () => {
    const page = await scene(() => {
      const count = ui.state(1);
      const field = ui.input('Name', { value: 'typed first' });
      const result = ui.label('none');
      ui.button('Start', async () => {
        const [name, number] = [field.value, count.value];
        await run.cpuBound(handles.give, 1, 1_000);
        const second = count.value;
        await run.cpuBound(handles.give, 2, 3_000);
        result.text = `${name}, ${number}, ${second}, ${count.value}`;
        count.value += 1;
      });
      ui.button('Write', () => {
        count.value *= 10;
        field.value = 'set by another';
      });
      ui.label(() => `count ${count.value}`);
    });
    await page.click('Start');
    await page.click('Write', 1_000); // before the first result
    await page.click('Write', 100); // between the two
    await page.kill(20_000);
    await page.kill(20_000);
    expect(texts(page.browser)).toEqual(['typed first, 1, 10, 100', 'count 101']);
    expect(page.server.errors).toEqual([]);
    await page.end();
  });

  test('[LW3] killed in the middle of its lines, a handler reads on from where it was: none is lost, none comes twice', async () => {
    for (const kills of [[450], [450, 700], [120, 30, 1_500, 10], [2_950]]) {
      const page = await scene(() => {
        const log = ui.log();
        const result = ui.label('none');
        ui.button('Start', async () => {
          const job = run.cpuBound(handles.lines, 'line', 30, 100);
          for await (const line of job.chunks) log.push(line);
          log.push('end');
          await run.cpuBound(handles.give, 0, 300);
          result.text = `${await job} lines`;
        });
      });
      await page.click('Start', 0);
      for (const ms of kills) {
        await page.clock.advance(ms);
        page.server.kill();
      }
      await page.end();
      const expected = [...Array.from({ length: 30 }, (_, line) => `line ${line}`), 'end'];
      expect(texts(page.browser, 'log')).toEqual([expected]);
      expect(texts(page.browser)).toEqual(['30 lines']);
      expect(page.server.errors).toEqual([]);
    }
  });

  test('[NF5] two calls at once: what came first comes first again, whichever was started first', async () => {
    const page = await scene(() => {
      const log = ui.log();
      ui.button('Start', async () => {
        const flow = async (name: string, ms: number) => {
          const first = await run.cpuBound(handles.give, ms, ms);
          log.push(`${name} has ${first}`);
          // Which call of the handler this is depends on who came first.
          const second = await run.cpuBound(name === 'slow' ? handles.give : handles.other, first + 1, 3_000);
          log.push(`${name} has ${second}`);
        };
        await Promise.all([flow('slow', 1_000), flow('quick', 200)]);
        log.push('both');
      });
    });
    await page.click('Start', 2_000);
    await page.kill(1_000);
    await page.kill(20_000);
    const [lines] = texts(page.browser, 'log') as string[][];
    expect(lines?.slice(0, 2)).toEqual(['quick has 200', 'slow has 1000']);
    expect(lines?.slice(2).toSorted()).toEqual(['both', 'quick has 201', 'slow has 1001']);
    expect(page.server.errors).toEqual([]);
    await page.end();
  });

  test('[NF5] an error that a handler has caught is thrown again where it was', async () => {
    const page = await scene(() => {
      const result = ui.label('none');
      ui.button('Start', async () => {
        let caught = 'nothing';
        try {
          await run.cpuBound(handles.fail, 'too much', 100);
        } catch (error) {
          caught = `${error instanceof TaskError} ${(error as Error).name} ${(error as Error).message}`;
        }
        result.text = caught;
        await run.cpuBound(handles.give, 1, 3_000);
        result.text = `then: ${caught}`;
      });
    });
    await page.click('Start', 1_000);
    expect(texts(page.browser)).toEqual(['true RangeError too much']);
    await page.kill(20_000);
    expect(texts(page.browser)).toEqual(['then: true RangeError too much']);
    expect(page.calls.filter((call) => call.startsWith('fail'))).toHaveLength(1);
    await page.end();
  });

  test('the handler of an item of a list goes on as well, also without its item; one that a deploy took away is interrupted', async () => {
    const build = () => {
      const done = ui.state<string[]>([]);
      ui.label(() => done.value.toSorted().join());
      const items = ui.state(['a', 'b', 'c']);
      ui.each(
        items,
        (item) => item,
        (item) => {
          const label = ui.label(item);
          ui.button(`Start ${item}`, async () => {
            label.text = `${item} has ${await run.cpuBound(handles.give, 5, 3_000)}`;
            done.value = [...done.value, item];
          });
        },
      );
      ui.button('Drop', () => {
        items.value = ['a', 'c'];
      });
    };
    const page = await scene(build);
    await page.click('Start b');
    await page.click('Start c');
    await page.click('Drop');
    await page.kill(20_000);
    expect(texts(page.browser)).toEqual(['b,c', 'a', 'c has 5']);
    expect(page.server.errors).toEqual([]);
    await page.click('Start a');
    page.server.deploy({ '/': () => void ui.label('another page') });
    await page.clock.advance(20_000);
    expect(page.server.errors.map(String)).toEqual([
      'InterruptedError: A handler was interrupted by a restart: the page no longer has it.',
    ]);
    await page.end();
  });

  test('what a handler has bound to signals follows them after a kill, and shows at once what has changed meanwhile', async () => {
    const page = await scene(() => {
      const count = ui.state(0);
      const [plain, twice] = [ui.label(''), ui.label('')];
      ui.button('Add', () => {
        count.value++;
      });
      ui.button('Start', async () => {
        count.value++;
        const double = computed(() => count.value * 2);
        plain.text = () => `count ${count.value}`;
        twice.text = () => `twice ${double.value}`;
        ui.show(
          () => count.value % 2 === 0,
          () => ui.label('even'),
          () => ui.label('odd'),
        );
        await run.cpuBound(handles.give, 1, 30_000);
        count.value++;
      });
    });
    await page.click('Start');
    await page.click('Add');
    await page.kill(5_000);
    expect(texts(page.browser)).toEqual(['count 2', 'twice 4', 'even']);
    await page.click('Add');
    expect(texts(page.browser)).toEqual(['count 3', 'twice 6', 'odd']);
    // Sleep would lose what a handler has bound.
    await page.end(['/: 3 handlers on elements that handlers built, or functions that handlers have bound']);
    expect(texts(page.browser)).toEqual(['count 4', 'twice 8', 'even']);
    expect(page.server.errors).toEqual([]);
  });

  test('a bar that follows a job is full, though the job ended before the page was built again', async () => {
    const page = await scene(() => {
      const bar = ui.progress(0);
      ui.button('Start', async () => {
        const job = run.cpuBound(handles.lines, 'line', 4, 1_000);
        bar.value = job.progress;
        await job;
      });
    });
    const bar = () => page.browser.root.children.find(({ kind }) => kind === 'progress')?.props.value;
    await page.click('Start', 2_500);
    expect(bar()).toBe(0.25);
    const { id } = page.server.store.pages().map((row) => ({ id: row.page }))[0] as { id: string };
    page.browser.close();
    await page.kill(60_000);
    page.browser = await TestBrowser.open(page.server, page.clock, '/', { page: id });
    await page.clock.advance(100);
    expect(bar()).toBe(1);
    await page.end();
  });
});

describe('what cannot go on says so', () => {
  test('[NF6] a handler killed in another await than run is told as interrupted, also after calls of run', async () => {
    for (const calls of [0, 1]) {
      const gate = Promise.withResolvers<void>();
      const page = await scene(() => {
        const count = ui.state(0);
        ui.label(() => `count ${count.value}`);
        ui.button('Start', async () => {
          count.value += 1;
          if (calls > 0) await run.cpuBound(handles.give, 1, 100);
          count.value += 10;
          await gate.promise;
          count.value += 100;
        });
      });
      await page.click('Start', 1_000);
      await page.kill(20_000);
      expect(texts(page.browser)).toEqual(['count 11']);
      const [error] = page.server.errors as Error[];
      expect(error).toBeInstanceOf(InterruptedError);
      expect(error?.message).toContain('it awaited a call outside run.ioBound and run.cpuBound');
      await page.end();
    }
  });

  for (const development of [true, false]) {
    test(`[NF6] the page tells it ${development ? 'to its author' : 'to a visitor'} in words of theirs`, async () => {
      const clock = new VirtualClock();
      const gate = Promise.withResolvers<void>();
      const pages = { '/': () => void ui.button('Start', () => gate.promise) };
      const server = new TestServer({ clock, pages, development });
      const browser = await TestBrowser.open(server, clock, '/');
      browser.emit(button(browser, 'Start'), 'click');
      await clock.advance(1_000);
      server.kill();
      await clock.advance(5_000);
      const said = browser.root.children.find(({ kind }) => kind === 'notification')?.props.text;
      if (development)
        expect(said).toMatch(/^button "Start": InterruptedError: A handler was interrupted by a restart: /);
      else expect(said).toBe('The server was restarted. An action that you had started did not finish.');
    });
  }

  test('[NF6] code that takes another way after a deploy is interrupted, in the log and on the page, once', async () => {
    const build = (first: string): Page =>
      function page() {
        const result = ui.label('none');
        ui.button('Start', async () => {
          try {
            await run.cpuBound(first === 'give' ? handles.give : handles.other, 1, 100);
            result.text = 'between';
            await run.cpuBound(handles.give, 2, 5_000);
            result.text = 'end';
          } finally {
            if (first === 'other') result.text = 'cleaned up';
          }
        });
      };
    const page = await scene(build('give'));
    await page.click('Start', 2_000);
    page.server.deploy({ '/': build('other') });
    await page.clock.advance(20_000);
    const errors = page.server.errors as Error[];
    expect(errors.map((error) => error.message)).toEqual([
      'A handler could not be continued after a restart: its call 1 was run.cpuBound(give) and is now run.cpuBound(other). ' +
        'Its code has changed, or takes another way with the same data. ' +
        'The run began in build "build 1", and this is build "build 2": mark a change of a handler with run.patched(\'name\').',
    ]);
    expect(texts(page.browser)).toEqual(['cleaned up']);
    await page.end();
  });

  test('[NF6] a handler that now ends before all it had done is interrupted', async () => {
    const build = (whole: boolean): Page =>
      function page() {
        ui.button('Start', async () => {
          await run.cpuBound(handles.give, 1, 100);
          if (whole) await run.cpuBound(handles.give, 2, 5_000);
        });
      };
    const page = await scene(build(true));
    await page.click('Start', 2_000);
    page.server.deploy({ '/': build(false) });
    await page.clock.advance(20_000);
    expect(page.server.errors.map(String)).toEqual([
      expect.stringContaining('it ended before it had made all the calls that it made before'),
    ]);
    await page.end();
  });

  test('a journal of megabytes stops no commit, and its handler goes on after a kill', async () => {
    const page = await scene(() => {
      const count = ui.state(0);
      ui.label(() => `count ${count.value}`);
      ui.button('Start', async () => {
        for (let i = 0; i < 8; i++) await run.ioBound(async () => `${i}`.repeat(300_000));
        count.value = 1;
        await run.cpuBound(handles.give, 1, 3_000);
      });
      ui.button('Count', () => {
        count.value++;
      });
    });
    await page.click('Start', 1_000);
    await page.click('Count', 500);
    await page.kill(20_000);
    expect([texts(page.browser), page.server.errors]).toEqual([['count 2'], []]);
    await page.end();
  });
});

describe('policies', () => {
  test('[NB4] restart cancels the jobs of the run it replaces, also when that one was continued after a kill', async () => {
    for (const kill of [false, true]) {
      let cancelled = 0;
      const page = await scene(() => {
        let number = 0;
        const log = ui.log();
        ui.button(
          'Start',
          async () => {
            const mine = ++number;
            try {
              log.push(`got ${await run.cpuBound(handles.give, mine, 5_000)}`);
            } catch (error) {
              if (!(error instanceof CancelledError)) throw error;
              cancelled++;
              // What a superseded run writes goes nowhere.
              log.push('cancelled');
              throw error;
            }
          },
          { whileRunning: 'restart' },
        );
      });
      await page.click('Start');
      if (kill) await page.kill();
      await page.click('Start', 20_000);
      const [lines] = texts(page.browser, 'log') as string[][];
      expect([cancelled, lines?.map((line) => line.split(' ')[0])]).toEqual([1, ['got']]);
      expect(page.server.errors).toEqual([]);
      await page.end();
    }
  });

  test('[NB4] ignore and queue know the run that was continued', async () => {
    for (const whileRunning of ['ignore', 'queue'] as const) {
      const page = await scene(() => {
        const log = ui.log();
        ui.button(
          'Start',
          async () => {
            log.push(`got ${await run.cpuBound(handles.give, 1, 5_000)}`);
          },
          { whileRunning },
        );
      });
      await page.click('Start');
      await page.kill();
      await page.click('Start');
      await page.kill(60_000);
      expect(texts(page.browser, 'log')).toEqual([whileRunning === 'ignore' ? ['got 1'] : ['got 1', 'got 1']]);
      await page.end();
    }
  });
});

// ---- any program, killed at any time

interface Thing {
  readonly name: string;
}

interface Surroundings {
  readonly states: readonly State<number>[];
  /** Each follows the state at its place. */
  readonly sums: readonly ReadonlySignal<number>[];
  readonly list: State<readonly Thing[]>;
  readonly shared: State<number>;
  readonly label: { text: string };
  readonly log: { push(...lines: string[]): void };
}

type Statement =
  | { readonly do: 'write' | 'sum'; readonly state: number; readonly by: number }
  | { readonly do: 'thing'; readonly by: number; readonly ms: number }
  | { readonly do: 'text' | 'push'; readonly by: number }
  | { readonly do: 'cpu' | 'io' | 'fail'; readonly value: number; readonly ms: number }
  | { readonly do: 'lines'; readonly count: number; readonly ms: number }
  | { readonly do: 'loop'; readonly times: number; readonly body: readonly Statement[] }
  | { readonly do: 'both'; readonly left: readonly Statement[]; readonly right: readonly Statement[] }
  | { readonly do: 'chance' };

/**
 * A random handler. Both sides of a `both` write to states of their own, 2n + 1 and 2n + 2 within state n: which side is quicker is
 * nobody's promise.
 */
function program(random: () => number, length: number, depth: number, state: number): Statement[] {
  const int = (most: number) => Math.floor(random() * most);
  return Array.from({ length }, (): Statement => {
    const by = 1 + int(9);
    const ms = int(4) === 0 ? 0 : int(800);
    switch (int(depth > 0 ? 13 : 10)) {
      case 0:
      case 1:
        return { do: 'write', state, by };
      case 2:
        return depth === 2 ? { do: 'text', by } : { do: 'write', state, by };
      case 3:
        return depth === 2 ? { do: 'push', by } : { do: 'write', state, by };
      case 4:
        return { do: 'cpu', value: by, ms };
      case 5:
        return { do: 'io', value: by, ms };
      case 6:
        return { do: 'fail', value: by, ms };
      case 7:
        return depth === 2 ? { do: 'lines', count: 1 + int(5), ms: int(200) } : { do: 'chance' };
      case 8:
        return { do: 'sum', state, by };
      case 9:
        return { do: 'thing', by, ms };
      case 10:
        return { do: 'loop', times: 1 + int(3), body: program(random, 1 + int(3), depth - 1, state) };
      case 11:
      default:
        // One within another would write to the states of its neighbours.
        if (state !== 0) return { do: 'write', state, by };
        return {
          do: 'both',
          left: program(random, 1 + int(3), depth - 1, 2 * state + 1),
          right: program(random, 1 + int(3), depth - 1, 2 * state + 2),
        };
    }
  });
}

async function perform(statements: readonly Statement[], around: Surroundings, local: { x: number }): Promise<void> {
  for (const statement of statements) {
    switch (statement.do) {
      case 'write': {
        const state = around.states[statement.state] as State<number>;
        state.value = (state.value * 3 + statement.by + local.x) % 1_000_003;
        break;
      }
      case 'sum':
        local.x = (local.x * 3 + (around.sums[statement.state] as ReadonlySignal<number>).value) % 10_007;
        break;
      case 'thing': {
        const thing = { name: `${statement.by} ${local.x}` };
        around.list.value = [...around.list.value, thing];
        const name = await run.cpuBound(handles.give, statement.by, statement.ms);
        around.list.value = around.list.value.map((each) => (each === thing ? { name: `${each.name} ${name}` } : each));
        break;
      }
      case 'text':
        around.label.text = `${around.label.text.slice(-200)}/${statement.by}`;
        break;
      case 'push':
        around.log.push(`${statement.by} ${local.x}`);
        break;
      case 'cpu':
        local.x = (local.x * 7 + (await run.cpuBound(handles.give, statement.value, statement.ms))) % 10_007;
        break;
      case 'io': {
        const { value, ms } = statement;
        const got = await run.ioBound(async () => {
          await later(ms);
          return value;
        });
        local.x = (local.x * 5 + got) % 10_007;
        break;
      }
      case 'fail':
        try {
          await run.cpuBound(handles.fail, `${statement.value}`, statement.ms);
        } catch (error) {
          if (!(error instanceof TaskError)) throw error;
          local.x += Number(error.message);
        }
        break;
      case 'lines':
        for await (const line of run.cpuBound(handles.lines, 'line', statement.count, statement.ms).chunks) {
          around.log.push(line);
        }
        break;
      case 'loop':
        for (let time = 0; time < statement.times; time++) await perform(statement.body, around, local);
        break;
      case 'both': {
        const [left, right] = [{ x: local.x }, { x: local.x }];
        await Promise.all([perform(statement.left, around, left), perform(statement.right, around, right)]);
        local.x = (left.x + right.x) % 10_007;
        break;
      }
      case 'chance': {
        const [now, chance] = [ui.now(), ui.random()];
        await run.ioBound(async () => 0);
        if (ui.now() < now || chance >= 1) throw new Error('time went back');
        break;
      }
    }
  }
}

/** Runs two random handlers side by side, with clicks in between; `kills` gives the pauses before each kill. */
async function play(seed: number, kills: boolean): Promise<unknown> {
  const random = seeded(seed);
  const programs = [program(random, 6, 2, 0), program(random, 4, 2, 0)];
  const chance = seeded(seed + 1_000_000);
  const page = await scene(() => {
    const shared = ui.state(0, 'shared');
    programs.forEach((statements, number) => {
      const states = [0, 1, 2, 3, 4, 5, 6].map((state) => ui.state(0, `${number}.${state}`));
      const sums = states.map((state) => ui.computed(() => state.value * 2));
      const list = ui.state<readonly Thing[]>([], `${number} list`);
      ui.label(() =>
        list.value
          .map(({ name }) => name)
          .toSorted()
          .join(),
      );
      const label = ui.label('');
      const log = ui.log({ max: 10_000 });
      const found = ui.label('none');
      const field = ui.input('Field', { value: 'first' });
      ui.button(`Start ${number}`, async () => {
        const [seen, typed] = [shared.value, field.value];
        await perform(statements, { states, sums, list, shared, label, log }, { x: 1 });
        found.text = `${found.text} ${seen} ${typed}`;
      });
      ui.button(`Write ${number}`, () => {
        field.value = `${field.value}, ${shared.value}`;
      });
      ui.label(() => states.map((state) => state.value).join(' '));
    });
    ui.button('Count', () => {
      shared.value++;
    });
  });
  const pause = async () => {
    let left = 1 + Math.floor(chance() * 700);
    while (left > 0) {
      const step = Math.min(left, Math.floor(chance() * 400));
      await page.clock.advance(step);
      left -= step + 1;
      if (kills && chance() < 0.35) page.server.kill();
    }
  };
  for (const click of ['Count', 'Start 0', 'Count', 'Write 0', 'Start 1', 'Write 1', 'Count', 'Start 0']) {
    page.browser.emit(button(page.browser, click), 'click');
    await pause();
    // The second run of a handler begins when the first is over, so that both orders are one.
    if (click === 'Count' || click === 'Write 1') await page.clock.advance(click === 'Count' ? 0 : 120_000);
  }
  for (let round = 0; kills && round < 8; round++) await pause();
  await page.end();
  expect(page.server.errors).toEqual([]);
  return [texts(page.browser), texts(page.browser, 'log')];
}

describe('any handler, killed at any time', () => {
  test('[NF4] random handlers end as if nothing had happened, wherever they are killed', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const expected = await play(seed, false);
      const found = await play(seed, true).catch((error: unknown) => `${error}`);
      expect([seed, found]).toEqual([seed, expected]);
    }
  });
});
