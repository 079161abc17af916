import { expect, test, vi } from 'vitest';
import { App } from '../../src/app/index.ts';
import { execute, TaskExecution } from '../../src/compute/runner.ts';
import { type NamedJob, type NamedJobOptions, ui } from '../../src/elements/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import type { ComputeService } from '../../src/rpc/index.ts';
import { run } from '../../src/tasks/index.ts';
import { settled, TestBrowser, TestServer, VirtualClock } from '../../src/testing/index.ts';

/** What the tasks of a test do, and when. */
class Works {
  readonly clock: VirtualClock;
  readonly started: string[] = [];
  readonly stopped: string[] = [];
  readonly #gates = new Map<string, PromiseWithResolvers<string>>();

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  #gate(name: string): PromiseWithResolvers<string> {
    let gate = this.#gates.get(name);
    if (!gate) this.#gates.set(name, (gate = Promise.withResolvers()));
    return gate;
  }

  /** Lets the work of this name return. */
  open(name: string): void {
    this.#gate(name).resolve(`result of ${name}`);
  }

  fail(name: string, error: Error): void {
    const gate = this.#gate(name);
    gate.promise.catch(() => {});
    gate.reject(error);
    this.#gates.delete(name);
  }

  readonly tasks = {
    work: (name: string) => this.#work(name),
    other: (_amount: number) => true,
  };

  async *#work(name: string): AsyncGenerator<number | { line: string }, string> {
    this.started.push(name);
    yield 0.25;
    yield { line: `${name} is under way` };
    const gate = this.#gate(name).promise;
    let over = false;
    const end = () => {
      over = true;
    };
    gate.then(end, end);
    try {
      while (!over) {
        await Promise.race([gate, new Promise<void>((resolve) => this.clock.after(50, resolve))]);
        yield 0.5;
      }
      return await gate;
    } finally {
      if (!over) this.stopped.push(name);
    }
  }

  get service(): ComputeService {
    return {
      run: async (call) => {
        const begun = await execute(this.tasks, call, { clock: this.clock, wait: settled });
        return begun instanceof TaskExecution ? { running: begun } : begun;
      },
    };
  }
}

const handles = run.tasks<Works['tasks']>('COMPUTE');

/** A session with one kind of page: the named job `report`, its signals, and buttons that start `a`, `b`, `c`, cancel and retry. */
class Scene {
  readonly clock = new VirtualClock();
  readonly works = new Works(this.clock);
  readonly server: TestServer;

  constructor(
    options: NamedJobOptions<[name: string]> = {},
    more: Record<string, () => void> = {},
    development = true,
  ) {
    this.server = new TestServer({
      development,
      clock: this.clock,
      policy: { pageIdle: 3_600_000, openWork: 3_600_000 },
      services: { COMPUTE: this.works.service },
      pages: {
        '/': () => {
          const report = ui.job('report', handles.work, options);
          ui.label(() => `status ${report.status.value} ${report.progress.value ?? '-'} +${report.others.value}`);
          ui.label(() => `result ${report.result.value ?? '-'}`);
          ui.label(() => `error ${report.error.value?.message ?? '-'}`);
          const heard = ui.state<string[]>([]);
          ui.label(() => `heard ${heard.value.join(', ') || '-'}`);
          for (const name of ['a', 'b', 'c']) {
            ui.button(name, async () => {
              try {
                const said = await report.start(name);
                heard.value = [...heard.value, said];
              } catch (error) {
                heard.value = [...heard.value, (error as Error).name];
              }
            });
          }
          ui.button('Cancel', () => report.cancel());
          ui.button('Retry', () => void report.retry());
        },
        ...more,
      },
    });
  }

  async open(path = '/'): Promise<TestBrowser> {
    const browser = await TestBrowser.open(this.server, this.clock, path);
    await this.clock.advance(100);
    return browser;
  }

  async click(browser: TestBrowser, text: string): Promise<void> {
    browser.emit(
      find(browser, (node) => node.kind === 'button' && named(node) === text),
      'click',
    );
    await this.clock.advance(500);
  }

  async kill(): Promise<void> {
    this.server.kill();
    await this.clock.advance(15_000);
  }

  async does(fn: () => void): Promise<void> {
    fn();
    await this.clock.advance(1_000);
  }
}

function named(node: MirrorNode): unknown {
  return (node.props.attrs as Record<string, unknown> | undefined)?.['aria-label'] ?? node.props.text;
}

