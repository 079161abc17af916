import { describe, expect, test } from 'vitest';
import { Connection, connectionTimes, rememberPage } from '../../client/connection/index.ts';
import { claimPage, isForeign, type Locks, pageBefore, pageOfAddress } from '../../client/connection/tab.ts';
import * as watchTimes from '../../client/connection/watch-times.ts';
import { decodeUp, limits, pendingEvents, protocolVersion } from '../../src/protocol/index.ts';
import { Bench, memory } from './client-wire.ts';

describe('events', () => {
  test('[EO3] events are numbered from 1 without a gap, and each is kept until it is acknowledged', () => {
    const bench = new Bench().live();
    expect([bench.click(), bench.click(), bench.click()]).toEqual([1, 2, 3]);
    expect(bench.socket.take()).toEqual([
      [1, 3, 'click'],
      [2, 3, 'click'],
      [3, 3, 'click'],
    ]);
    bench.socket.say(['a', 2]);
    expect(bench.link.pending).toEqual([[3, 3, 'click']]);
    bench.socket.say(['a', 3]);
    expect(bench.link.status.pending).toBe(0);
    bench.socket.say(['a', 1]);
    expect(bench.link.acked).toBe(3);
  });

  test('hello comes first on every socket and carries what was never acknowledged, in order', () => {
    const bench = new Bench().live();
    bench.click();
    bench.click();
    bench.socket.say(['a', 1]);
    bench.socket.cut();
    bench.click();
    bench.clock.pass(watchTimes.retryBase);
    expect(bench.sockets).toHaveLength(2);
    expect(bench.socket.take()).toEqual([]);
    bench.socket.open();
    expect(bench.socket.take()).toEqual([
      [
        'h',
        protocolVersion,
        'b',
        7,
        0,
        [
          [2, 3, 'click'],
          [3, 3, 'click'],
        ],
      ],
    ]);
  });

  test('between hello and welcome no event is sent; after it they follow with their numbers', () => {
    const bench = new Bench();
    bench.link.start();
    bench.click();
    bench.socket.open();
    bench.click();
    expect(bench.socket.take()).toEqual([['h', protocolVersion, 'b', 7, 0, [[1, 3, 'click']]]]);
    bench.socket.say(['w', 7, 0, 1]);
    expect(bench.socket.take()).toEqual([[2, 3, 'click']]);
  });

  test('[EO5] a full queue refuses the next event and says so', () => {
    const bench = new Bench();
    for (let i = 0; i < pendingEvents; i++) expect(bench.click()).toBe(i + 1);
    expect(bench.click()).toBeUndefined();
    expect(bench.notices).toHaveLength(1);
    expect(bench.link.status.pending).toBe(pendingEvents);
  });

  test('[EO9] a full queue takes that a command has begun, of every command that may wait, in one hello', () => {
    const bench = new Bench();
    for (let i = 0; i < pendingEvents; i++) bench.click();
    for (let i = 0; i < limits.commands; i++) expect(bench.link.send(1, 'done', i)).toBeDefined();
    expect(bench.notices).toEqual([]);
    // A message that has gone is no command, of which a page may have any number.
    expect(bench.link.send(7, 'done', undefined)).toBeUndefined();
    expect(bench.notices).toHaveLength(1);
    bench.link.start();
    bench.socket.open();
    expect(() => decodeUp(bench.socket.sent[0])).not.toThrow();
  });

  test('every frame is one the session takes, however much is pending', () => {
    const bench = new Bench();
    for (let i = 0; i < 20; i++) {
      bench.link.send(4, 'value', 'x'.repeat(50_000));
    }
    bench.link.start();
    bench.socket.open();
    const [hello] = [...bench.socket.sent];
    expect(() => decodeUp(hello)).not.toThrow();
    const carried = (JSON.parse(hello as string) as unknown[][])[5]?.length ?? 0;
    expect(carried).toBeGreaterThan(0);
    expect(carried).toBeLessThan(20);
    bench.socket.take();
    bench.socket.say(['w', 7, 0, carried]);
    expect(bench.socket.take().map((frame) => (frame as number[])[0])).toEqual(
      Array.from({ length: 20 - carried }, (_, i) => carried + 1 + i),
    );
    expect(bench.link.send(4, 'value', 'x'.repeat(limits.upFrame))).toBe('too long');
    expect(bench.notices).toHaveLength(1);
  });

  test('typing while offline is one event; what was offered to any socket never changes', () => {
    const bench = new Bench().live();
    bench.link.send(4, 'value', 'a', true);
    bench.socket.cut();
    bench.link.send(4, 'value', 'ab', true);
    bench.link.send(4, 'value', 'abc', true);
    expect(bench.link.pending).toEqual([
      [1, 4, 'value', 'a'],
      [2, 4, 'value', 'abc'],
    ]);
    bench.click();
    bench.link.send(4, 'value', 'abcd', true);
    expect(bench.link.pending.map((event) => event[0])).toEqual([1, 2, 3, 4]);
  });

  test('unacknowledged events and the newest number outlive the document', () => {
    const storage = memory();
    const first = new Bench({}, storage).live();
    first.click();
    first.click();
    first.socket.say(['a', 1]);
    const second = new Bench({ event: 1 }, storage);
    expect(second.link.pending).toEqual([[2, 3, 'click']]);
    second.live(2).socket.say(['a', 2]);
    expect(second.click()).toBe(3);
    second.socket.say(['a', 3]);
    // Painted before event 3 was handled, started after it was acknowledged.
    const third = new Bench({ event: 2 }, storage);
    expect(third.click()).toBe(4);
  });

  test('storage that throws or holds rubbish costs only that', () => {
    const broken = {
      ...memory(),
      get: () => '{',
      set: () => {
        throw new Error('full');
      },
    };
    const bench = new Bench({}, broken).live();
    expect(bench.click()).toBe(1);
    expect(bench.socket.take()).toEqual([[1, 3, 'click']]);
  });

  test('numbers go on from the session when it has seen more', () => {
    expect(new Bench().live(41).click()).toBe(42);
  });

  test('another page, or a session that knows of fewer events than it acknowledged, starts the numbers again; what was pending is dropped and said', () => {
    const bench = new Bench().live();
    bench.click();
    bench.socket.cut();
    bench.clock.pass(watchTimes.retryBase);
    bench.socket.open();
    bench.socket.say(['s', 'q', 9, 4, 0, tree2]);
    expect(bench.link.page).toBe('q');
    expect(bench.moves).toEqual(['q']);
    expect(bench.notices).toHaveLength(1);
    expect(bench.link.pending).toEqual([]);
    bench.socket.take();
    expect(bench.click()).toBe(1);

    const other = new Bench({ event: 57 });
    other.link.start();
    other.socket.open();
    other.socket.say(['s', 'p', 9, 0, 0, tree2]);
    expect(other.click()).toBe(1);
    expect(other.notices).toEqual([]);
  });

  test('[EO6] a forked tab asks for a page of its own and sends nothing of the tab it was copied from', () => {
    const storage = memory();
    const original = new Bench({}, storage);
    original.click();
    const fork = new Bench({ fork: true }, storage);
    fork.link.start();
    expect(fork.socket.target).toEqual({ page: 'p', fork: true });
    fork.socket.open();
    expect(fork.socket.take()).toEqual([['h', protocolVersion, 'b', 0, 0, []]]);
    fork.socket.say(['s', 'q', 1, 1, 0, tree2]);
    fork.socket.cut();
    fork.clock.pass(watchTimes.retryBase);
    expect(fork.socket.target).toEqual({ page: 'q', fork: false });
  });
});

