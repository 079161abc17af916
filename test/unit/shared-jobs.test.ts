import { expect, test } from 'vitest';
import { ui } from '../../src/elements/index.ts';
import type { MirrorNode } from '../../src/protocol/index.ts';
import { shared, sharedLimits } from '../../src/shared/index.ts';
import { run } from '../../src/tasks/index.ts';
import { TestBrowser, TestServer, TestShared, VirtualClock } from '../../src/testing/index.ts';
import { button } from './screen.ts';
import { type Gate, gate, service } from './task-service.ts';

function world() {
  const clock = new VirtualClock();
  const gates: Gate[] = [gate(), gate(), gate(), gate()];
  let step = 0;
  const tasks = {
    async *bar(units: number): AsyncGenerator<number, number> {
      yield 0.5;
      return units + (await (gates[step] as Gate).promise);
    },
  };
  const COMPUTE = service(tasks, clock);
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const worker = shared.job('compute', handles.bar);
  const again = shared.job('again', handles.bar, { whileRunning: 'restart' });
  const timed = shared.job('timed', handles.bar, { heartbeat: '5s' });
  const all = new TestShared({ clock, services: { COMPUTE } });
  const pages = {
    '/': () => {
      ui.label(
        () => `${worker.status.value} ${worker.progress.value} ${worker.result.value} ${worker.error.value?.message}`,
      );
      ui.button('Start', () => worker.start(10));
      ui.button('Cancel', () => worker.cancel());
      ui.button('Retry', () => worker.retry());
    },
    '/again': () => {
      ui.label(() => `${again.status.value} ${again.result.value}`);
      ui.button('Start', () => again.start(100));
    },
    '/timed': () => {
      ui.label(() => `${timed.status.value} ${timed.error.value?.message}`);
      ui.button('Start', () => timed.start(100));
      ui.button('Retry', () => timed.retry());
    },
    '/none': () => {},
  };
  const servers = new Map<string, TestServer>();
  const visit = async (name: string, path = '/') => {
    const server = servers.get(name) ?? new TestServer({ clock, pages, name, shared: all, services: { COMPUTE } });
    servers.set(name, server);
    const browser = await TestBrowser.open(server, clock, path);
    await clock.advance(100);
    return { server, browser };
  };
  return {
    clock,
    all,
    visit,
    servers,
    COMPUTE,
    gate: () => gates[step] as Gate,
    next: () => {
      step++;
    },
  };
}

function text(browser: TestBrowser): unknown {
  const find = (node: MirrorNode): MirrorNode | undefined =>
    node.kind === 'label' ? node : node.children.map(find).find(Boolean);
  return find(browser.root)?.props.text;
}

function click(browser: TestBrowser, name: string): void {
  browser.emit(button(browser, name), 'click');
}

test('[LW5] one job for all: whoever starts it, everybody sees it, a late one in the first HTML', async () => {
  const { clock, visit, gate, COMPUTE, servers, all } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  expect(text(ada.browser)).toBe('idle null undefined undefined');
  click(ada.browser, 'Start');
  await clock.advance(1_000);
  expect([text(ada.browser), text(bob.browser)]).toEqual(Array(2).fill('running 0.5 undefined undefined'));
  click(bob.browser, 'Start');
  await clock.advance(1_000);
  expect(COMPUTE.calls, 'the second start joins').toBe(1);
  const eve = await visit('eve', '/none');
  const paint = await eve.server.open('/');
  expect(JSON.stringify(paint)).toContain('running 0.5');
  gate().open(5);
  await clock.advance(1_000);
  expect([text(ada.browser), text(bob.browser)]).toEqual(Array(2).fill('done 1 15 undefined'));
  await clock.advance(5_000);
  expect(all.hub('job:compute').whyAwake()).toEqual([]);
  all.evict('job:compute');
  const late = await eve.server.open('/');
  expect(JSON.stringify(late)).toContain('done 1 15');
  await clock.advance(1_000);
  for (const server of servers.values()) expect(server.errors).toEqual([]);
});

