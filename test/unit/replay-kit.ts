// Handlers that are killed at every moment, beside the same ones that are not.

import { expect } from 'vitest';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { type Job, run } from '../../src/tasks/index.ts';
import { type Builders, TestBrowser, TestServer, TestShared, VirtualClock } from '../../src/testing/index.ts';
import { button, service } from './jobs-kit.ts';

let clock = new VirtualClock();

/** Something that a handler can wait for that is no call of `run`. */
export function later(ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

const tasks = {
  give: async (value: unknown, ms: number) => {
    await later(ms);
    return value;
  },
  other: async (value: unknown, ms: number) => {
    await later(ms);
    return value;
  },
  fail: async (message: string, ms: number): Promise<number> => {
    await later(ms);
    throw new RangeError(message);
  },
  lines: async function* (count: number, ms: number): AsyncGenerator<number | string, number> {
    for (let line = 0; line < count; line++) {
      await later(ms);
      yield `line ${line}`;
      yield line / count;
    }
    return count;
  },
};

export const handles = run.tasks<typeof tasks>('COMPUTE');

/** A task that gives the value after a time. */
export function give<T>(value: T, ms = 400): Job<T> {
  return run.cpuBound(handles.give, value, ms) as unknown as Job<T>;
}

/** The same in the session. */
export function io<T>(value: T, ms = 400): Job<T> {
  return run.ioBound(async () => {
    await later(ms);
    return value;
  }) as unknown as Job<T>;
}

type Act = string | ((browser: TestBrowser, server: TestServer) => void);

export interface Play {
  readonly page: () => unknown;
  /** What happens when, in milliseconds: a click on the button with that text, or something else. Default a click on Go at once. */
  readonly acts?: readonly (readonly [at: number, act: Act])[];
  /** Milliseconds from the first act on between which it is killed. Default 20 to 1,500. */
  readonly from?: number;
  readonly until?: number;
  readonly pages?: Builders;
  readonly shared?: boolean;
  /** True when its times decide what is shown: killed at each await, it takes longer, and rightly shows something else. */
  readonly timed?: boolean;
  /** Called before each play. */
  readonly before?: () => void;
}

interface Shown {
  readonly shown: unknown;
  /** After one more kill: what was shown is what is kept. */
  readonly again: unknown;
  readonly errors: readonly string[];
  readonly left: readonly unknown[];
  readonly server: TestServer;
  readonly calls: readonly string[];
}

/** Plays it, with kills at these milliseconds, to its end. */
export async function play(
  { page, acts = [[0, 'Go']], pages, shared, before }: Play,
  kills: readonly number[] | 'at each await' = [],
): Promise<Shown> {
  clock = new VirtualClock();
  before?.();
  const compute = service(tasks, clock);
  const server = new TestServer({
    clock,
    services: { COMPUTE: compute },
    pages: { '/': page as () => void, ...pages },
    ...(shared && { shared: new TestShared({ clock }) }),
    alwaysReplay: kills === 'at each await',
  });
  const opening = TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  const browser = await opening;
  await clock.advance(100);
  const begin = clock.time;
  const killed = typeof kills === 'string' ? [] : kills;
  const all = [...killed.map((at) => [at, () => server.kill()] as const), ...acts].sort((a, b) => a[0] - b[0]);
  for (const [at, act] of all) {
    await clock.advance(begin + at - clock.time);
    if (typeof act === 'string') browser.emit(button(browser, act), 'click');
    else act(browser, server);
  }
  // Each kill costs the browser a pause before it is back.
  await clock.advance(kills === 'at each await' ? 300_000 : 30_000);
  const shown = shapeOf(browser.root);
  const left = [
    ...server.store.jobs('open').map(({ job }) => job),
    ...server.whyAwake().filter((reason) => !/timers|handlers built/.test(reason)),
    ...server.store
      .pages()
      .flatMap((row) => server.store.cells(row.page).filter(({ key }) => key.split('.')[1] === 'h')),
  ];
  server.kill();
  await clock.advance(5_000);
  return {
    shown,
    again: shapeOf(browser.root),
    errors: server.errors.map(String),
    left,
    server,
    calls: compute.calls.map(({ task, args }) => `${task} ${args[0]}`),
  };
}

/** Nobody can tell whether the play was killed, and when. */
export async function unnoticed(what: string, given: Play): Promise<void> {
  const { shown, again, errors } = await play(given);
  expect([what, 'unkilled', again, errors]).toEqual([what, 'unkilled', shown, []]);
  if (!given.timed) {
    const always = await play(given, 'at each await');
    expect([what, 'at each await', always.errors, always.shown]).toEqual([what, 'at each await', [], shown]);
  }
  for (const at of moments(given)) {
    // Every other time the replay is killed as well.
    const kills = Math.floor(at / 170) % 2 === 0 ? [at] : [at, at + 310];
    const killed = await play(given, kills);
    const found = { shown: killed.shown, again: killed.again, errors: killed.errors, left: killed.left };
    expect([what, kills, found]).toEqual([what, kills, { shown, again: shown, errors: [], left: [] }]);
  }
}

/** Wherever the play is killed, it ends as if it was not, or says that it was interrupted. @returns what was said, without repetitions. */
export async function told(what: string, given: Play): Promise<string[]> {
  const { shown } = await play(given);
  const said = new Set<string>();
  for (const at of moments(given)) {
    const killed = await play(given, [at]);
    expect([what, at, killed.left]).toEqual([what, at, []]);
    expect([what, at, killed.errors.filter((error) => !error.startsWith('InterruptedError'))]).toEqual([what, at, []]);
    expect(killed.errors.length).toBeLessThanOrEqual(1);
    if (killed.errors.length === 0) expect([what, at, killed.shown]).toEqual([what, at, shown]);
    for (const error of killed.errors) said.add(error);
  }
  return [...said];
}

function moments({ from = 20, until = 1_500 }: Play): number[] {
  return Array.from({ length: Math.ceil((until - from) / 170) }, (_, index) => from + index * 170);
}

/** What can be seen of a tree. */
function shapeOf({ kind, props, children }: MirrorNode): unknown {
  const { busy: _busy, on: _on, done: _done, max: _max, ...seen } = props as Record<string, unknown>;
  const parts = children.filter((child) => child.kind !== 'timer').map(shapeOf);
  return [kind, kind === 'notification' ? seen.text : seen, ...(parts.length > 0 ? [parts] : [])];
}
