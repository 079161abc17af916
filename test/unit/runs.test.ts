import { expect, test } from 'vitest';
import { type HandlerRun, type RunPlace, Runs } from '../../src/session/page/runs.ts';
import { settled } from '../../src/testing/index.ts';
import type { WhileRunning } from '../../src/tree/index.ts';

/** Runs of one button, with the end of each in the test's hand. */
function button(whileRunning: WhileRunning = 'parallel') {
  const place: RunPlace = { node: 7, event: 'click', listener: 0 };
  const busy: boolean[] = [];
  const started: { readonly name: string; readonly run: HandlerRun; end(): void }[] = [];
  const runs = new Runs((which, now) => {
    if (which === place.node) busy.push(now);
  });
  const start = (name: string, at = place) =>
    runs.start(at, whileRunning, (run) => new Promise<void>((end) => started.push({ name, run, end })));
  const brief = (name: string) => runs.start(place, whileRunning, (run) => void started.push({ name, run, end() {} }));
  const end = async (name: string) => {
    started.find((one) => one.name === name)?.end();
    await settled();
  };
  return { runs, place, busy, started, start, brief, end, names: () => started.map((one) => one.name) };
}

test('[NB4] parallel: each trigger starts a run, and the node is busy while any is open', async () => {
  const { runs, busy, start, end, names } = button('parallel');
  for (const name of ['1', '2', '3']) start(name);
  expect(names()).toEqual(['1', '2', '3']);
  expect(runs.count).toBe(3);
  await end('2');
  await end('1');
  expect(busy).toEqual([true]);
  await end('3');
  expect(busy).toEqual([true, false]);
  expect(runs.count).toBe(0);
});

test('[NB4] ignore: a trigger during a run is dropped, one after it starts', async () => {
  const { start, end, names } = button('ignore');
  start('1');
  start('2');
  await end('1');
  start('3');
  expect(names()).toEqual(['1', '3']);
});

test('[NB4] queue: triggers run one after another, in their order', async () => {
  const { runs, busy, start, end, names } = button('queue');
  for (const name of ['1', '2', '3']) start(name);
  expect(names()).toEqual(['1']);
  await end('1');
  expect(names()).toEqual(['1', '2']);
  await end('2');
  await end('3');
  expect(names()).toEqual(['1', '2', '3']);
  expect(runs.count).toBe(0);
  expect(busy.at(-1)).toBe(false);
});

test('[NB4] queue: a run that ends at once lets the next one start, so that none is left waiting', async () => {
  const { runs, start, brief, end, names } = button('queue');
  start('1');
  for (const name of ['2', '3']) brief(name);
  start('4');
  brief('5');
  await end('1');
  expect(names()).toEqual(['1', '2', '3', '4']);
  await end('4');
  expect(names()).toEqual(['1', '2', '3', '4', '5']);
  expect(runs.count).toBe(0);
});

test('[BD1] the line of a listener and the open runs of a page are capped, and more is refused', async () => {
  const line = button('queue');
  line.start('1');
  for (let more = 0; more < 1_000; more++) expect(line.brief('more')).toBe('waiting');
  expect(line.brief('too many')).toBe('refused');
  await line.end('1');
  expect(line.names()).toHaveLength(1_001);
  const open = button('parallel');
  for (let more = 0; more < 500; more++) expect(open.start('more')).toBe('started');
  expect(open.start('too many')).toBe('refused');
  await open.end('more');
  expect(open.start('again')).toBe('started');
});

test('[NB4] restart: a new trigger takes the place of the run before it', async () => {
  const { started, runs, busy, start, brief, end } = button('restart');
  start('1');
  start('2');
  expect(started.map(({ run }) => run.superseded)).toEqual([true, false]);
  await end('1');
  expect(runs.count).toBe(1);
  start('3');
  expect(started.map(({ run }) => run.superseded)).toEqual([true, true, false]);
  expect(busy).toEqual([true]);
  brief('4');
  expect(started.map(({ run }) => run.superseded)).toEqual([true, true, true, false]);
  // What a superseded run still does is nobody's to wait for.
  expect(busy).toEqual([true, false]);
});

test('[NB4] a policy is about one listener of one node: others run beside it', async () => {
  const { start, names, place } = button('ignore');
  start('1');
  start('2', { ...place, listener: 1 });
  start('3', { ...place, event: 'focus' });
  start('4', { ...place, node: 8 });
  expect(names()).toEqual(['1', '2', '3', '4']);
  start('5', { ...place });
  expect(names()).toEqual(['1', '2', '3', '4']);
});

test('[NB4] a run that ends at once makes nobody busy', () => {
  const { runs, busy, brief } = button();
  brief('1');
  expect([runs.count, busy]).toEqual([0, []]);
});