test('a job survives the death of its object, of the session that started it, and the absence of all', async () => {
  const { clock, visit, gate, all, COMPUTE } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  click(ada.browser, 'Start');
  await clock.advance(1_000);
  all.kill('job:compute');
  ada.server.kill();
  await clock.advance(15_000);
  expect(COMPUTE.calls).toBe(2);
  expect([text(ada.browser), text(bob.browser)]).toEqual(Array(2).fill('running 0.5 undefined undefined'));
  ada.browser.close();
  bob.browser.close();
  await clock.advance(1_000);
  all.kill('job:compute');
  gate().open(1);
  await clock.advance(60_000);
  const eve = await visit('eve');
  expect(text(eve.browser)).toBe('done 1 11 undefined');
});

test('a shared job waits for a compute service that went away, and everybody sees its end', async () => {
  const { clock, visit, gate, all, COMPUTE } = world();
  const ada = await visit('ada');
  click(ada.browser, 'Start');
  gate().open(1);
  await clock.advance(1_000);
  expect(text(ada.browser)).toBe('done 1 11 undefined');
  const { run: call } = COMPUTE;
  COMPUTE.run = async () => {
    throw new Error('Worker "edgewise-compute" not found.');
  };
  click(ada.browser, 'Start');
  await clock.advance(60_000);
  all.kill('job:compute');
  ada.server.kill();
  await clock.advance(40_000);
  expect(text(ada.browser)).toBe('waiting null undefined undefined');
  COMPUTE.run = call;
  await clock.advance(10_000);
  expect(text(ada.browser)).toBe('done 1 11 undefined');
  COMPUTE.run = async () => {
    throw new Error('Worker "edgewise-compute" not found.');
  };
  click(ada.browser, 'Start');
  await clock.advance(150_000);
  const bob = await visit('bob');
  for (const { browser } of [ada, bob])
    expect(text(browser)).toMatch(
      /^exhausted null undefined Task "bar" was given up: its compute service was not reachable for 2 minutes\. /,
    );
});

test('a start is done once, whenever the session or the object dies', async () => {
  for (let at = 0; at < 60; at += 4) {
    for (const victim of ['session', 'object']) {
      const { clock, visit, gate, all } = world();
      const ada = await visit('ada');
      click(ada.browser, 'Start');
      await clock.advance(at);
      if (victim === 'session') ada.server.kill();
      else all.kill('job:compute');
      gate().open(1);
      await clock.advance(60_000);
      expect(text(ada.browser), `${victim} killed after ${at} ms`).toBe('done 1 11 undefined');
      expect(all.stores.get('job:compute')?.jobs('all')).toHaveLength(1);
    }
  }
});

test('everybody may cancel it, and start it again with its arguments', async () => {
  const { clock, visit, gate, next } = world();
  const ada = await visit('ada');
  const bob = await visit('bob');
  click(ada.browser, 'Start');
  await clock.advance(1_000);
  click(bob.browser, 'Cancel');
  await clock.advance(1_000);
  expect(String(text(ada.browser))).toMatch(/^cancelled 0.5/);
  next();
  click(ada.browser, 'Retry');
  await clock.advance(1_000);
  expect(String(text(bob.browser))).toMatch(/^running/);
  gate().open(2);
  await clock.advance(1_000);
  expect([text(ada.browser), text(bob.browser)]).toEqual(Array(2).fill('done 1 12 undefined'));
});

test('a failure is shown to all, and is in the log', async () => {
  const { clock, visit, gate, all } = world();
  const ada = await visit('ada');
  click(ada.browser, 'Start');
  await clock.advance(1_000);
  gate().fail(new Error('The disk is full.'));
  await clock.advance(1_000);
  expect(text(ada.browser)).toBe('failed 0.5 undefined The disk is full.');
  expect(all.log.filter((entry) => entry.level === 'error').map((entry) => entry.message)).toEqual([
    'A shared job failed.',
  ]);
});

test("whileRunning: 'restart' cancels the running one", async () => {
  const { clock, visit, gate, next } = world();
  const ada = await visit('ada', '/again');
  click(ada.browser, 'Start');
  await clock.advance(1_000);
  const first = gate();
  next();
  click(ada.browser, 'Start');
  await clock.advance(1_000);
  first.open(1);
  await clock.advance(1_000);
  expect(text(ada.browser)).toBe('running undefined');
  gate().open(2);
  await clock.advance(1_000);
  expect(text(ada.browser)).toBe('done 102');
});