describe('patches', () => {
  test('[EO3] patches apply in order; a duplicate is ignored', () => {
    const bench = new Bench().live();
    bench.socket.say([1, [2, 'text', 'one']]);
    bench.socket.say([2, [2, 'text', 'two']]);
    bench.socket.say([1, [2, 'text', 'one']]);
    bench.socket.say([2, [2, 'text', 'again']]);
    expect(bench.text()).toBe('two');
    expect(bench.link.frame).toBe(2);
    expect(bench.link.status.state).toBe('live');
    expect(bench.socket.take()).toEqual([]);
  });

  test('a gap, a patch that does not fit, or garbled text asks for a snapshot, and patches wait for it', () => {
    for (const bad of [
      '[3,[2,"text","three"]]',
      '[1,[99,"text","x"]]',
      '[1,["+",1,77,[9,"label",{}]]]',
      '{"a":1}',
      'oops',
    ]) {
      const bench = new Bench().live();
      bench.click();
      bench.socket.take();
      bench.socket.say(bad);
      expect(bench.socket.take(), bad).toEqual([['h', protocolVersion, 'b', 0, 0, [[1, 3, 'click']]]]);
      bench.socket.say([1, [2, 'text', 'ignored']]);
      expect(bench.text()).toBe('zero');
      bench.socket.say(['s', 'p', 7, 3, 1, tree2]);
      bench.socket.say([4, [2, 'text', 'four']]);
      expect(bench.text()).toBe('four');
      expect(bench.sockets).toHaveLength(1);
    }
  });

  test('a welcome from a session that is behind what is shown is not believed', () => {
    const bench = new Bench({ frame: 9 });
    bench.link.start();
    bench.socket.open();
    bench.socket.take();
    bench.socket.say(['w', 7, 5, 0]);
    expect(bench.socket.take()).toEqual([['h', protocolVersion, 'b', 0, 0, []]]);
  });

  test('a snapshot nobody asked for has the events it lacks sent again', () => {
    const bench = new Bench().live();
    bench.click();
    bench.click();
    bench.socket.take();
    bench.socket.say(['s', 'p', 8, 3, 1, tree2]);
    expect(bench.socket.take()).toEqual([[2, 3, 'click']]);
  });

  test('patches are acknowledged 32 at a time, or one second after the first', () => {
    const bench = new Bench().live();
    for (let n = 1; n <= connectionTimes.ackCount - 1; n++) bench.socket.say([n, [2, 'text', `${n}`]]);
    expect(bench.socket.take()).toEqual([]);
    bench.socket.say([connectionTimes.ackCount, [2, 'text', 'x']]);
    expect(bench.socket.take()).toEqual([['a', connectionTimes.ackCount]]);
    bench.socket.say([33, [2, 'text', 'y']]);
    bench.clock.pass(600);
    bench.socket.say([34, [2, 'text', 'z']]);
    bench.clock.pass(399);
    expect(bench.socket.take()).toEqual([]);
    bench.clock.pass(1);
    expect(bench.socket.take()).toEqual([['a', 34]]);
    bench.clock.pass(5_000);
    expect(bench.socket.take()).toEqual([]);
  });
});

