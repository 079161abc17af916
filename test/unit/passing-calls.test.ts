// Calls of handlers with durable: false: what they wait for, and what is made again after a kill.

import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { run } from '../../src/tasks/index.ts';
import { settled, TestServer, User, VirtualClock } from '../../src/testing/index.ts';
import { service } from './jobs-kit.ts';

interface Tasks {
  draw(from: number): Promise<number>;
}
const { draw: remoteDraw } = run.tasks<Tasks>('COMPUTE');
const { cpuBound: passing } = run.with({ durable: false });

/** A page with a button that runs a handler, and what left the session and was committed since the click, in order. */
async function play(handler: (note: (what: string) => void) => unknown, ms = 0) {
  const clock = new VirtualClock();
  const did: string[] = [];
  let drawn = 0;
  const draw = async (from: number) => {
    did.push(`draw ${from}`);
    const mine = ++drawn;
    if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
    return mine;
  };
  const server = new TestServer({
    clock,
    services: { COMPUTE: service({ draw }, clock) },
    pages: {
      '/': () => {
        const shown = ui.label('idle');
        ui.button('Go', async () => {
          const made = await handler((what) => void did.push(what));
          shown.text = `made ${made}`;
        });
      },
    },
  });
  const user = await User.open(server, clock, '/');
  await clock.advance(1_000);
  const commits: number[] = [];
  server.store.committed = () => {
    commits.push(clock.time);
    did.push('commit');
  };
  user.find('Go').click();
  return {
    clock,
    server,
    user,
    did,
    commits,
    [Symbol.dispose]() {
      user[Symbol.dispose]();
      server.stop();
    },
  };
}

/** Lets everything happen that needs no time but the click's way. */
async function atOnce({ clock }: { readonly clock: VirtualClock }): Promise<void> {
  await clock.advance(5);
  for (let turns = 0; turns < 20; turns++) {
    await settled();
    await clock.advance(0);
  }
}

async function chain(count: number, from = 0): Promise<number> {
  let value = from;
  for (let call = 0; call < count; call++) value = await passing(remoteDraw, value);
  return value;
}

test('[NF5] between two calls with durable: false no commit is made, and their results are in the next one', async () => {
  using played = await play(() => chain(50));
  await atOnce(played);
  expect(played.did).toEqual(Array.from({ length: 50 }, (_, from) => `draw ${from}`));
  await played.user.shouldSee('made 50');
  await played.clock.advance(250);
  expect(played.commits).toHaveLength(1);
  played.server.kill();
  await played.user.shouldSee('made 50', { within: '1m' });
  expect(played.did.filter((each) => each.startsWith('draw'))).toHaveLength(50);
});

test('[NF5] a call of run.ioBound leaves when the results of the calls with durable: false before it are durable', async () => {
  using played = await play(async (note) => run.ioBound(async (value) => note(`save ${value}`), await chain(3)));
  await atOnce(played);
  expect(played.did).toEqual(['draw 0', 'draw 1', 'draw 2', 'commit', 'save 3']);
});

test('[JE2] the row of a job is in the commit of the results of the calls with durable: false before it', async () => {
  using played = await play(async () => run.cpuBound(remoteDraw, await chain(3)));
  await atOnce(played);
  expect(played.did.slice(0, 5)).toEqual(['draw 0', 'draw 1', 'draw 2', 'commit', 'draw 3']);
});

test.each([
  ['run.ioBound', () => run.ioBound(async () => 9)],
  ['ui.now()', () => Math.sign(ui.now()) * 9],
  ['run.sleep', () => run.sleep(1).then(() => 9)],
])('[NF5] a call with durable: false leaves when the result of %s before it is durable', async (_what, first) => {
  using played = await play(async () => {
    await passing(remoteDraw, 0);
    const value = await first();
    played.did.push('first');
    return chain(2, value);
  });
  await atOnce(played);
  const { did } = played;
  expect(did.slice(did.indexOf('first'))).toEqual(['first', 'commit', 'draw 9', 'draw 2']);
});

test('[NF4, NF5] a kill in a chain of calls with durable: false makes some again, and the handler ends with what was recorded', async () => {
  for (let at = 3; at < 900; at += 41) {
    const saved: [part: number, all: string][] = [];
    using played = await play(async () => {
      const made: number[] = [];
      for (let part = 0; part < 3; part++) {
        // The results say how many calls follow, so a chain that is made again may take another way.
        for (let value = part; value % 7 !== 0 || made.length < part * 10; made.push(value)) {
          value = await passing(remoteDraw, value);
        }
        await run.ioBound(async (all: string) => void saved.push([part, all]), made.join());
      }
      return made.join();
    }, 13);
    await played.clock.advance(at);
    played.server.kill();
    await played.user.shouldSee(/made \d+/, { within: '1m' });
    // What was saved twice was saved the same, and each part continues the one before.
    const parts = [0, 1, 2].map((part) => new Set(saved.filter(([each]) => each === part).map(([, all]) => all)));
    expect(
      parts.map(({ size }) => size),
      `killed after ${at} ms`,
    ).toEqual([1, 1, 1]);
    const [first = '', second = '', third = ''] = parts.map(([all]) => all);
    expect([second.startsWith(first), third.startsWith(second), played.user.sees(`made ${third}`)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(played.server.errors).toEqual([]);
  }
});

test('[BD1] a chain of calls with durable: false is committed within 250 ms, so that a kill makes no older ones again', async () => {
  using played = await play(() => chain(200), 9);
  await played.user.shouldSee('made 200', { within: '10s' });
  await played.clock.advance(250);
  const { commits, did } = played;
  const pauses = commits.map((at, index) => at - (commits[index - 1] ?? at));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(260);
  expect(commits.length).toBeLessThan(12);
  expect(did.filter((each) => each.startsWith('draw'))).toHaveLength(200);
});

test('[BD1] a chain of calls with durable: false waits when much of it is not durable, also while the storage fails', async () => {
  using played = await play(() => chain(3_000));
  played.server.store.failure = new Error('The disk is full.');
  const draws = () => played.did.filter((each) => each.startsWith('draw')).length;
  await played.clock.advance(60_000);
  const failed = draws();
  expect(failed).toBeGreaterThan(100);
  expect(failed).toBeLessThan(1_500);
  await played.clock.advance(60_000);
  expect(draws()).toBe(failed);
  played.server.store.failure = undefined;
  await played.user.shouldSee('made 3000', { within: '1m' });
  expect(draws()).toBe(3_000);
});

test('[NF5] code that runs on after its object was killed makes no call that depends on what was lost', async () => {
  const saved: unknown[] = [];
  using played = await play(async () => {
    const value = await passing(remoteDraw, 0);
    await run.ioBound(async () => void saved.push(value));
    return value;
  }, 20);
  await played.clock.advance(10);
  played.server.kill();
  await played.user.shouldSee('made 2', { within: '1m' });
  expect(saved).toEqual([2]);
});