test('a replay repeats neither writes nor starts, and reads what the handler had written', async () => {
  const clock = new VirtualClock();
  const first = gate();
  const tasks = { slow: async () => first.promise };
  const handles = run.tasks<typeof tasks>('COMPUTE');
  const COMPUTE = service(tasks, clock);
  const all = new TestShared({ clock, services: { COMPUTE } });
  const count = shared('count', 0);
  const name = shared('name', 'none');
  const worker = shared.job('replayed', handles.slow);
  const seen: unknown[] = [];
  const second = gate();
  const pages = {
    '/': () => {
      ui.label(() => `${count.value} ${name.value}`);
      ui.button('Start', async () => {
        count.add(1);
        name.value = 'first';
        worker.start();
        seen.push(`${count.value} ${name.value}`);
        const value = await run.cpuBound(handles.slow);
        count.add(value);
        name.value += ' and second';
        seen.push(`${count.value} ${name.value}`);
        await run.ioBound(() => second.promise);
        seen.push(`${count.value} ${name.value}`);
      });
      ui.button('Other', () => {
        count.add(100);
      });
    },
  };
  const server = new TestServer({ clock, pages, name: 'ada', shared: all, services: { COMPUTE } });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  click(browser, 'Start');
  await clock.advance(500);
  click(browser, 'Other');
  await clock.advance(500);
  expect(text(browser)).toBe('101 first');
  server.kill();
  await clock.advance(20_000);
  expect(text(browser)).toBe('101 first');
  first.open(1_000);
  await clock.advance(30_000);
  expect(text(browser)).toBe('1101 first and second');
  expect(seen).toEqual(['1 first', '1 first', '1101 first and second']);
  click(browser, 'Other');
  await clock.advance(1_000);
  server.kill();
  await clock.advance(20_000);
  expect(text(browser)).toBe('1201 first and second');
  second.open(0);
  await clock.advance(20_000);
  // As it was then, although others have written since; and what is, once it goes on for real.
  expect(seen.slice(3, 6)).toEqual(['1 first', '1101 first and second', '1201 first and second']);
  expect(all.stores.get('job:replayed')?.jobs('all')).toHaveLength(1);
  expect(server.errors).toEqual([]);
});

test('a job whose object dies again and again, before it has been quiet, is shown to its end', async () => {
  const clock = new VirtualClock();
  const end = gate();
  const tasks = {
    async *bar(): AsyncGenerator<number, number> {
      for (let step = 1; step <= 1_000; step++) {
        yield step / 1_001;
        await Promise.race([end.promise, new Promise((resolve) => clock.after(100, () => resolve(0)))]);
      }
      return end.promise;
    },
  };
  const COMPUTE = service(tasks, clock);
  const worker = shared.job('long', run.tasks<typeof tasks>('COMPUTE').bar);
  const all = new TestShared({ clock, services: { COMPUTE } });
  const pages = {
    '/': () => {
      ui.label(() => `${worker.status.value} ${worker.attempt.value} ${worker.result.value}`);
      ui.button('Start', () => worker.start());
    },
  };
  const server = new TestServer({ clock, pages, name: 'ada', shared: all, services: { COMPUTE } });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  click(browser, 'Start');
  // Each life is shorter than the one before, so it has fewer versions to tell.
  for (const [life, lasts] of [20_000, 15_000, 12_000].entries()) {
    await clock.advance(lasts);
    expect(text(browser), `life ${life + 1}`).toBe(`running ${life + 1} undefined`);
    all.kill('job:long');
    await clock.advance(100);
  }
  end.open(7);
  await clock.advance(12_000);
  expect(text(browser)).toBe('done 4 7');
  expect(server.errors).toEqual([]);
});

