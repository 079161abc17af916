import { computed } from '../reactive/index.ts';
import { type JobInfo, type JobKeeper, jobKeeper } from '../tasks/index.ts';
import { Progress } from './feedback.ts';
import { Container } from './layout.ts';
import { each, show } from './parts.ts';
import { Button, Label } from './text.ts';

/** Whole class names, since Tailwind finds them by reading this file. */
const looks: { readonly [S in JobInfo['status']]: readonly [text: string, badge: string] } = {
  waiting: ['waiting', 'badge-ghost'],
  running: ['running', 'badge-info'],
  pausing: ['waiting for another attempt', 'badge-warning'],
  done: ['done', 'badge-success'],
  failed: ['failed', 'badge-error'],
  cancelled: ['cancelled', 'badge-ghost'],
  timedOut: ['timed out', 'badge-error'],
  exhausted: ['given up', 'badge-error'],
};

/** Every job of the session, newest first: how it stands, what went wrong, and buttons that cancel it and start it again. */
export class JobsPanel extends Container {
  constructor() {
    super('column');
    const keeper = jobKeeper.need('ui.jobs');
    const list = keeper.list();
    this.classes('w-full gap-2');
    this.add(() => {
      show(
        () => list.value.length === 0,
        () => new Label('No jobs yet.').classes('opacity-70'),
      );
      each(
        list,
        ({ id }) => id,
        (job) => entry(keeper, job),
      );
    });
  }
}

function entry(keeper: JobKeeper, info: JobInfo): void {
  const { id, name, task, lane, service, status, attempt, trouble } = info;
  const [text, badge] = looks[status];
  const open = info.ended === undefined;
  const job = keeper.find(id);
  const called = name && name !== task ? `${name} · ${task}` : task;
  new Container('column', () => {
    new Container('row', () => {
      new Container('row', () => {
        new Label(called).classes('font-semibold');
        new Label(text).classes(`badge badge-sm ${badge}`);
        new Label(lane === 'queue' ? `${service}, by queue` : service).classes('badge badge-ghost badge-sm');
        if (attempt > 1) new Label(`attempt ${attempt}`).classes('badge badge-ghost badge-sm');
      }).classes('gap-2 grow');
      const [word, act] = open ? ['Cancel', () => keeper.cancel(id)] : ['Retry', () => void keeper.retry(id)];
      new Button(word, act, { color: 'ghost' })
        .classes('btn-sm border-base-300')
        .props({ 'aria-label': `${word} ${called}` });
    }).classes('w-full gap-2 flex-nowrap items-start justify-between');
    if (job && (status === 'running' || status === 'pausing'))
      new Progress(job.progress).classes('w-full').props({ 'aria-label': `Progress of ${called}` });
    new Label(computed(() => facts(info, job?.position.value ?? 0))).classes('text-sm opacity-70 tabular-nums');
    if (trouble) {
      new Label(trouble).classes(
        status === 'cancelled' ? 'text-sm opacity-70' : 'border-l-4 border-error pl-2 text-sm',
      );
    }
  }).classes('w-full gap-2 rounded-box border border-base-300 bg-base-100 p-3');
}

function facts({ created, started, ended, chunks }: JobInfo, position: number): string {
  const parts = [`Started ${timeOfDay(created)}`];
  if (started !== undefined && started - created >= 1_000) parts.push(`this attempt ${timeOfDay(started)}`);
  if (position > 0) parts.push(`number ${position} in line`);
  if (ended !== undefined) parts.push(`ended after ${seconds(Math.max(0, ended - created))}`);
  if (chunks > 0) parts.push(`${chunks.toLocaleString('en')} ${chunks === 1 ? 'chunk' : 'chunks'}`);
  return parts.join(' · ');
}

/** In the time of the world, which is the only one that the server and every browser know. */
function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
