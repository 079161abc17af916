import { carryOut, permanently, type RunOptions, withHandlersSignal } from './attempts.ts';
import { callService } from './call.ts';
import { TaskError, tooLarge } from './errors.ts';
import type { Task } from './handles.ts';
import { deskOf, taskHost } from './host.ts';
import { Job, JobControl, JournaledJob } from './job.ts';
import { journal } from './journal.ts';
import { type JobKeeper, jobKeeper } from './keeper.ts';
import { taskLimits } from './limits.ts';
import { measure } from './measure.ts';

/** Runs a task on its compute service, by RPC over the service binding. */
export function cpuBound<A extends readonly unknown[], R, C>(
  options: RunOptions,
  task: Task<A, R, C>,
  args: A,
): Job<R, C> {
  const host = taskHost.need('run.cpuBound');
  if (typeof task?.name !== 'string' || typeof task.service !== 'string') {
    throw new TypeError(
      "run.cpuBound takes a task of run.tasks<typeof Tasks>('COMPUTE') and its arguments, as in run.cpuBound(tasks.report, input).",
    );
  }
  checkArguments(task.name, args);
  const all = withHandlersSignal({ ...task.options, ...options });
  const keeper = jobKeeper.get();
  if (keeper) return keptJob(keeper, all, task, args);
  const desk = deskOf(host);
  const control = new JobControl<R, C>(host, `Task "${task.name}"`);
  const job = new Job(control, '');
  const id = desk.nextId();
  void carryOut(control, desk.cpu, all, async (stop, attempt) => {
    const call = { id, attempt, task: task.name, args };
    const outcome = await callService(host.service(task.service), call, task.service, stop, (report) =>
      control.report(report),
    );
    if (outcome.ok) return outcome.value as R;
    const error = new TaskError(task.name, outcome.error);
    throw outcome.permanent ? permanently(error) : error;
  });
  return job;
}

/** Hands the call to a host that keeps jobs; in a handler's replay, the job that the call started before is found again. */
function keptJob<A extends readonly unknown[], R, C>(
  keeper: JobKeeper,
  options: RunOptions,
  task: Task<A, R, C>,
  args: A,
): Job<R, C> {
  const step = journal.get()?.step('cpu', task.name);
  const found = step?.before?.job === undefined ? undefined : keeper.find(step.before.job);
  if (found) return (step ? new JournaledJob(found, step) : found) as Job<R, C>;
  const job = keeper.start({ task: task.name, service: task.service, args, options });
  if (!step) return job as Job<R, C>;
  step.issued(job.id);
  return new JournaledJob(job, step) as unknown as Job<R, C>;
}

function checkArguments(task: string, args: readonly unknown[]): void {
  const measured = measure(args, 'args');
  if (!measured.ok) {
    throw permanently(
      new TypeError(
        `Task "${task}" cannot be given its arguments: ${measured.problem}. ` +
          'It runs in another Worker, so its arguments are copied: plain objects, arrays, Map, Set, Date, BigInt, typed arrays.',
      ),
    );
  }
  if (measured.size > taskLimits.message)
    throw permanently(tooLarge(`The arguments of task "${task}" are`, measured.size));
}
