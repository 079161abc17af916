import { expect, test } from 'vitest';
import { Committer, DueRows, MemoryStore, type Store, type UnitOfWork } from '../../src/storage/index.ts';
import { VirtualClock } from '../../src/testing/index.ts';

/** Cells that wait for a commit. */
class Cells implements UnitOfWork {
  readonly pending = new Map<string, string>();
  commits = 0;

  get dirty(): boolean {
    return this.pending.size > 0;
  }

  persist(store: Store): void {
    for (const [key, value] of this.pending) store.writeCell('p', key, value);
  }

  persisted(): void {
    this.commits++;
    this.pending.clear();
  }
}

function setup() {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const first = new Cells();
  const second = new Cells();
  const due = new DueRows('');
  const alarms: (number | null)[] = [];
  const failures: unknown[] = [];
  let commits = 0;
  const committer = new Committer({
    clock,
    store,
    alarm: (at) => alarms.push(at),
    units: () => [first, second, due],
    committed: () => commits++,
    failed: (error) => failures.push(error),
  });
  const rows = () => store.cells('p').map(({ key, value }) => `${key}=${value}`);
  return { clock, store, first, second, due, alarms, failures, committer, rows, commits: () => commits };
}

test('what changes within the delay is committed together, at the earliest time that was asked for', async () => {
  const { clock, first, second, committer, rows, commits } = setup();
  first.pending.set('a', '1');
  committer.commitIn(50);
  await clock.advance(40);
  second.pending.set('b', '2');
  committer.commitIn(50);
  expect([rows(), committer.pending]).toEqual([[], true]);
  await clock.advance(10);
  expect([rows(), committer.pending, commits()]).toEqual([['a=1', 'b=2'], false, 1]);
  first.pending.set('a', '3');
  committer.commitIn(50);
  committer.commitIn(0);
  await clock.advance(0);
  expect(rows()).toEqual(['a=3', 'b=2']);
});

/** The commits of changes at the given milliseconds, within the first second. */
async function commitsOf(changes: readonly number[], also: Readonly<Record<number, (of: Committer) => void>> = {}) {
  const { clock, first, committer, commits } = setup();
  const times: number[] = [];
  for (let ms = 0; ms < 1_000; ms++) {
    if (changes.includes(ms)) {
      first.pending.set('a', String(ms));
      committer.commitSoon();
    }
    also[ms]?.(committer);
    await clock.advance(1);
    if (commits() > times.length) times.push(ms + 1);
  }
  expect([first.dirty, committer.pending]).toEqual([false, false]);
  return times;
}

const every = (ms: number, until: number) => Array.from({ length: Math.ceil(until / ms) }, (_, index) => index * ms);

test.each([
  ['a change alone', [0], [50]],
  ['two changes within the pause', [0, 40], [90]],
  ['two changes further apart than the pause', [0, 60], [50, 110]],
  ['a stream of changes', every(10, 500), [250, 500]],
  ['changes at the same moment', [100, 100, 100], [150]],
  ['a change that a stream leaves alone', [...every(10, 500), 700], [250, 500, 750]],
])(
  '[EO2] the commit of %s comes 50 ms after the last one, and at most 250 ms after the first',
  async (_, changes, times) => {
    expect(await commitsOf(changes)).toEqual(times);
  },
);

test.each([
  ['at once', 0, [31, 290, 540]],
  ['within 50 ms', 50, [80, 330, 580]],
  ['later than the changes allow', 400, [250, 500]],
])(
  'what asks for a commit %s in the middle of a stream of changes waits no longer than that',
  async (_, within, times) => {
    expect(await commitsOf(every(10, 500), { 30: (of) => of.commitIn(within) })).toEqual(times);
  },
);

test('[EO2] a clock that is set back delays no commit beyond 250 ms', async () => {
  const { clock, first, committer, commits } = setup();
  first.pending.set('a', '1');
  committer.commitSoon();
  await clock.advance(40);
  clock.skew(-3_600_000);
  await clock.advance(210);
  expect(commits()).toBe(1);
});