describe('connection', () => {
  test('retries have full jitter: from 0 to a ceiling that doubles up to ten seconds', () => {
    for (const [chance, share] of [
      [0, 0],
      [0.5, 0.5],
      [0.999999, 1],
    ] as const) {
      const bench = new Bench().live();
      bench.clock.chance = chance;
      for (const ceiling of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]) {
        bench.socket.cut();
        expect(bench.clock.waiting[0]).toBeCloseTo(ceiling * share, 1);
        bench.clock.pass(ceiling);
      }
    }
  });

  test('a connection that lasted makes the next retry quick again; one that breaks at once does not', () => {
    const bench = new Bench().live();
    for (let i = 0; i < 6; i++) {
      bench.socket.cut();
      bench.clock.pass(watchTimes.retryCap);
      bench.socket.open();
      bench.socket.say(['w', 7, 0, 0]);
    }
    bench.socket.cut();
    expect(bench.clock.waiting[0]).toBeGreaterThan(watchTimes.retryBase);
    bench.clock.pass(watchTimes.retryCap);
    bench.socket.open();
    bench.socket.say(['w', 7, 0, 0]);
    bench.clock.pass(watchTimes.settled);
    bench.socket.cut();
    expect(bench.clock.waiting[0]).toBeLessThanOrEqual(watchTimes.retryBase);
  });

  test('online and a visible tab connect at once', () => {
    const bench = new Bench().live();
    bench.socket.cut();
    bench.watchdog.wake();
    expect(bench.sockets).toHaveLength(2);
    bench.socket.cut();
    bench.watchdog.visible(true);
    expect(bench.sockets).toHaveLength(3);
    expect(bench.clock.waiting.every((ms) => ms === watchTimes.patience)).toBe(true);
  });

  test('a half-open socket is noticed: no pong within ten seconds closes it', () => {
    const bench = new Bench().live();
    bench.clock.pass(watchTimes.heartbeat);
    expect(bench.socket.take()).toEqual(['ping']);
    bench.socket.say('pong');
    bench.clock.pass(watchTimes.heartbeat);
    expect(bench.socket.take()).toEqual(['ping']);
    bench.clock.pass(watchTimes.patience);
    expect(bench.sockets[0]?.closed).toBe(true);
    expect(bench.link.status.state).toBe('waiting');
  });

  test('a hidden tab sends no heartbeat', () => {
    const bench = new Bench().live();
    bench.watchdog.visible(false);
    bench.clock.pass(600_000);
    expect(bench.socket.take()).toEqual([]);
    expect(bench.clock.waiting).toEqual([]);
  });

  test('an event without an answer pings, and on a living connection is offered again', () => {
    const bench = new Bench().live();
    bench.watchdog.visible(false);
    bench.click();
    bench.socket.take();
    bench.clock.pass(watchTimes.patience);
    expect(bench.socket.take()).toEqual(['ping']);
    bench.socket.say('pong');
    bench.clock.pass(watchTimes.patience);
    expect(bench.socket.take()).toEqual([['h', protocolVersion, 'b', 7, 0, [[1, 3, 'click']]]]);
  });

  test('a socket that never opens, or never welcomes, is given up', () => {
    const bench = new Bench();
    bench.link.start();
    bench.clock.pass(watchTimes.patience);
    expect(bench.sockets[0]?.closed).toBe(true);
    bench.clock.pass(watchTimes.retryCap);
    bench.socket.open();
    bench.clock.pass(watchTimes.patience);
    expect(bench.sockets[1]?.closed).toBe(true);
  });

  test('what an old socket says is not heard', () => {
    const bench = new Bench().live();
    const old = bench.socket;
    old.cut();
    bench.watchdog.wake();
    bench.socket.open();
    bench.socket.say(['w', 7, 0, 0]);
    old.say([1, [2, 'text', 'ghost']]);
    old.cut();
    old.open();
    expect(bench.text()).toBe('zero');
    expect(bench.link.status.state).toBe('live');
  });

  test('slow and refused connect anew with everything pending; gone, revoked and reload end', () => {
    for (const reason of ['slow', 'refused'] as const) {
      const bench = new Bench().live();
      bench.click();
      bench.socket.say(['x', reason, '']);
      bench.clock.pass(watchTimes.retryBase);
      bench.socket.open();
      expect(bench.socket.take()).toEqual([['h', protocolVersion, 'b', 7, 0, [[1, 3, 'click']]]]);
    }
    for (const reason of ['gone', 'revoked', 'reload'] as const) {
      const bench = new Bench().live();
      bench.click();
      bench.socket.say(['x', reason, '']);
      bench.watchdog.visible(true);
      bench.clock.pass(600_000);
      expect(bench.sockets).toHaveLength(1);
      expect(bench.ends).toEqual([reason]);
      expect(bench.storage.kept.has('edgewise:events:p')).toBe(reason === 'reload');
    }
  });

  test('a replaced link is quiet unless its tab owns the page', () => {
    const guest = new Bench().live();
    guest.socket.say(['x', 'replaced', '']);
    guest.clock.pass(600_000);
    expect(guest.sockets).toHaveLength(1);
    guest.watchdog.visible(true);
    expect(guest.sockets).toHaveLength(2);
    const owner = new Bench({}, memory(), { owns: () => true }).live();
    owner.socket.say(['x', 'replaced', '']);
    owner.clock.pass(watchTimes.retryBase);
    expect(owner.sockets).toHaveLength(2);
  });
});