test('a result that is too large for all is no result: the job fails with a sentence, here and in its row', async () => {
  const clock = new VirtualClock();
  const tasks = { text: (length: number) => 'x'.repeat(length) };
  const COMPUTE = service(tasks, clock);
  const all = new TestShared({ clock, services: { COMPUTE } });
  const worker = shared.job('text', run.tasks<typeof tasks>('COMPUTE').text);
  const most = sharedLimits.value;
  const pages = {
    '/': () => {
      ui.label(() => `${worker.status.value} ${worker.result.value?.length} ${worker.error.value?.message}`);
      ui.button('Largest', () => worker.start(most - 2));
      ui.button('Larger', () => worker.start(most - 1));
    },
  };
  const server = new TestServer({ clock, pages, name: 'ada', shared: all, services: { COMPUTE } });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  click(browser, 'Largest');
  await clock.advance(1_000);
  expect(text(browser)).toBe(`done ${most - 2} undefined`);
  click(browser, 'Larger');
  await clock.advance(1_000);
  const message = `The result of task "text" has ${most + 1} characters; the limit is ${most}. Put it into R2 or a database, and return its key.`;
  expect(text(browser)).toBe(`failed undefined ${message}`);
  await clock.advance(5_000);
  all.evict('job:text');
  expect(JSON.stringify(await server.open('/'))).toContain(JSON.stringify(`failed undefined ${message}`).slice(1, -1));
  expect(all.stores.get('job:text')?.parts(all.stores.get('job:text')?.jobs('all')[1]?.job ?? '', 'result')).toEqual(
    [],
  );
});

test('arguments that are too large, and more commands than can wait, are refused in the line that gives them', async () => {
  const clock = new VirtualClock();
  const tasks = { echo: (text: string) => text.length };
  const COMPUTE = service(tasks, clock);
  const all = new TestShared({ clock, services: { COMPUTE } });
  const worker = shared.job('echo', run.tasks<typeof tasks>('COMPUTE').echo, { whileRunning: 'restart' });
  const pages = {
    '/': () => {
      ui.label(() => `${worker.status.value} ${worker.result.value}`);
      ui.button('Start', () => worker.start('x'.repeat(200_000)));
      ui.button('Too large', () => worker.start('x'.repeat(sharedLimits.value)));
    },
    '/builder': () => {
      worker.start('x');
    },
  };
  const server = new TestServer({ clock, pages, name: 'ada', shared: all, services: { COMPUTE } });
  const browser = await TestBrowser.open(server, clock, '/');
  await clock.advance(100);
  const messages = () =>
    server.log.splice(0).flatMap(({ error }) => (error instanceof RangeError ? error.message : []));
  click(browser, 'Too large');
  await clock.advance(1_000);
  expect(messages()).toEqual([
    expect.stringMatching(/^The list of arguments of shared\.job\('echo'\) would have \d+ characters/),
  ]);
  all.lose = (call) => call.endsWith('.write');
  for (let n = 0; n < 3; n++) click(browser, 'Start');
  await clock.advance(1_000);
  expect(messages()).toEqual([
    expect.stringMatching(
      /^2 commands to shared\.job\('echo'\) wait to be sent, and at most \d+ \(\d+ characters\) may wait\./,
    ),
  ]);
  all.lose = () => false;
  await clock.advance(60_000);
  expect(text(browser)).toBe('done 200000');
  await expect(server.open('/builder')).rejects.toThrow(
    /^shared\.job\('echo'\) was commanded while a page was built\..*start, cancel and retry in a handler or a timer\.$/,
  );
});

test('a shared job has the times and the heartbeat of its options, also when it is started again; wrong ones are refused', async () => {
  const { clock, visit } = world();
  const { browser } = await visit('ada', '/timed');
  for (const name of ['Start', 'Retry']) {
    click(browser, name);
    await clock.advance(4_000);
    expect(text(browser)).toBe('running undefined');
    await clock.advance(3_000);
    expect(text(browser)).toMatch(/^timedOut Task "bar" sent no heartbeat for 5 s and was stopped\./);
  }
  const { task } = run.tasks<{ task(): void }>('COMPUTE');
  expect(() => shared.job('x', task, { heartbaet: '5s' } as object)).toThrow('Did you mean "heartbeat"?');
  expect(() => shared.job('x', task, { key: 'k' } as object)).toThrow('shared.job has no option "key".');
  expect(() => shared.job('x', task, { whileRunning: 'queue' as 'ignore' })).toThrow("must be 'ignore' or 'restart'");
});

/** All texts of a tree, in order. */
function allTexts(browser: TestBrowser): string[] {
  const visit = (node: MirrorNode): string[] => [
    ...(typeof node.props.text === 'string' ? [node.props.text] : []),
    ...node.children.flatMap(visit),
  ];
  return visit(browser.root);
}