function all(browser: TestBrowser): MirrorNode[] {
  const visit = (node: MirrorNode): MirrorNode[] => [node, ...node.children.flatMap(visit)];
  return visit(browser.root);
}

function find(browser: TestBrowser, fits: (node: MirrorNode) => boolean): MirrorNode {
  const node = all(browser).find(fits);
  if (!node) throw new Error(`There is no such element in ${JSON.stringify(browser.literal())}.`);
  return node;
}

function texts(browser: TestBrowser): unknown[] {
  return all(browser).flatMap((node) => (node.kind === 'label' ? [node.props.text] : []));
}

test('[JE10] a job is found again by its name after a reload and a kill, and in another tab of the session', async () => {
  const scene = new Scene();
  const { works, server } = scene;
  const one = await scene.open();
  expect(texts(one)).toEqual(['status idle - +0', 'result -', 'error -', 'heard -']);
  await scene.click(one, 'a');
  const during = ['status running 0.5 +0', 'result -', 'error -', 'heard -'];
  expect(texts(one)).toEqual(during);
  await one.reload();
  await scene.clock.advance(100);
  expect(texts(one)).toEqual(during);
  await scene.kill();
  expect(texts(one)).toEqual(during);
  const two = await scene.open();
  expect(texts(two)).toEqual(during);
  await scene.does(() => works.open('a'));
  expect(texts(one)).toEqual(['status done 1 +0', 'result result of a', 'error -', 'heard result of a']);
  expect(texts(two)).toEqual(['status done 1 +0', 'result result of a', 'error -', 'heard -']);
  await scene.kill();
  const three = await scene.open();
  expect(texts(three)).toEqual(['status done 1 +0', 'result result of a', 'error -', 'heard -']);
  expect(server.errors).toEqual([]);
});

test('[JE10] every page that names a job turns to the one that another page starts', async () => {
  const scene = new Scene();
  const one = await scene.open();
  const two = await scene.open();
  await scene.click(one, 'a');
  expect(texts(two)[0]).toBe('status running 0.5 +0');
  await scene.does(() => scene.works.open('a'));
  await scene.click(two, 'b');
  expect(texts(one).slice(0, 2)).toEqual(['status running 0.5 +0', 'result -']);
  await scene.click(one, 'Cancel');
  for (const browser of [one, two]) expect(texts(browser)[0]).toBe('status cancelled 0.5 +0');
  expect(texts(two)[3]).toBe('heard CancelledError');
  expect(scene.works.stopped).toEqual(['b']);
});

test.each([
  { whileRunning: 'ignore', started: ['a'], shown: 'status running 0.5 +0', heard: 'heard result of a, result of a' },
  { whileRunning: 'queue', started: ['a'], shown: 'status running 0.5 +1', heard: 'heard result of a, result of b' },
  {
    whileRunning: 'restart',
    started: ['a', 'b'],
    shown: 'status running 0.5 +0',
    heard: 'heard CancelledError, result of b',
  },
  {
    whileRunning: 'parallel',
    started: ['a', 'b'],
    shown: 'status running 0.5 +1',
    heard: 'heard result of a, result of b',
  },
] as const)('[JE10] with the policy $whileRunning a second start does what the policy says', async (given) => {
  const { whileRunning, started, shown, heard } = given;
  const scene = new Scene({ whileRunning });
  const browser = await scene.open();
  await scene.click(browser, 'a');
  await scene.click(browser, 'b');
  expect(scene.works.started).toEqual(started);
  expect(texts(browser)[0]).toBe(shown);
  await scene.does(() => scene.works.open('a'));
  await scene.does(() => scene.works.open('b'));
  expect(texts(browser)[3]).toBe(heard);
  expect(texts(browser)[0]).toBe('status done 1 +0');
  expect(scene.server.errors).toEqual([]);
});

test('starts that wait for the job before them keep their order through kills, and a cancel lets the next one begin', async () => {
  const scene = new Scene({ whileRunning: 'queue' });
  const browser = await scene.open();
  for (const name of ['a', 'b', 'c']) await scene.click(browser, name);
  expect(scene.works.started).toEqual(['a']);
  expect(texts(browser)[0]).toBe('status running 0.5 +2');
  await scene.kill();
  expect(new Set(scene.works.started)).toEqual(new Set(['a']));
  await scene.click(browser, 'Cancel');
  expect(texts(browser)[0]).toBe('status running 0.5 +1');
  expect(scene.works.started.at(-1)).toBe('b');
  await scene.does(() => scene.works.open('b'));
  await scene.kill();
  expect(scene.works.started.at(-1)).toBe('c');
  await scene.does(() => scene.works.open('c'));
  expect(texts(browser)).toEqual([
    'status done 1 +0',
    'result result of c',
    'error -',
    'heard CancelledError, result of b, result of c',
  ]);
  expect(scene.server.store.jobs('open')).toEqual([]);
});

