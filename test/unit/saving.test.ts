// A save of the author: the development server makes another instance of the object's class, and what the object has in memory stays.

import { describe, expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import { shared } from '../../src/shared/index.ts';
import { background, run } from '../../src/tasks/index.ts';
import { computeService, open, seeded, TestServer, TestShared, User, VirtualClock } from '../../src/testing/index.ts';

type Tasks = { work(n: number): AsyncGenerator<number, number> };
const tasks = run.tasks<Tasks>('COMPUTE');

/** A promise for each call, which a test ends. */
function gate<T>() {
  const waiting: ((value: T) => void)[] = [];
  return {
    calls: 0,
    pass(): Promise<T> {
      this.calls++;
      return new Promise((resolve) => waiting.push(resolve));
    },
    open(value: T): void {
      for (const resolve of waiting.splice(0)) resolve(value);
    },
  };
}

/** A compute service whose task yields what the test says, and what it was asked. */
function compute(clock: VirtualClock, seconds = 10) {
  const asked: number[] = [];
  async function* work(n: number) {
    asked.push(n);
    for (let done = 1; done <= seconds; done++) {
      await new Promise<void>((resolve) => clock.after(1_000, resolve));
      yield done / seconds;
    }
    return 2 * n;
  }
  return { asked, services: { COMPUTE: computeService({ work }, clock) } };
}

function lines(user: User): string[] {
  return user.find({ kind: 'label' }).all.map((label) => label.text);
}

describe('[TO3] a save while the development server runs', () => {
  test('shows the new code with the state, the typed text, the open dialog and the socket of before', async () => {
    const page = (version: string) => () => {
      const count = ui.state(0, 'count');
      ui.label(() => `${version} ${count.value}`);
      ui.input('Name');
      ui.button('Count', () => count.value++);
      const dialog = ui.dialog(() => ui.label('Are you sure?'));
      ui.button('Ask', () => dialog.open());
    };
    using user = await open({ '/': page('first') }, '/');
    user.find('Count').click().click();
    user.find('Name').fill('Ada');
    user.find('Ask').click();
    await user.advance('2s');
    const { wire } = user.browser;
    const events = wire?.received.length;
    user.server.save({ '/': page('second') });
    await user.advance('1s');
    expect(lines(user)).toContain('second 2');
    expect(user.find('Name').value).toBe('Ada');
    expect(user.find({ kind: 'dialog' }).props.open).toBe(true);
    expect(user.browser.wire).toBe(wire);
    expect(wire?.open).toBe(true);
    user.find('Count').click();
    await user.shouldSee('second 3');
    expect(wire?.received.length).toBeGreaterThan(events ?? 0);
    expect(user.server.errors).toEqual([]);
  });

  test('keeps what was not committed yet', async () => {
    const page = () => {
      const count = ui.state(0, 'count');
      ui.label(() => `count ${count.value}`);
      ui.button('Count', () => count.value++);
    };
    using user = await open({ '/': page }, '/');
    user.find('Count').click();
    await user.advance(5);
    expect(user.server.store.page(user.browser.link.page)?.event ?? 0).toBe(0);
    user.server.save({ '/': page });
    expect(user.server.store.page(user.browser.link.page)?.event).toBe(1);
    await user.shouldSee('count 1');
  });

  test('waits with a page whose changes cannot be stored, and brings it over when they can', async () => {
    const page = (version: string) => () => {
      const count = ui.state(0, 'count');
      ui.label(() => `${version} ${count.value}`);
      ui.button('Count', () => count.value++);
    };
    using user = await open({ '/': page('first') }, '/');
    user.server.store.failure = new Error('The disk is full.');
    user.find('Count').click();
    await user.advance('1s');
    user.server.save({ '/': page('second') });
    user.find('Count').click();
    await user.advance('1s');
    expect(lines(user)).toContain('first 2');
    user.server.store.failure = undefined;
    await user.shouldSee('second 2', { within: '20s' });
    expect(user.browser.link.pending).toEqual([]);
  });
});

describe('[TO3] a handler that waits during a save', () => {
  test('of a call outside goes on once, in the new page, and hears nothing of the call of before', async () => {
    const outside = gate<string>();
    const said: string[] = [];
    const page = (version: string) => () => {
      const out = ui.state('', 'out');
      ui.label(() => `out ${out.value}`);
      ui.button('Go', async () => {
        const answer = await run.ioBound(() => outside.pass());
        said.push(`${version} ${answer}`);
        out.value += answer;
      });
    };
    using user = await open({ '/': page('first') }, '/');
    user.find('Go').click();
    await user.advance('1s');
    user.server.save({ '/': page('second') });
    await user.advance('1s');
    expect(outside.calls).toBe(2);
    outside.open('answer');
    await user.shouldSee('out answer');
    await user.advance('1m');
    expect(said).toEqual(['second answer']);
    expect(user.server.errors).toEqual([]);
  });

  test('for the commit before its next call, as a superseded run, does not keep the object awake', async () => {
    const outside = gate<string>();
    let cleanups = 0;
    const page = (version: string) => () => {
      ui.label(version);
      ui.button(
        'Search',
        async () => {
          try {
            await run.ioBound(() => outside.pass());
          } catch {
            await run.ioBound(() => cleanups++);
          }
        },
        { whileRunning: 'restart' },
      );
    };
    using user = await open({ '/': page('first') }, '/');
    user.find('Search').click();
    await user.advance('1s');
    user.server.store.failure = new Error('The disk is full.');
    user.find('Search').click();
    await user.advance('1s');
    user.server.save({ '/': page('second') });
    user.server.store.failure = undefined;
    await user.shouldSee('second', { within: '1m' });
    outside.open('answer');
    await user.advance('1m');
    expect(cleanups).toBe(1);
    expect(user.server.whyAwake()).toEqual([]);
  });

  test('for its turn, as a lazy task, does not keep the object awake, and the name runs the next one', async () => {
    const outside = gate<string>();
    const saved: string[] = [];
    const page = (version: string) => () => {
      ui.label(version);
      ui.button('Save', () =>
        background.createLazy('save', async () => {
          if (version === 'first') await outside.pass();
          saved.push(version);
        }),
      );
    };
    using user = await open({ '/': page('first') }, '/');
    user.find('Save').click().click();
    await user.advance('1s');
    user.server.save({ '/': page('second') });
    await user.shouldSee('second', { within: '1s' });
    outside.open('done');
    await user.advance('1s');
    user.find('Save').click();
    await user.advance('1m');
    expect(saved.at(-1)).toBe('second');
    expect(user.server.whyAwake()).toEqual([]);
  });

  test.each([
    ['at once', 0],
    ['while results wait for their turn', 1],
    ['a while later', 500],
  ])('of a job goes on once, with its one attempt, when the job ends %s', async (_, pause) => {
    const clock = new VirtualClock();
    const { asked, services } = compute(clock, 3);
    const said: string[] = [];
    const page = (version: string) => () => {
      const out = ui.state('', 'out');
      const share = ui.state<number | null>(0, 'share');
      ui.label(() => `out ${out.value}`);
      ui.label(() => `share ${share.value}`);
      ui.button('Go', async () => {
        const [one, other] = await Promise.all([run.cpuBound(tasks.work, 1), run.cpuBound(tasks.work, 2)]);
        said.push(`${version} ${one} ${other}`);
        out.value += `${one} ${other}`;
      });
    };
    const server = new TestServer({ clock, services, pages: { '/': page('first') } });
    using user = await User.open(server, clock, '/');
    user.find('Go').click();
    await user.advance(3_000 - pause);
    server.save({ '/': page('second') });
    await user.shouldSee('out 2 4', { within: '20s' });
    await user.advance('1m');
    expect(said).toEqual(['second 2 4']);
    expect(asked).toEqual([1, 2]);
    expect(server.session.jobs.list().map(({ attempt, lost }) => [attempt, lost])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(server.errors).toEqual([]);
  });

  test('of time or of a person goes on once', async () => {
    const said: string[] = [];
    const page = (version: string) => () => {
      ui.button('Sleep', async () => {
        await run.sleep('30s');
        said.push(`${version} slept`);
      });
      ui.button('Ask', async () => void said.push(`${version} ${await ui.confirm('Sure?')}`));
    };
    using user = await open({ '/': page('first') }, '/');
    user.find('Sleep').click();
    user.find('Ask').click();
    await user.advance('1s');
    user.server.save({ '/': page('second') });
    await user.advance('1s');
    user.find({ kind: 'confirm' }).answer(true);
    await user.advance('1m');
    expect(said).toEqual(['second true', 'second slept']);
  });

  test('of anything else is reported as interrupted, and does nothing any more that has an effect', async () => {
    const clock = new VirtualClock();
    const { asked, services } = compute(clock);
    const outside = { first: gate<void>(), second: gate<void>() };
    const late: string[] = [];
    const sharedObjects = new TestShared({ clock });
    const page = (version: 'first' | 'second') => () => {
      const out = ui.state('nothing', 'out');
      const total = shared('total', 0);
      ui.label(() => `out ${out.value}, total ${total.value}`);
      ui.button('Go', async () => {
        const job = run.cpuBound(tasks.work, 1);
        await outside[version].pass();
        late.push(version);
        out.value = version;
        total.add(1);
        job.cancel();
        background.create(() => late.push('background'));
        void run.ioBound(async () => late.push('ioBound'));
        await run.cpuBound(tasks.work, 2);
        late.push('went on');
      });
    };
    const server = new TestServer({ clock, services, shared: sharedObjects, pages: { '/': page('first') } });
    using user = await User.open(server, clock, '/');
    user.find('Go').click();
    await user.advance('1s');
    server.save({ '/': page('second') });
    outside.first.open();
    await user.advance('1m');
    expect(late).toEqual(['first']);
    expect(asked).toEqual([1]);
    expect(lines(user)).toContain('out nothing, total 0');
    expect(server.session.jobs.list().map(({ state }) => state.status)).toEqual(['done']);
  });
});

describe('[TO3] code of before a save that runs outside of handlers', () => {
  test('starts no job, writes no shared value and no state, and its errors go nowhere', async () => {
    const clock = new VirtualClock();
    const { asked, services } = compute(clock);
    const outside = gate<void>();
    const reached: string[] = [];
    const failures: unknown[] = [];
    const sharedObjects = new TestShared({ clock });
    const page = (version: string) => () => {
      const out = ui.state('nothing', 'out');
      const total = shared('total', 0);
      ui.label(() => `out ${out.value}, total ${total.value}`);
      const work = async () => {
        await outside.pass();
        reached.push(version);
        out.value = version;
        total.add(1);
        run.cpuBound(tasks.work, 3);
        background.create(() => reached.push('background'));
        throw new Error(`from ${version}`);
      };
      ui.button('Call', () => void run.ioBound(work));
      ui.button('Background', () => void background.create(work));
      ui.button('Loose', () => void work().catch((error) => reached.push(String(error))));
    };
    const server = new TestServer({
      clock,
      services,
      shared: sharedObjects,
      pages: { '/': page('first') },
      onError: (error) => failures.push(error),
    });
    using user = await User.open(server, clock, '/');
    user.find('Call').click();
    user.find('Background').click();
    user.find('Loose').click();
    await user.advance('1s');
    server.save({ '/': page('second') });
    outside.open();
    await user.advance('2s');
    expect(reached).toEqual(['first', 'first', 'first', 'Error: from first']);
    expect(asked).toEqual([]);
    expect(lines(user)).toContain('out nothing, total 0');
    expect(failures).toEqual([]);
  });

  test('an async page function of before, which ends later or never, is nobody’s', async () => {
    const outside = gate<void>();
    const page = (version: string, wait: boolean) => async () => {
      if (wait) await outside.pass();
      ui.label(version);
    };
    const clock = new VirtualClock();
    const server = new TestServer({ clock, pages: { '/': page('first', true) } });
    const opening = User.open(server, clock, '/');
    await clock.advance(10);
    server.save({ '/': page('second', false) });
    using user = await opening;
    await user.shouldSee('second');
    outside.open();
    await user.advance('1m');
    expect(lines(user)).toEqual(['second']);
    expect(server.errors).toEqual([]);
  });
});

describe('[TO3] what belongs to the session never notices a save', () => {
  test('a running job keeps its attempt, and the new page shows its progress', async () => {
    const clock = new VirtualClock();
    const { asked, services } = compute(clock, 10);
    const page = (version: string) => () => {
      const report = ui.job('report', tasks.work);
      ui.label(() => `${version} ${Math.round(100 * (report.progress.value ?? 0))}%`);
      ui.button('Start', () => void report.start(7));
    };
    const server = new TestServer({ clock, services, pages: { '/': page('first') } });
    using user = await User.open(server, clock, '/');
    user.find('Start').click();
    await user.shouldSee('first 50%', { within: '10s' });
    server.save({ '/': page('second') });
    await user.shouldSee('second 50%');
    await user.shouldSee('second 100%', { within: '10s' });
    expect(asked).toEqual([7]);
    expect(server.session.jobs.list().map(({ attempt, lost }) => [attempt, lost])).toEqual([[1, 0]]);
  });

  test.each([
    ['below 10 s', 5, '5s'],
    ['that rides on the alarm', 12, '12s'],
  ] as const)('a timer %s keeps its time, however often the author saves', async (_, seconds, interval) => {
    const ticks: number[] = [];
    const clock = new VirtualClock();
    const page = () => void ui.timer(interval, () => void ticks.push(Math.round(clock.time / 1_000)));
    const server = new TestServer({ clock, pages: { '/': page } });
    using user = await User.open(server, clock, '/');
    const began = Math.round(clock.time / 1_000);
    for (let second = 0; second < 4 * seconds; second++) {
      await user.advance(1_000);
      server.save({ '/': page });
    }
    await user.advance(500);
    expect(ticks.map((at) => Math.round((at - began) / seconds))).toEqual([1, 2, 3, 4]);
  });

  test('shared values stay subscribed, and two sessions see each other’s writes', async () => {
    const clock = new VirtualClock();
    const sharedObjects = new TestShared({ clock });
    const page = () => {
      const total = shared('total', 0);
      ui.label(() => `total ${total.value}`);
      ui.button('Add', () => total.add(1));
    };
    const [one, other] = ['one', 'other'].map(
      (name) => new TestServer({ name, clock, shared: sharedObjects, pages: { '/': page } }),
    ) as [TestServer, TestServer];
    using first = await User.open(one, clock, '/');
    using second = await User.open(other, clock, '/');
    await first.advance('1s');
    const { version } = await sharedObjects.hub('signal:total').read(-1);
    for (let save = 0; save < 5; save++) {
      one.save({ '/': page });
      expect(sharedObjects.hub('signal:total').subscribers).toEqual(['one', 'other']);
      first.find('Add').click();
      second.find('Add').click();
      await first.advance('1s');
      expect(sharedObjects.hub('signal:total').subscribers).toEqual(['one', 'other']);
    }
    expect(version).toBe(0);
    await first.shouldSee('total 10');
    await second.shouldSee('total 10');
  });

  test('an alarm that rings during a save does its work once', async () => {
    const said: string[] = [];
    const page = (version: string) => async () => {
      await run.ioBound(async () => {});
      ui.button('Sleep', async () => {
        await run.sleep('30s');
        said.push(version);
      });
    };
    using user = await open({ '/': page('first') }, '/');
    user.find('Sleep').click();
    await user.advance('29s');
    user.server.ring();
    user.server.save({ '/': page('second') });
    user.server.ring();
    user.server.save({ '/': page('third') });
    user.server.ring();
    await user.advance('1m');
    expect(said).toEqual(['third']);
    expect(user.server.errors).toEqual([]);
  });

  test('a trigger that waits for the run of another one starts once', async () => {
    const outside = gate<void>();
    const page = () => {
      const out = ui.state(0, 'out');
      ui.label(() => `runs ${out.value}`);
      ui.button(
        'Go',
        async () => {
          await run.ioBound(() => outside.pass());
          out.value++;
        },
        { whileRunning: 'queue' },
      );
    };
    using user = await open({ '/': page }, '/');
    user.find('Go').click().click().click();
    await user.advance('1s');
    user.server.save({ '/': page });
    for (let run = 0; run < 3; run++) {
      await user.advance('1s');
      outside.open();
    }
    await user.shouldSee('runs 3');
    await user.advance('1m');
    expect(lines(user)).toContain('runs 3');
  });
});

describe('[TO3] a browser during a save', () => {
  const page = (version: string) => () => {
    const count = ui.state(0, 'count');
    ui.label(() => `${version} ${count.value}`);
    ui.button('Count', () => count.value++);
  };
  const snapshots = (user: User) => user.browser.wire?.sent.filter((text) => text.startsWith('["s"')).length ?? 0;

  test.each([
    ['before the session sends the new page', 1],
    ['while the new page travels', 3],
    ['after the new page has arrived', 40],
  ])('gets one new page when it says hello %s, and its clicks count', async (_, ms) => {
    using user = await open({ '/': page('first') }, '/', { latency: 5 });
    user.find('Count').click();
    await user.advance('2s');
    const { wire } = user.browser;
    const before = snapshots(user);
    user.browser.link.greet();
    await user.advance(5);
    user.server.save({ '/': page('second') });
    await user.advance(ms);
    user.browser.link.greet();
    user.find('Count').click();
    await user.shouldSee('second 2', { within: '1s' });
    expect(snapshots(user) - before).toBeLessThanOrEqual(1);
    expect(user.browser.wire).toBe(wire);
    expect(wire?.open).toBe(true);
  });

  test.each([
    ['clicks', 0],
    ['clicks and a hello', 1],
  ])('sends %s that overtake each other, and each counts once, on the same socket', async (_, hellos) => {
    using user = await open({ '/': page('first') }, '/');
    await user.advance('1s');
    const { wire } = user.browser;
    wire?.hold('up');
    user.find('Count').click().click().click();
    if (hellos > 0) user.browser.link.greet();
    user.server.save({ '/': page('second') });
    await user.advance(10);
    (wire?.waiting('up') as string[]).reverse();
    wire?.release('up');
    await user.shouldSee('second 3', { within: '2s' });
    await user.advance('30s');
    expect(lines(user)).toContain('second 3');
    expect(user.browser.notices).toEqual([]);
    expect(user.browser.wire).toBe(wire);
    expect(wire?.open).toBe(true);
  });

  test('that waits for the answer to its hello gets the new page', async () => {
    using user = await open({ '/': page('first') }, '/');
    await user.advance('1s');
    const { traffic } = user.server.session;
    traffic.inFlight += 1e9;
    user.cut();
    await user.advance('10s');
    user.server.save({ '/': page('second') });
    traffic.inFlight -= 1e9;
    await user.shouldSee('second 0', { within: '10s' });
    expect(user.server.errors).toEqual([]);
  });

  test('of a page that the save has removed is told, and the others stay', async () => {
    const clock = new VirtualClock();
    const server = new TestServer({ clock, pages: { '/': page('first'), '/other': page('other') } });
    using user = await User.open(server, clock, '/');
    using other = await user.tab('/other');
    await user.advance('1s');
    server.save({ '/': page('second') });
    await user.shouldSee('second 0');
    expect(other.browser.closed || other.browser.link.status.state === 'ended').toBe(true);
  });
});

describe('[TO3] a save that breaks a page function', () => {
  const good = (version: string) => () => {
    const count = ui.state(0, 'count');
    ui.label(() => `${version} ${count.value}`);
    ui.button('Count', () => count.value++);
  };
  const bad = () => {
    throw new Error('A mistake of the author.');
  };

  test('leaves the page with a notice, and the next good save heals it at once, with the clicks of between', async () => {
    using user = await open({ '/': good('first') }, '/');
    user.find('Count').click();
    await user.advance('2s');
    const { wire } = user.browser;
    user.server.save({ '/': bad });
    await user.advance('1s');
    expect(user.browser.link.status.trouble).toContain('A mistake of the author.');
    expect(lines(user)).toContain('first 1');
    // The pauses between two tries have grown to half a minute.
    await user.advance('5m');
    user.find('Count').click();
    user.server.save({ '/': good('second') });
    await user.shouldSee('second 2', { within: '1s' });
    expect(user.browser.link.status.trouble).toBeUndefined();
    expect(user.browser.wire).toBe(wire);
  });

  test('shows the mistake of the newest save', async () => {
    using user = await open({ '/': good('first') }, '/');
    user.server.save({ '/': bad });
    await user.advance('1s');
    user.server.save({
      '/': () => {
        throw new Error('Another mistake.');
      },
    });
    await user.advance('100ms');
    expect(user.browser.link.status.trouble).toContain('Another mistake.');
  });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '[TO3] 300 clicks, 12 jobs and 40 saves end exactly, in any order (seed %i)',
  async (seed) => {
    const chance = seeded(seed);
    const clock = new VirtualClock(seeded(seed + 1_000));
    const { asked, services } = compute(clock, 3);
    const page = (version: number, slow: boolean) => () => {
      const count = ui.state(0, 'count');
      const done = ui.state<readonly number[]>([], 'done');
      const waited = ui.state(0, 'waited');
      ui.label(() => `version ${version}`);
      ui.label(() => `count ${count.value}, done ${done.value.length}, waited ${waited.value}`);
      ui.button('Count', () => count.value++);
      ui.button('Wait', async () => {
        await run.ioBound(() => new Promise<void>((resolve) => clock.after(50, resolve)));
        waited.value++;
      });
      ui.button('Work', async () => {
        const result = await run.cpuBound(tasks.work, done.value.length);
        done.value = [...done.value, result];
      });
      return slow ? new Promise<void>((resolve) => clock.after(20, resolve)) : undefined;
    };
    const server = new TestServer({ clock, services, pages: { '/': page(0, false) } });
    using user = await User.open(server, clock, '/');
    const { wire } = user.browser;
    const steps = [
      ...Array(200).fill('Count'),
      ...Array(100).fill('Wait'),
      ...Array(12).fill('Work'),
      ...Array(40).fill(''),
    ];
    for (let rest = steps.length; rest > 0; rest--) {
      const [step] = steps.splice(Math.floor(chance() * rest), 1);
      if (step !== '') user.find(step).click();
      else server.save({ '/': page(40 - steps.filter((each) => each === '').length, chance() < 0.3) });
      if (chance() < 0.7) await user.advance(1 + Math.floor(chance() ** 3 * 400));
    }
    await user.advance('2m');
    expect(lines(user)).toEqual(['version 40', 'count 200, done 12, waited 100']);
    expect(asked).toHaveLength(12);
    expect(server.errors).toEqual([]);
    expect(user.browser.wire).toBe(wire);
    expect(server.session.jobs.list().map(({ attempt, lost }) => [attempt, lost])).toEqual(Array(12).fill([1, 0]));
  },
);