/** The texts of a list of jobs, below the buttons that narrow it. */
function entries(browser: TestBrowser): string[] {
  return allTexts(browser).filter((one) => !/^(All|Running|Waiting|Done|Failed|Cancelled) \d+$/.test(one));
}

test('the list of jobs has the shared ones that pages of the session have used, with their buttons', async () => {
  const clock = new VirtualClock();
  const gates = [gate(), gate()];
  let step = 0;
  const tasks = {
    async *bar(): AsyncGenerator<number | string, number> {
      yield 0.25;
      yield 'a chunk';
      return (gates[step++] as Gate).promise;
    },
  };
  const COMPUTE = service(tasks, clock);
  const all = new TestShared({ clock, services: { COMPUTE } });
  const { bar } = run.tasks<typeof tasks>('COMPUTE');
  const worker = shared.job('listed', bar, { via: 'service' });
  const pages = {
    '/': () => {
      ui.label(() => worker.status.value);
      ui.button('Start', () => worker.start());
      ui.button('Own', () => void run.cpuBound(bar).catch(() => {}));
    },
    '/jobs': () => {
      ui.jobs();
    },
  };
  const server = (name: string) => new TestServer({ clock, pages, name, shared: all, services: { COMPUTE } });
  const ada = server('ada');
  const page = await TestBrowser.open(ada, clock, '/');
  await clock.advance(100);
  const panel = await TestBrowser.open(ada, clock, '/jobs');
  await clock.advance(100);
  expect(allTexts(panel)).toEqual(['No jobs yet.']);
  click(page, 'Start');
  await clock.advance(1_000);
  expect(entries(panel)).toEqual([
    'listed · bar',
    'running',
    'COMPUTE',
    'shared by all',
    expect.stringMatching(/^since \d\d:\d\d:\d\d UTC · 1 chunk$/),
    'Cancel',
  ]);
  const progress = (node: MirrorNode): unknown =>
    node.kind === 'progress' ? node.props.value : node.children.map(progress).find((value) => value !== undefined);
  expect(progress(panel.root)).toBe(0.25);
  // Another session, whose pages have not used it, has nothing to list.
  const eve = await TestBrowser.open(server('eve'), clock, '/jobs');
  await clock.advance(100);
  expect(allTexts(eve)).toEqual(['No jobs yet.']);

  click(panel, 'Cancel');
  await clock.advance(1_000);
  expect(text(page)).toBe('cancelled');
  expect(allTexts(panel)).toContain('Cancelled in the list of jobs.');
  click(panel, 'Retry');
  await clock.advance(1_000);
  expect(text(page)).toBe('running');
  gates[1]?.fail(new Error('The disk is full.'));
  await clock.advance(1_000);
  expect(entries(panel)).toEqual([
    'listed · bar',
    'failed',
    'COMPUTE',
    'shared by all',
    expect.stringMatching(/^\d\d:\d\d:\d\d UTC · ended after \d+\.\d s · 1 chunk$/),
    'Retry',
    'Error: The disk is full.',
  ]);

  // Opened, it tells what it has yielded and where it failed.
  click(panel, 'listed · bar');
  await clock.advance(1_000);
  expect(entries(panel).slice(-4)).toEqual([
    expect.stringMatching(/^Shared by all · asked for .* · ended /),
    expect.stringMatching(/^Error: The disk is full\.\n +at /),
    '1 chunk:',
    'a chunk',
  ]);
  click(panel, 'listed · bar');
  await clock.advance(100);

  // The session sleeps, and wakes with nobody but the list: it still knows which there are.
  page.close();
  await clock.advance(10_000);
  ada.evict();
  await panel.reload();
  await clock.advance(1_000);
  expect(entries(panel).slice(0, 2)).toEqual(['listed · bar', 'failed']);
  step = 0;
  gates[0] = gate();
  const again = await TestBrowser.open(ada, clock, '/');
  await clock.advance(100);
  click(again, 'Own');
  await clock.advance(500);
  expect(
    allTexts(panel).filter((one) => /bar/.test(one)),
    'the newest first',
  ).toEqual(['bar', 'listed · bar']);
  expect(ada.log.filter(({ level, fault }) => level === 'error' && fault === 'framework')).toEqual([]);
});