test('a handler that is continued after a kill neither starts its job twice nor cancels the one that it started', async () => {
  const scene = new Scene(
    {},
    {
      '/again': () => {
        const report = ui.job('again', handles.work, { whileRunning: 'parallel' });
        const said = ui.label('nothing yet');
        ui.button('Again', async () => {
          report.cancel();
          said.text = `said ${await report.start('first')}`;
          said.text = `said ${await report.start('second')}`;
        });
      },
    },
  );
  const { works, server } = scene;
  const browser = await scene.open('/again');
  await scene.click(browser, 'Again');
  await scene.kill();
  expect(server.store.jobs('all')).toHaveLength(1);
  await scene.does(() => works.open('first'));
  await scene.kill();
  await scene.does(() => works.open('second'));
  expect(texts(browser)).toEqual(['said result of second']);
  expect(server.store.jobs('all')).toHaveLength(2);
  expect(server.session.jobs.list().map(({ state }) => state.status)).toEqual(['done', 'done']);
  expect(server.errors).toEqual([]);
});

test('a job that failed says why, and is started again with its arguments', async () => {
  const scene = new Scene();
  const browser = await scene.open();
  await scene.click(browser, 'b');
  await scene.does(() => scene.works.fail('b', new RangeError('no paper')));
  expect(texts(browser)).toEqual(['status failed 0.5 +0', 'result -', 'error no paper', 'heard RangeError']);
  await scene.click(browser, 'Retry');
  expect(texts(browser).slice(0, 3)).toEqual(['status running 0.5 +0', 'result -', 'error -']);
  await scene.click(browser, 'Retry');
  expect(scene.works.started).toEqual(['b', 'b']);
  await scene.does(() => scene.works.open('b'));
  expect(texts(browser).slice(0, 3)).toEqual(['status done 1 +0', 'result result of b', 'error -']);
});

test('a start with the key of a job that has not ended joins it, other keys run beside it', async () => {
  const scene = new Scene({ whileRunning: 'parallel', key: (name) => (name === 'c' ? 'c' : 'a or b') });
  const browser = await scene.open();
  for (const name of ['a', 'b', 'c']) await scene.click(browser, name);
  expect(scene.works.started).toEqual(['a', 'c']);
  await scene.does(() => scene.works.open('a'));
  expect(texts(browser)[3]).toBe('heard result of a, result of a');
  await scene.click(browser, 'b');
  expect(scene.works.started).toEqual(['a', 'c', 'b']);
});

test('a name kept to its page is found again by that page, not by another, and its job ends with the page', async () => {
  const scene = new Scene({ scope: 'page', timeout: '48h' });
  const one = await scene.open();
  const two = await scene.open();
  await scene.click(one, 'a');
  await scene.kill();
  expect(texts(one)[0]).toBe('status running 0.5 +0');
  expect(texts(two)[0]).toBe('status idle - +0');
  await scene.click(two, 'b');
  expect(texts(one)[0]).toBe('status running 0.5 +0');
  await scene.click(two, 'Cancel');
  expect(texts(one)[0]).toBe('status running 0.5 +0');
  one.close();
  await scene.clock.advance(2 * 3_600_000);
  const first = scene.server.session.jobs.list().find(({ page }) => page === one.link.page);
  expect(first?.state).toMatchObject({ status: 'cancelled', by: 'page', reason: 'its page was closed' });
});