test('a commit of which one unit throws writes nothing, tells no unit of success, and is tried again', async () => {
  const { clock, first, second, committer, rows, failures } = setup();
  first.pending.set('a', '1');
  second.pending.set('b', '2');
  const persist = second.persist.bind(second);
  second.persist = () => {
    throw new Error('too large');
  };
  committer.commitIn(50);
  await clock.advance(50);
  expect([rows(), first.commits, failures]).toEqual([[], 0, [new Error('too large')]]);
  second.persist = persist;
  await clock.advance(250);
  expect([rows(), first.commits, second.commits]).toEqual([['a=1', 'b=2'], 1, 1]);
});

test('who commits at once gets the error, and the commit is tried again nevertheless', async () => {
  const { clock, store, first, committer, rows } = setup();
  first.pending.set('a', '1');
  store.failure = new Error('The disk is full.');
  expect(() => committer.commit()).toThrow('The disk is full.');
  store.failure = undefined;
  await clock.advance(250);
  expect(rows()).toEqual(['a=1']);
});

test('tries of a commit that fails come in growing intervals, and the first success ends them', async () => {
  const { clock, store, first, committer, failures } = setup();
  first.pending.set('a', '1');
  store.failure = new Error('The disk is full.');
  const times: number[] = [];
  committer.commitIn(0);
  const begin = clock.now();
  for (let ms = 0; ms < 30_000; ms += 250) {
    const before = failures.length;
    await clock.advance(250);
    // What asks for a commit meanwhile does not hasten it.
    committer.commitIn(0);
    if (failures.length > before) times.push(clock.now() - begin);
  }
  expect(times).toEqual([250, 750, 1_750, 3_750, 7_750, 15_750, 25_750]);
  store.failure = undefined;
  await clock.advance(10_000);
  const { length } = failures;
  first.pending.set('a', '2');
  committer.commitIn(50);
  await clock.advance(50);
  expect([failures.length, first.commits]).toEqual([length, 2]);
});

test('the alarm rings for the earliest due row, and is set again only when that changes', () => {
  const { due, alarms, committer } = setup();
  due.set('b', 2_000);
  committer.commit();
  due.set('c', 3_000);
  committer.commit();
  due.set('a', 1_000);
  committer.commit();
  due.set('a', undefined);
  due.set('b', undefined);
  due.set('c', undefined);
  committer.commit();
  expect(alarms).toEqual([2_000, 1_000, null]);
});

test('an alarm that rang is set again, also when nothing waits for the commit that follows', () => {
  const { due, alarms, committer } = setup();
  due.set('a', 1_000);
  committer.commit();
  committer.rang();
  committer.commit();
  expect(alarms).toEqual([1_000, 1_000]);
});

test('while commits fail, the alarm rings with a pause, though something is due now', () => {
  const { clock, store, due, alarms, committer, first } = setup();
  due.set('a', clock.now());
  committer.commit();
  store.failure = new Error('The disk is full.');
  first.pending.set('a', '1');
  committer.rang();
  expect(committer.tryCommit()).toBe(false);
  expect(alarms).toEqual([clock.now(), clock.now() + 10_000]);
});

test('nothing is written when nothing waits, and nothing any more after the end', async () => {
  const { clock, store, first, committer, rows, commits } = setup();
  let transactions = 0;
  const transaction = store.transaction.bind(store);
  store.transaction = (fn) => {
    transactions++;
    transaction(fn);
  };
  committer.commit();
  expect([transactions, commits()]).toEqual([0, 1]);
  first.pending.set('a', '1');
  committer.commitIn(50);
  committer.abandon();
  committer.commitIn(50);
  await clock.advance(1_000);
  expect([rows(), committer.pending]).toEqual([[], false]);
});

test('what must be durable first waits for the commit of all that waits, and for none when nothing does', async () => {
  const { clock, store, first, committer } = setup();
  const heard: string[] = [];
  await committer.durable();
  first.pending.set('a', '1');
  void committer.durable().then(() => heard.push('durable'));
  store.failure = new Error('The disk is full.');
  committer.commitIn(50);
  await clock.advance(50);
  expect(heard).toEqual([]);
  store.failure = undefined;
  await clock.advance(250);
  expect(heard).toEqual(['durable']);
});
