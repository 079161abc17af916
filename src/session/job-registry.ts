import { milliseconds } from '../clock/index.ts';
import { pageHost } from '../elements/index.ts';
import { infoOf, type JobRecord, type Jobs, jobLimits, nameInPage } from '../jobs/index.ts';
import { computed } from '../reactive/index.ts';
import { isJob, PageShares } from '../shared/index.ts';
import { type JobInfo, type JobRegistry, latestChunks, termsOf } from '../tasks/index.ts';
import { ElementHost } from './page/element-host.ts';
import { PageEnded } from './replay/journal.ts';

/** The durable jobs of a session, as `run.cpuBound` uses them. */
export function createJobRegistry(jobs: Jobs): JobRegistry {
  /** Records are immutable; a change replaces them. */
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
    const cancel = () => {
      // Because handlers of an ended page must not observe its jobs.
      if (!(signal.reason instanceof PageEnded)) jobs.cancel(id, 'signal', reasonOf(signal.reason), signal.reason);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  };
  return {
    get building() {
      const page = pageHost.get();
      return page instanceof ElementHost && page.tree.constructing;
    },
    start({ task, service, args, options, name, policy }) {
      const { cancelOnLeave = false, key, signal } = options;
      const page = pageHost.get();
      const job = jobs.start({
        page: page instanceof ElementHost ? page.id : '',
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
    retry(id) {
      if (!isJob(id)) return jobs.retry(id);
      sharedHere()?.command(id, { retry: true });
      return undefined;
    },
    cancel(id) {
      if (isJob(id)) sharedHere()?.command(id, { cancel: '', by: 'panel' });
      else jobs.cancel(id, 'panel');
    },
    watch: (id) => (isJob(id) ? sharedHere()?.watch(id) : jobs.get(id)),
    details(id) {
      if (isJob(id)) return sharedHere()?.details(id);
      const job = jobs.get(id);
      if (!job) return undefined;
      return {
        error: job.end?.ok === false ? job.end.error : undefined,
        chunks: (most) => latestChunks(job, most),
      };
    },
    named(given, per, policy) {
      const page = pageHost.get();
      const name = per === 'page' && page instanceof ElementHost ? nameInPage(page.id, given) : given;
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
      const page = sharedHere();
      if (!page) return list;
      const same = keepSame();
      return computed(() => [...page.jobs().map(same), ...list.value].sort((a, b) => b.created - a.created));
    },
  };
}

/** The shared objects as the page whose code runs reads them. */
function sharedHere(): PageShares | undefined {
  return PageShares.of(pageHost.get());
}

/** Returns the previous object while its content is equal. */
function keepSame(): (info: JobInfo) => JobInfo {
  const known = new Map<string, { readonly text: string; readonly info: JobInfo }>();
  return (info) => {
    const text = JSON.stringify(info);
    const before = known.get(info.id);
    if (before?.text === text) return before.info;
    known.set(info.id, { text, info });
    return info;
  };
}

function reasonOf(reason: unknown): string | undefined {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error ? reason.message : undefined;
}