test('[BD6] a job without a name or a task, or with a wrong option, is refused with a sentence, and its types are those of the task', async () => {
  const clock = new VirtualClock();
  const thrown: unknown[] = [];
  const attempt = (fn: () => unknown) => {
    try {
      fn();
    } catch (error) {
      thrown.push((error as Error).message);
    }
  };
  const pages = {
    '/': () => {
      attempt(() => ui.job('', handles.work));
      attempt(() => ui.job('x', undefined as never));
      attempt(() => ui.job('x', handles.work, { whileRunning: 'restrat' as never }));
      attempt(() => ui.job('x', handles.work, { scoep: 'page' } as object));
      const job: NamedJob<[name: string], string, { line: string }> = ui.job('y', handles.work);
      // @ts-expect-error: a number is no text.
      attempt(() => void (false && job.start(1)));
      // @ts-expect-error: only the framework says how far a job is.
      attempt(() => void (false && (job.progress.value = 1)));
      const flag: boolean | undefined = ui.job('z', handles.other).result.value;
      void flag;
    },
  };
  await TestBrowser.open(new TestServer({ clock, pages }), clock, '/');
  expect(thrown.slice(0, 4)).toEqual([
    "A named job needs a name, as in ui.job('report', tasks.report).",
    "The job \"x\" needs a task of run.tasks<typeof Tasks>('COMPUTE'), as in ui.job('report', tasks.report).",
    "The option whileRunning of ui.job must be 'ignore', 'queue', 'restart' or 'parallel'; it was given \"restrat\".",
    expect.stringMatching(/^ui\.job has no option "scoep"\. Did you mean "scope"\? It has: timeout, /),
  ]);
  expect(() => ui.job('outside', handles.work)).toThrow(/outside of one/);
});

const buttons = (browser: TestBrowser) => all(browser).filter(({ kind }) => kind === 'button');
const since = expect.stringMatching(/^since \d\d:\d\d:\d\d UTC/);
const over = expect.stringMatching(/^\d\d:\d\d:\d\d UTC · ended after [\d.]+ s/);
const listed = { '/jobs': () => void ui.jobs() };

/** What the list can be narrowed to, without what is not there. */
function counts(list: TestBrowser): unknown[] {
  const given = buttons(list).filter(({ props }) => (props.attrs as Record<string, unknown>)['aria-pressed']);
  return given.map(({ props }) => props.text).filter((text) => !/ 0$/.test(String(text)));
}

test('the list shows every job of the session as it is, cancels and starts again', async () => {
  const scene = new Scene({}, listed);
  const list = await scene.open('/jobs');
  const page = await scene.open();
  const bars = () => all(list).filter(({ kind }) => kind === 'progress');
  expect(texts(list)).toEqual(['No jobs yet.']);
  await scene.click(page, 'a');
  expect(texts(list)).toEqual(['running', 'COMPUTE', since]);
  expect(texts(list)[2]).toMatch(/ · 1 chunk$/);
  expect(counts(list)).toEqual(['All 1', 'Running 1']);
  expect(buttons(list).slice(-2).map(named)).toEqual(['report · work', 'Cancel report · work']);
  expect(bars().map(({ props }) => props.value)).toEqual([0.5]);
  await scene.kill();
  expect(texts(list)).toEqual(['running', 'COMPUTE', 'attempt 2', since]);
  await scene.click(list, 'Cancel report · work');
  expect(texts(list)).toEqual(['cancelled', 'COMPUTE', 'attempt 2', over, 'Cancelled in the list of jobs.']);
  expect(bars()).toEqual([]);
  expect(texts(page)[0]).toBe('status cancelled 0.5 +0');
  await scene.click(list, 'Retry report · work');
  expect(texts(list).slice(0, 3)).toEqual(['running', 'COMPUTE', since]);
  expect(counts(list)).toEqual(['All 2', 'Running 1', 'Cancelled 1']);
  expect(texts(page)[0]).toBe('status running 0.5 +0');
  await scene.does(() => scene.works.fail('a', new RangeError('no paper')));
  expect(texts(list).slice(0, 4)).toEqual(['failed', 'COMPUTE', over, 'RangeError: no paper']);
  expect(bars()).toEqual([]);
  // Nobody awaited it: that it failed is in the log, once.
  expect(scene.server.errors).toMatchObject([{ message: 'no paper' }]);
});

