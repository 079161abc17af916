import { computed, type ReadonlySignal, type Signal } from '../reactive/index.ts';
import { TaskError } from '../rpc/index.ts';
import { type JobInfo, type JobRegistry, jobRegistry } from '../tasks/index.ts';
import { slot } from '../tree/index.ts';
import { Container } from './container.ts';
import { show } from './dynamic.ts';
import { each } from './each.ts';
import { Progress } from './feedback/progress.ts';
import { Button } from './inputs/button.ts';
import { pageHost } from './page-host.ts';
import { Label } from './text/label.ts';

type Status = JobInfo['status'];

/** Whole class names, since Tailwind finds them by reading this file. */
const looks: { readonly [S in Status]: readonly [text: string, badge: string] } = {
  waiting: ['waiting', 'badge-outline'],
  running: ['running', 'badge-info'],
  pausing: ['waiting for another attempt', 'badge-warning'],
  done: ['done', 'badge-success'],
  failed: ['failed', 'badge-error'],
  cancelled: ['cancelled', 'badge-neutral'],
  timedOut: ['timed out', 'badge-error'],
  exhausted: ['given up', 'badge-error'],
};

/** The filters of the list: their names, and the statuses that each shows. */
const groups: { readonly [name: string]: readonly Status[] } = {
  All: Object.keys(looks) as Status[],
  Running: ['running', 'pausing'],
  Waiting: ['waiting'],
  Done: ['done'],
  Failed: ['failed', 'timedOut', 'exhausted'],
  Cancelled: ['cancelled'],
};

/** Maximum of entries, because more would make the page slow. */
const most = 100;
/** Number of newest chunks that an opened entry shows. */
const tail = 20;
/** Maximum of characters of a chunk. */
const wide = 300;
/** Milliseconds after a cancel in which Retry ignores clicks, because Cancel was in the same place and may be double-clicked. */
const doubleClick = 500;

/**
 * A list of the session's jobs and of the shared jobs that its pages have used, newest first. An entry shows the job's state and
 * error, and has buttons that cancel and restart it. Opened, it also shows the newest chunks and, in development, the stack.
 */
export class JobsPanel extends Container {
  constructor() {
    super('column');
    const registry = jobRegistry.require('ui.jobs');
    const list = registry.list();
    this.classes('w-full gap-2');
    this.add(() => {
      const group = panelState('All', 'group');
      const some = computed(() => list.value.filter(({ status }) => groups[group.value]?.includes(status)));
      show(
        () => list.value.length === 0,
        () => new Label('No jobs yet.').classes('opacity-70'),
        () => choice(list, group),
      );
      show(
        () => list.value.length > 0 && some.value.length === 0,
        () => new Label('None of the jobs.').classes('opacity-70'),
      );
      each(
        () => some.value.slice(0, most),
        ({ id }) => id,
        (job) => entry(registry, job),
      );
      show(
        () => some.value.length > most,
        () => new Label(() => `… and ${some.value.length - most} older ones.`).classes('opacity-70'),
      );
    });
  }
}

/**
 * Shows the session's jobs and the shared jobs that its pages have used, newest first. Buttons cancel and restart a job. An opened
 * entry also shows the newest chunks and, in development, the stack of the error.
 *
 * @example
 * app.page('/jobs', () => {
 *   ui.jobs();
 * });
 */
export function jobs(): JobsPanel {
  return new JobsPanel();
}

/** Returns a durable signal of the panel, stored in its page. */
function panelState<T>(initial: T, name: string): Signal<T> {
  return pageHost.require('ui.jobs').state(slot.require('ui.jobs'), initial, name);
}

function choice(list: ReadonlySignal<readonly JobInfo[]>, chosen: Signal<string>): void {
  new Container('row', () => {
    for (const [name, statuses] of Object.entries(groups)) {
      const those = computed(() => list.value.filter(({ status }) => statuses.includes(status)).length);
      new Choice(
        name,
        () => `${name} ${those.value}`,
        () => chosen.value === name,
        () => {
          chosen.value = name;
        },
      );
    }
  })
    .classes('gap-1')
    .props({ role: 'group', 'aria-label': 'Jobs to show' });
}

/** A button of a group in which one button is pressed. */
class Choice extends Button {
  constructor(key: string, text: () => string, pressed: () => boolean, press: () => void) {
    super(text, press, { key });
    this.bind('color', () => (pressed() ? 'primary' : 'ghost'));
    this.classes('btn-sm border-base-300 tabular-nums');
    this.props({ 'aria-pressed': () => (pressed() ? 'true' : 'false') });
  }
}

