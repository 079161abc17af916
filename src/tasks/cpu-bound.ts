import { fileReader, packFiles } from '../file-ref/index.ts';
import {
  callService,
  checkCloneable,
  type NewChunks,
  newChunksIn,
  permanently,
  type Stopper,
  TaskError,
  taskLimits,
  toError,
  tooLarge,
} from '../rpc/index.ts';
import { isCutOff, poolsOf, taskHost } from './host.ts';
import { controlOf, Job, JobControl, settleJob } from './job.ts';
import { jobRegistry, type NamePolicy } from './job-registry.ts';
import { type Before, journal, type Step } from './journal.ts';
import { type RunOptions, type StoppableOptions, termsOf } from './options.ts';
import { neverSettlingJob, RecordedJob, recordedError } from './recorded-job.ts';
import { runWithRetries, withHandlersSignal } from './retry.ts';
import type { Task } from './task.ts';

/** Runs a task on its compute service, by RPC over the service binding. */
export function cpuBound<A extends readonly unknown[], R, C>(
  options: RunOptions,
  task: Task<A, R, C>,
  args: A,
  named?: { readonly name: string; readonly policy: NamePolicy },
): Job<R, C> {
  const host = taskHost.require('run.cpuBound');
  if (typeof task?.name !== 'string' || typeof task.service !== 'string') {
    throw new TypeError(
      "run.cpuBound takes a task of run.tasks<typeof Tasks>('COMPUTE') and its arguments, as in run.cpuBound(tasks.report, input).",
    );
  }
  const all = withHandlersSignal(task.options ? { ...task.options, ...options } : options);
  const registry = jobRegistry.get();
  // A call of a page function gets a row only on request or with a name or key, because nothing else finds it after a restart.
  const wants = wantsRow(all, named?.name);
  const stored = registry !== undefined && (all.durable ?? (!registry.building || wants !== undefined));
  checkArguments(task.name, args, stored);
  if (isCutOff(host)) return neverSettlingJob(host);
  if (all.durable === false && wants !== undefined) {
    throw new TypeError(
      `A call with durable: false cannot have ${wants}, which needs a durable job. Remove one of the two options.`,
    );
  }
  if (stored) {
    const request = { task: task.name, service: task.service, args, options: all, ...named };
    return storedJob(task, args, () => registry.start(request), all.signal) as Job<R, C>;
  }
  const step = journal.get()?.step('cpu', task.name, args, undefined, true);
  const before = step?.before?.outcome;
  const control = new JobControl<R, C>(host, `Task "${task.name}"`, { quiet: before !== undefined });
  if (before) settleJob(control, before);
  else carry(control, task, args, all, step);
  return step ? new RecordedJob(control, step, false) : new Job(control);
}

/** Runs a task on its service without a row, so the call ends with the host's memory. */
function carry<R, C>(
  control: JobControl<R, C>,
  task: Task<never, R, C>,
  args: readonly unknown[],
  options: StoppableOptions,
  step: Step | undefined,
): void {
  const { host } = control;
  const heartbeat = options.heartbeat === undefined ? Number.POSITIVE_INFINITY : termsOf(options).heartbeat;
  const pools = poolsOf(host);
  const packed = packFiles(args);
  const reader = packed.files && fileReader.get();
  let came = 0;
  let last: NewChunks['checkpoint'];
  let progress: number | undefined; // when the last checkpoint arrived
  let advised = false;
  void runWithRetries(control, pools.cpu, options, step, (stop, attempt) => {
    const base = last?.chunks ?? 0;
    if (progress !== undefined) void control.report({ progress, chunks: [], size: 0 });
    const call = {
      attempt,
      task: task.name,
      ...packed,
      ...(last && { checkpoint: { value: last.value } }),
    };
    return callService({
      service: host.service(task.service),
      binding: task.service,
      call,
      clock: host.clock,
      open: reader && ((id) => reader.open(id)),
      heartbeat: heartbeat === Number.POSITIVE_INFINITY ? null : heartbeat,
      stop,
      reported(report) {
        if (report.advice !== undefined && !advised) host.log('warn', report.advice);
        advised ||= report.advice !== undefined;
        const { fresh, checkpoint = last } = newChunksIn(report, came, base) ?? { fresh: report.chunks };
        came += fresh.length;
        if (checkpoint !== last) progress = report.progress ?? control.signals.progress.peek() ?? undefined;
        last = checkpoint;
        return control.report({ ...report, chunks: fresh });
      },
    }).then((outcome) => {
      if (outcome.ok) return outcome.value as R;
      const error = new TaskError(task.name, outcome.error);
      throw outcome.permanent ? permanently(error) : error;
    });
  });
}

/** Starts an ended job again, or joins an open one; undefined when there is no job. */
export function retryJob<A extends readonly unknown[], R, C>(
  task: Task<A, R, C>,
  job: () => string | undefined,
): Job<R, C> | undefined {
  const registry = jobRegistry.require('retry');
  const host = taskHost.require('retry');
  if (isCutOff(host)) return neverSettlingJob(host);
  return storedJob(task, undefined, (before) => {
    // Because a retry that found no job before a restart must not find a later job in the replay.
    const id = before ? undefined : job();
    return id === undefined ? undefined : registry.retry(id);
  });
}

/** Returns a job of the registry as the running handler sees it. In a replay, it finds the job of the journal entry. */
function storedJob<A extends readonly unknown[], R, C>(
  task: Task<A, R, C>,
  args: A | undefined,
  begin: (before: Before | undefined) => Job<unknown, unknown> | undefined,
  signal?: Stopper,
): Job<R, C> | undefined {
  const step = journal.get()?.step('cpu', task.name, args);
  if (!step) return begin(undefined) as Job<R, C> | undefined;
  const { before } = step;
  const known = before?.job === undefined ? undefined : jobRegistry.get()?.find(before.job, signal);
  if (known) return recordedJob(known as Job<R, C>, step);
  try {
    // Because a call that was refused before the restart must be refused in the replay.
    if (before?.outcome?.ok === false) throw toError(before.outcome);
    const job = begin(before);
    if (!job) return undefined;
    step.issued(job.id);
    return recordedJob(job as Job<R, C>, step);
  } catch (error) {
    throw recordedError(error, (failure) => step.consumed(failure));
  }
}

function recordedJob<R, C>(job: Job<R, C>, step: Step): Job<R, C> {
  return new RecordedJob(controlOf(job), step, true, job.id);
}

/** Returns the option that needs a row: a name, a key, `cancelOnLeave` or the queue lane. */
function wantsRow({ via, key, cancelOnLeave }: StoppableOptions, name: string | undefined): string | undefined {
  if (name !== undefined) return 'a name';
  if (key !== undefined) return 'a key';
  if (via === 'queue') return "via: 'queue'";
  return cancelOnLeave !== undefined && cancelOnLeave !== false ? 'cancelOnLeave' : undefined;
}

/** Throws for arguments that cannot be sent. @param written true for a job whose arguments are stored before they are sent. */
function checkArguments(task: string, args: readonly unknown[], written: boolean): void {
  const measured = checkCloneable(args, 'args', { written, files: true });
  if (!measured.ok) {
    throw permanently(
      new TypeError(
        `Task "${task}" cannot receive its arguments: ${measured.problem}. ` +
          'It runs in another Worker, so its arguments are copied: plain objects, arrays, Map, Set, Date, BigInt, typed arrays, files.',
      ),
    );
  }
  if (measured.bytes > taskLimits.message)
    throw permanently(tooLarge(`The arguments of task "${task}" are`, measured.bytes));
}
