import { milliseconds } from '../clock/index.ts';
import { pageHost } from '../elements/index.ts';
import { type Jobs, jobLimits } from '../jobs/index.ts';
import { type JobKeeper, taskLimits } from '../tasks/index.ts';
import { Page } from './page.ts';

/** What `run.cpuBound` finds in a session: jobs that are kept. */
export function keeperOf(jobs: Jobs): JobKeeper {
  return {
    start({ task, service, args, options, name }) {
      const { timeout, total, retries = 0, via = 'service', cancelOnLeave = false, key, signal } = options;
      if (!Number.isInteger(retries) || retries < 0) {
        throw new TypeError(`retries is a whole number from 0, not ${String(retries)}.`);
      }
      const page = pageHost.get();
      const job = jobs.start({
        page: page instanceof Page ? page.id : '',
        ...(name !== undefined && { name }),
        ...(key !== undefined && { key }),
        task,
        service,
        lane: via,
        args,
        retries,
        timeout: timeout === undefined ? taskLimits.timeout : milliseconds(timeout),
        total: total === undefined ? Number.POSITIVE_INFINITY : milliseconds(total),
        leave:
          cancelOnLeave === false ? null : cancelOnLeave === true ? jobLimits.leaveGrace : milliseconds(cancelOnLeave),
      });
      if (signal) {
        const cancel = () => jobs.cancel(job.id, 'signal', reasonOf(signal.reason));
        if (signal.aborted) cancel();
        else signal.addEventListener('abort', cancel, { once: true });
      }
      return job;
    },
    find: (id) => jobs.get(id),
  };
}

function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error ? reason.message : undefined;
}
