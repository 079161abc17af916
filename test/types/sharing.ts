// What the author's door promises about shared things, checked by the compiler alone.
import { ui } from '../../src/elements/index.ts';
import { type SharedJob, shared } from '../../src/shared/index.ts';
import { storage } from '../../src/stores/index.ts';
import { run } from '../../src/tasks/index.ts';

const tasks = run.tasks<{
  sum(numbers: readonly number[]): number;
  report(title: string): Generator<number, { pages: number }>;
  write(): Generator<number | string, void>;
}>('COMPUTE');

// A signal of numbers, not of 0.
const level = shared('level', 0);
level.value = 5;
level.add(1);
// @ts-expect-error a text is no number
level.value = 'high';

// What the author names stays: a signal of two texts, not of any.
const theme = shared<'light' | 'dark'>('theme', 'light');
export const shade: 'light' | 'dark' = theme.value;
// @ts-expect-error no theme
theme.value = 'blue';
const wide = storage.user<'s' | 'l'>('size', 's');
// @ts-expect-error no size
wide.value = 'xl';

const list = shared<readonly string[]>('list', []);
list.value = ['a'];
// @ts-expect-error only numbers can be added to
list.add(1);

const job: SharedJob<[title: string], { pages: number }> = shared.job('report', tasks.report, { retries: 2 });
job.start('Primes');
export const pages: number | undefined = job.result.value?.pages;
// @ts-expect-error the task takes a text
job.start(5);
// @ts-expect-error progress is read, not written
job.progress.value = 1;

const writer = shared.job('writer', tasks.write);
export const lines: readonly string[] = writer.chunks.value;
export const earlier: number = writer.chunks.value.first;
// @ts-expect-error what it yields is read, not written
writer.chunks.value = [];
// @ts-expect-error it yields texts beside its progress
export const numbers: readonly number[] = writer.chunks.value;
ui.log().follow(writer.chunks);

// @ts-expect-error one job for all has no queue of its own
shared.job('other', tasks.sum, { whileRunning: 'queue' });