function entry(registry: JobRegistry, info: JobInfo): void {
  const { id, name, task, lane, service, status, attempt, trouble, shared } = info;
  const [text, badge] = looks[status];
  const open = info.ended === undefined;
  // Only unfinished jobs are watched, because watching reads the result and the chunks, and an ended job never changes.
  const job = open ? registry.watch(id) : undefined;
  const called = name && name !== task ? `${name} · ${task}` : task;
  const opened = panelState(false, 'opened');
  new Container('column', () => {
    new Container('row', () => {
      new Container('row', () => {
        new Disclosure(called, opened).classes(
          'btn-sm -ml-1 h-auto min-h-8 max-w-full shrink flex-nowrap gap-1 px-1 text-left text-base wrap-anywhere whitespace-normal',
        );
        new Label(text).classes(`badge badge-sm ${badge}`);
        new Label(lane === 'queue' ? `${service}, by queue` : service).classes('badge badge-ghost badge-sm');
        if (shared) new Label('shared by all').classes('badge badge-ghost badge-sm');
        if (attempt > 1) new Label(`attempt ${attempt}`).classes('badge badge-ghost badge-sm');
      }).classes('min-h-8 flex-1 gap-x-2 gap-y-1 sm:flex-none');
      // The times stand beside the name, on a telephone below it.
      new Label(() => times(info, job?.position.value ?? 0)).classes(
        'order-last w-full text-sm tabular-nums opacity-70 sm:order-none sm:w-auto sm:flex-1',
      );
      // Two buttons instead of one with two meanings, because a late click on Cancel must not restart the job.
      show(
        open,
        () => action('Cancel', called, () => registry.cancel(id)),
        () =>
          action('Retry', called, () => {
            const cancelled = status === 'cancelled' ? (info.ended ?? 0) : 0;
            if (pageHost.require('ui.jobs').now() - cancelled >= doubleClick) registry.retry(id);
          }),
      );
    }).classes('w-full gap-2');
    if (job && (status === 'running' || status === 'pausing')) {
      new Progress(job.progress).classes('w-full').props({ 'aria-label': `Progress of ${called}` });
    }
    if (trouble) {
      new Label(trouble)
        .classes(status === 'cancelled' ? 'text-sm opacity-70' : 'w-full border-l-4 border-error pl-2 text-sm')
        .classes(() => (opened.value ? '' : 'line-clamp-3'));
    }
    show(opened, () => details(registry, info, called));
  }).classes('w-full gap-2 rounded-box border border-base-300 bg-base-100 p-3');
}

/** A button that opens the details of an entry. */
class Disclosure extends Button {
  constructor(text: string, opened: Signal<boolean>) {
    super(
      text,
      () => {
        opened.value = !opened.value;
      },
      { variant: 'ghost' },
    );
    this.bind('icon', () => (opened.value ? 'chevron-down' : 'chevron-right'));
    this.props({ 'aria-expanded': () => (opened.value ? 'true' : 'false') });
  }
}

function action(word: string, called: string, act: () => void): void {
  new Button(word, act, { variant: 'ghost' })
    .classes('btn-sm border-base-300')
    .props({ 'aria-label': `${word} ${called}` });
}

/** Shows the details of an opened entry, which are read only then. */
function details(registry: JobRegistry, info: JobInfo, called: string): void {
  const { id, created, started, ended, chunks } = info;
  const job = registry.details(id);
  const parts = [info.shared ? 'Shared by all' : `Job ${id}`, `asked for ${exactly(created)}`];
  if (started !== undefined) parts.push(`attempt since ${exactly(started)}`);
  if (ended !== undefined) parts.push(`ended ${exactly(ended)}`);
  new Label(parts.join(' · ')).classes('text-xs opacity-70');
  const error = job?.error;
  // Only development shows the stack, because it is for the author.
  if (error !== undefined && info.status !== 'cancelled' && pageHost.require('ui.jobs').development) {
    box(`Error of ${called}`, stackOf(error));
  }
  if (!job || chunks === 0) return;
  const shown = computed(() => job.chunks(tail));
  const which = ({ length }: readonly unknown[]) =>
    length < chunks ? `The last ${length} of ${count(chunks)}:` : `${count(chunks)}:`;
  new Label(() => which(shown.value)).classes('text-xs opacity-70');
  box(`Output of ${called}`, () => shown.value.map(line).join('\n'));
}

/** Shows text in a box that scrolls, also with the keyboard. */
function box(name: string, text: string | (() => string)): void {
  new Label(text)
    .classes('max-h-64 w-full overflow-auto rounded-box bg-base-200 p-2 font-mono text-xs whitespace-pre wrap-normal')
    .props({ tabindex: 0, role: 'region', 'aria-label': name });
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const stack = (thrown instanceof TaskError ? thrown.remoteStack : undefined) ?? thrown.stack ?? String(thrown);
  return thrown.cause === undefined ? stack : `${stack}\nCaused by: ${stackOf(thrown.cause)}`;
}

/** Returns a chunk as a line: a text unchanged, any other value as JSON, or by String without JSON. */
function line(chunk: unknown): string {
  const text = typeof chunk === 'string' ? chunk : (JSON.stringify(chunk) ?? String(chunk));
  return text.length > wide ? `${text.slice(0, wide)} …` : text;
}

function times({ created, started, ended, chunks }: JobInfo, position: number): string {
  const parts = [ended === undefined ? `since ${timeOfDay(created)}` : timeOfDay(created)];
  if (started !== undefined && started - created >= 1_000) parts.push(`attempt since ${timeOfDay(started)}`);
  if (position > 0) parts.push(`number ${position} in line`);
  if (ended !== undefined) parts.push(`ended after ${seconds(Math.max(0, ended - created))}`);
  if (chunks > 0) parts.push(count(chunks));
  return parts.join(' · ');
}

function count(chunks: number): string {
  return `${chunks.toLocaleString('en')} ${chunks === 1 ? 'chunk' : 'chunks'}`;
}

/** Returns the time in UTC, because the server does not know the visitor's time zone. */
function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

function exactly(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC');
}

function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