describe('a page that cannot be built at present', () => {
  test('[NF11] has the link say hello with all that is pending, and wait for the answer however long it takes', () => {
    const bench = new Bench().live();
    bench.click();
    bench.click();
    bench.socket.take();
    bench.socket.say(['t', 'Try later.']);
    expect(bench.socket.take()).toEqual([
      [
        'h',
        protocolVersion,
        'b',
        7,
        0,
        [
          [1, 3, 'click'],
          [2, 3, 'click'],
        ],
      ],
    ]);
    expect(bench.link.status).toMatchObject({ state: 'greeting', trouble: 'Try later.', pending: 2 });
    bench.socket.say(['t', 'Try later.']);
    expect(bench.click()).toBe(3);
    expect(bench.socket.take()).toEqual([]);
    for (let beat = 0; beat < 10; beat++) {
      bench.clock.pass(watchTimes.heartbeat);
      expect(bench.socket.sent.splice(0)).toEqual(['ping']);
      bench.socket.say('pong');
    }
    expect(bench.sockets).toHaveLength(1);
    bench.socket.say(['w', 7, 0, 2]);
    expect(bench.link.status).toMatchObject({ state: 'live', trouble: undefined });
    expect(bench.socket.take()).toEqual([[3, 3, 'click']]);
  });

  test('says nothing when it is only asked for another hello', () => {
    const bench = new Bench().live();
    bench.click();
    bench.socket.take();
    bench.socket.say(['t', '']);
    expect(bench.socket.take()).toEqual([['h', protocolVersion, 'b', 7, 0, [[1, 3, 'click']]]]);
    expect(bench.link.status).toMatchObject({ state: 'greeting', trouble: undefined });
    bench.clock.pass(watchTimes.patience + watchTimes.retryBase);
    expect(bench.sockets).toHaveLength(2);
  });

  test('does not hide that the connection is dead', () => {
    const bench = new Bench();
    bench.link.start();
    bench.socket.open();
    bench.socket.say(['t', 'Try later.']);
    bench.clock.pass(watchTimes.heartbeat + watchTimes.patience + watchTimes.retryBase);
    expect(bench.sockets).toHaveLength(2);
    expect(bench.link.status.trouble).toBe('Try later.');
    bench.socket.open();
    bench.socket.say(['s', bench.link.page, 8, 0, 0, [1, 'root', {}]]);
    expect(bench.link.status).toMatchObject({ state: 'live', trouble: undefined });
  });

  test('is asked for a sign of life when the network is back', () => {
    const bench = new Bench();
    bench.link.start();
    bench.socket.open();
    bench.socket.say(['t', 'Try later.']);
    bench.socket.sent.splice(0);
    bench.watchdog.wake();
    expect(bench.socket.sent).toEqual(['ping']);
  });
});

