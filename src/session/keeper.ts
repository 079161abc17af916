import { milliseconds } from '../clock/index.ts';
import { pageHost } from '../elements/index.ts';
import { type JobRecord, type Jobs, jobLimits, nameInPage, plainName } from '../jobs/index.ts';
import { computed } from '../reactive/index.ts';
import { type JobInfo, type JobKeeper, termsOf } from '../tasks/index.ts';
import { Page } from './page.ts';

/** What `run.cpuBound` finds in a session: jobs that are kept. */
export function keeperOf(jobs: Jobs): JobKeeper {
  /** A record is never changed, only replaced. */
  const known = new WeakMap<JobRecord, JobInfo>();
  const list = computed(() => {
    jobs.changes.value;
    return jobs.list().map((record) => {
      let info = known.get(record);
      if (!info) known.set(record, (info = infoOf(record)));
      return info;
    });
  });
  const cancelBy = (signal: AbortSignal, id: string) => {
    const cancel = () => jobs.cancel(id, 'signal', reasonOf(signal.reason), signal.reason);
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  };
  return {
    start({ task, service, args, options, name, policy }) {
      const { cancelOnLeave = false, key, signal } = options;
      const page = pageHost.get();
      const job = jobs.start({
        page: page instanceof Page ? page.id : '',
        ...(name !== undefined && { name }),
        ...(policy !== undefined && { policy }),
        ...(key !== undefined && { key }),
        task,
        service,
        args,
        ...termsOf(options),
        leave:
          cancelOnLeave === false ? null : cancelOnLeave === true ? jobLimits.leaveGrace : milliseconds(cancelOnLeave),
      });
      if (signal) cancelBy(signal, job.id);
      return job;
    },
    find(id, signal) {
      const job = jobs.get(id);
      if (job && signal) cancelBy(signal, id);
      return job;
    },
    retry: (id) => jobs.retry(id),
    cancel: (id) => jobs.cancel(id, 'panel'),
    named(given, per, policy) {
      const page = pageHost.get();
      const name = per === 'page' && page instanceof Page ? nameInPage(page.id, given) : given;
      jobs.load();
      const open = computed(() => {
        jobs.changes.value;
        return jobs.open(name);
      });
      return {
        name,
        job: computed(() => (policy === 'queue' ? open.value[0] : open.value.at(-1))?.job ?? jobs.named(name)?.job),
        others: computed(() => Math.max(0, open.value.length - 1)),
      };
    },
    list() {
      jobs.load();
      return list;
    },
  };
}

function infoOf(record: JobRecord): JobInfo {
  const { id, task, service, lane, attempt, chunks, created, state } = record;
  return {
    id,
    name: plainName(record),
    task,
    service,
    lane,
    status: state.status,
    attempt,
    chunks,
    created,
    started: state.status === 'running' ? state.started : undefined,
    ended: 'ended' in state ? state.ended : undefined,
    trouble: troubleOf(record),
  };
}

function troubleOf({ state }: JobRecord): string | undefined {
  if (state.status === 'cancelled') {
    const who = { author: 'by its page', signal: 'by a signal', page: 'by the page', panel: 'in the list of jobs' };
    return `Cancelled ${state.reason ? `because ${state.reason}` : who[state.by]}.`;
  }
  return 'error' in state ? `${state.error.name}: ${state.error.message}` : undefined;
}

function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error ? reason.message : undefined;
}