test('an opened entry shows the newest chunks and, in development, where the error was thrown; it stays open', async () => {
  for (const development of [true, false]) {
    const scene = new Scene({}, listed, development);
    const list = await scene.open('/jobs');
    const page = await scene.open();
    await scene.click(page, 'a');
    const closed = texts(list);
    expect(closed).not.toContain('{"line":"a is under way"}');
    await scene.click(list, 'report · work');
    const opened = () => find(list, (node) => named(node) === 'report · work').props.attrs;
    expect(opened()).toEqual({ 'aria-expanded': 'true' });
    expect(texts(list).slice(-3)).toEqual([
      expect.stringMatching(/^Job \S+ · asked for 2026-01-01 00:00:\S+ UTC · attempt since /),
      '1 chunk:',
      '{"line":"a is under way"}',
    ]);
    await scene.kill();
    expect(texts(list).at(-1)).toBe('{"line":"a is under way"}');
    const error = new RangeError('no paper', { cause: new Error('the tray is empty') });
    await scene.does(() => scene.works.fail('a', error));
    expect(texts(list)).toContain('RangeError: no paper');
    const stack = texts(list).find((text) => /^RangeError: no paper\n +at /.test(String(text)));
    if (development) expect(stack).toMatch(/\nCaused by: Error: the tray is empty\n +at /);
    else expect(stack).toBeUndefined();
    await scene.click(list, 'report · work');
    expect(opened()).toEqual({ 'aria-expanded': 'false' });
    expect(texts(list).at(-1)).toBe('RangeError: no paper');
  }
});

test('the list is narrowed to what one looks for, and shows a hundred at once', async () => {
  const start = () => {
    for (let number = 0; number < 140; number++) void run.cpuBound(handles.work, `${number}`);
  };
  const scene = new Scene({}, { ...listed, '/many': () => void ui.button('Start', start) });
  const list = await scene.open('/jobs');
  const page = await scene.open('/many');
  await scene.click(page, 'Start');
  expect(counts(list)).toEqual(['All 140', 'Running 32', 'Waiting 108']);
  const shown = () => texts(list).filter((text) => text === 'running' || text === 'waiting');
  expect(shown()).toHaveLength(100);
  expect(texts(list).at(-1)).toBe('… and 40 older ones.');
  expect(texts(list)).toContainEqual(expect.stringMatching(/ · number 108 in line$/));
  await scene.click(list, 'Running 32');
  expect(shown()).toEqual(Array(32).fill('running'));
  await scene.kill();
  expect(shown()).toEqual(Array(32).fill('running'));
  await scene.click(list, 'Done 0');
  expect(texts(list)).toEqual(['None of the jobs.']);
  await scene.click(list, 'Waiting 108');
  await scene.click(list, 'Cancel work');
  expect(shown()).toHaveLength(100);
  await scene.click(list, 'Cancelled 1');
  expect(texts(list)[2]).not.toContain('in line');
});

test('a click on Cancel that comes too late, or twice, does not start the job again', async () => {
  const scene = new Scene({}, listed);
  const list = await scene.open('/jobs');
  const page = await scene.open();
  await scene.click(page, 'a');
  const press = (text: string) =>
    list.emit(
      find(list, (node) => named(node) === text),
      'click',
    );
  press('Cancel report · work');
  await scene.clock.advance(200);
  press('Retry report · work');
  await scene.clock.advance(1_000);
  expect(counts(list)).toEqual(['All 1', 'Cancelled 1']);
  await scene.click(list, 'Retry report · work');
  const late = find(list, (node) => named(node) === 'Cancel report · work');
  scene.works.open('a');
  await scene.clock.advance(60);
  list.emit(late, 'click');
  await scene.clock.advance(1_000);
  expect(counts(list)).toEqual(['All 2', 'Done 1', 'Cancelled 1']);
});

test('the list reads neither results nor chunks of jobs that have ended', async () => {
  const scene = new Scene({}, { '/jobs': () => void ui.jobs() });
  const page = await scene.open();
  await scene.click(page, 'a');
  await scene.does(() => scene.works.open('a'));
  page.close();
  await scene.kill();
  const read = vi.spyOn(scene.server.store, 'parts');
  const list = await scene.open('/jobs');
  expect(texts(list)).toContain('done');
  expect(read).not.toHaveBeenCalled();
});

test('[MO6] the page of jobs is there in development and nowhere else', async () => {
  const app = new App().page('/*', () => void ui.label('any page'));
  for (const [development, expected] of [
    [true, expect.stringMatching(/^Every job of your session, and the shared ones .* in development only\.$/)],
    [false, 'any page'],
  ] as const) {
    const clock = new VirtualClock();
    const browser = await TestBrowser.open(
      new TestServer({ clock, pages: app, development }),
      clock,
      '/_edgewise/jobs',
    );
    expect(texts(browser)).toContainEqual(expected);
  }
  for (const env of [{}, { SESSION_SECRET: 's'.repeat(32) }]) {
    expect((await new App().request('http://localhost/_edgewise/jobs', {}, env)).status).toBe(404);
  }
});