describe('tab', () => {
  const locks = (...taken: string[]) => ({ take: async (name: string) => !taken.includes(name) });

  test('[EO6] a tab returns to its page; a page that another tab holds is left to it', async () => {
    const remembered = 'a';
    expect(await claimPage({ page: 'a', remembered: undefined }, locks())).toEqual({ page: 'a', fork: false });
    expect(await claimPage({ page: 'b', remembered }, locks())).toEqual({ page: 'a', fork: false });
    expect(await claimPage({ page: 'b', remembered }, locks('edgewise:a'))).toEqual({ page: 'b', fork: false });
    expect(await claimPage({ page: 'b', remembered }, locks('edgewise:a', 'edgewise:b'))).toEqual({
      page: 'b',
      fork: true,
    });
  });

  test('[EO6] a reload has its page again, also where the document before takes seconds to unload', async () => {
    const busy: Locks = { take: async (_, ms) => ms > 4_000 };
    expect(await claimPage({ page: 'a', remembered: 'a', reloaded: true }, busy)).toEqual({ page: 'a', fork: false });
    expect(await claimPage({ page: 'a', remembered: 'a' }, busy)).toEqual({ page: 'a', fork: true });
  });

  test('[NF14] a typed address continues the tab, unless another tab has its page: then the storage is a copy', async () => {
    const storage = memory();
    expect(await pageBefore('b', storage, locks())).toBeUndefined();
    rememberPage(storage, 'a');
    expect(await pageBefore('b', storage, locks())).toBe('a');
    expect(await pageBefore('a', storage, locks())).toBeUndefined();
    expect(await pageBefore('b', storage, locks('edgewise:a'))).toBeUndefined();
  });

  test('[EO6] an address that the tab showed last shows its page again, as after a reload that found no server', () => {
    const storage = memory();
    expect(pageOfAddress('/report?year=2026', storage)).toBeUndefined();
    rememberPage(storage, 'a', '/report?year=2026');
    expect(pageOfAddress('/report?year=2026', storage)).toBe('a');
    expect(pageOfAddress('/report?year=2025', storage)).toBeUndefined();
    rememberPage(storage, undefined);
    expect(pageOfAddress('/report?year=2026', storage)).toBeUndefined();
  });
});

test('[EO1] random cuts, duplicates and deaths: 100 clicks are applied 100 times, in order', () => {
  for (let seed = 1; seed <= 200; seed++) {
    let state = seed;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const bench = new Bench();
    bench.clock.chance = 0.3;
    bench.link.start();
    // A session that commits now and then, and forgets what it had not committed when it dies.
    const durable = { event: 0, applied: 0, epoch: 7 };
    let live = { event: 0, applied: 0 };
    let frame = 0;
    let greeted: unknown;
    const accept = (event: readonly unknown[]): void => {
      if (event[0] !== live.event + 1) return;
      live = { event: live.event + 1, applied: live.applied + 1 };
    };
    let clicks = 0;
    for (let step = 0; step < 20_000 && durable.applied < 100; step++) {
      const { socket } = bench;
      const dice = random();
      if (dice < 0.1 && clicks < 100) {
        bench.click();
        clicks++;
      } else if (dice < 0.13) {
        socket.cut();
      } else if (dice < 0.15) {
        socket.cut();
        live = { event: durable.event, applied: durable.applied };
        durable.epoch++;
        frame = 0;
      } else if (dice < 0.3) {
        durable.event = live.event;
        durable.applied = live.applied;
        if (greeted === socket) socket.say(['a', durable.event]);
      } else if (dice < 0.35 && greeted === socket) {
        frame++;
        const patch = [frame, [2, 'text', `${live.applied}`]] as const;
        if (random() < 0.9) socket.say(patch);
        if (random() < 0.3) socket.say(patch);
      } else if (bench.link.status.state === 'connecting') {
        socket.open();
      } else if (bench.link.status.state === 'waiting') {
        bench.clock.pass(watchTimes.retryCap);
      } else {
        for (const sent of socket.take()) {
          if (!Array.isArray(sent)) continue;
          if (sent[0] === 'h') {
            for (const event of sent[5] as unknown[][]) accept(event);
            greeted = socket;
            if (sent[3] === durable.epoch && sent[4] === frame) socket.say(['w', durable.epoch, frame, live.event]);
            else socket.say(['s', 'p', durable.epoch, ++frame, live.event, tree2]);
          } else if (typeof sent[0] === 'number' && greeted === socket) {
            accept(sent);
            if (random() < 0.2) accept(sent);
          }
        }
      }
    }
    expect({ seed, applied: durable.applied, notices: bench.notices }).toEqual({ seed, applied: 100, notices: [] });
  }
});

test('a stopped link keeps its events and starts again', () => {
  const bench = new Bench().live();
  bench.click();
  bench.link.stop();
  expect(bench.clock.waiting).toEqual([]);
  bench.link.start();
  bench.socket.open();
  expect(bench.socket.take()).toEqual([['h', protocolVersion, 'b', 7, 0, [[1, 3, 'click']]]]);
  expect(bench.link).toBeInstanceOf(Connection);
});

const tree2 = [
  1,
  'root',
  {},
  [
    [2, 'label', { text: 'snapshot' }],
    [3, 'button', { text: 'Go', on: { click: 1 } }],
  ],
] as const;

test.each([
  ['a new tab', false, undefined, true],
  ['a new tab that has left another page there', false, 'mine', true],
  ['a link back to the page that this tab has left', false, 'left', false],
  ['a reload', true, 'left', false],
  ['a reload in a tab without storage', true, undefined, false],
])('[NF3] %s that gets the page of the return cookie asks for another one: %s', (_, returning, remembered, foreign) => {
  const storage = { get: () => remembered ?? null, set: () => {}, remove: () => {} };
  expect(isForeign('left', returning, storage)).toBe(foreign);
});
