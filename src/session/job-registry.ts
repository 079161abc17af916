import { milliseconds } from '../clock/index.ts';
import { pageHost } from '../elements/index.ts';
import { infoOf, type JobRecord, type Jobs, jobLimits, nameInPage } from '../jobs/index.ts';
import { computed, type ReadonlySignal } from '../reactive/index.ts';
import { abortReason, onStop, type Stopper } from '../rpc/index.ts';
import { isJob, PageShares } from '../shared/index.ts';
import {
  type Job,
  type JobDetails,
  type JobInfo,
  type JobRegistry,
  latestChunks,
  type NamedJobs,
  type NamePolicy,
  termsOf,
} from '../tasks/index.ts';
import { ElementHost } from './page/element-host.ts';
import { PageEnded } from './replay/journal.ts';

/** The durable jobs of a session, as `run.cpuBound` uses them. */
export class SessionJobRegistry implements JobRegistry {
  readonly #session: { readonly jobs: Jobs };
  #list: ReadonlySignal<readonly JobInfo[]> | undefined;

  constructor(session: { readonly jobs: Jobs }) {
    this.#session = session;
  }

  get building(): boolean {
    return ElementHost.current?.tree.constructing === true;
  }

  start({ task, service, args, options, name, policy }: Parameters<JobRegistry['start']>[0]): Job<unknown, unknown> {
    const { cancelOnLeave = false, key, signal } = options;
    const job = this.#session.jobs.start({
      page: ElementHost.current?.id ?? '',
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
    if (signal) this.#cancelBy(signal, job.id);
    return job;
  }

  find(id: string, signal?: Stopper): Job<unknown, unknown> | undefined {
    const job = this.#session.jobs.get(id);
    if (job && signal) this.#cancelBy(signal, id);
    return job;
  }

  retry(id: string): Job<unknown, unknown> | undefined {
    if (!isJob(id)) return this.#session.jobs.retry(id);
    sharedHere()?.command(id, { retry: true });
    return undefined;
  }

  cancel(id: string): void {
    if (isJob(id)) sharedHere()?.command(id, { cancel: '', by: 'panel' });
    else this.#session.jobs.cancel(id, 'panel');
  }

  watch(id: string): Pick<Job<unknown, unknown>, 'progress' | 'position'> | undefined {
    return isJob(id) ? sharedHere()?.watch(id) : this.#session.jobs.get(id);
  }

  details(id: string): JobDetails | undefined {
    if (isJob(id)) return sharedHere()?.details(id);
    const job = this.#session.jobs.get(id);
    if (!job) return undefined;
    return {
      error: job.end?.ok === false ? job.end.error : undefined,
      chunks: (most) => latestChunks(job, most),
    };
  }

  named(given: string, per: 'session' | 'page', policy: NamePolicy): NamedJobs {
    const { jobs } = this.#session;
    const page = ElementHost.current;
    const name = per === 'page' && page ? nameInPage(page.id, given) : given;
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
  }

  list(): ReadonlySignal<readonly JobInfo[]> {
    const { jobs } = this.#session;
    jobs.load();
    this.#list ??= listOf(jobs);
    const list = this.#list;
    const page = sharedHere();
    if (!page) return list;
    const same = reuseUnchanged();
    return computed(() => [...page.jobs().map(same), ...list.value].sort((a, b) => b.created - a.created));
  }

  #cancelBy(signal: Stopper, id: string): void {
    const cancel = () => {
      // Because handlers of an ended page must not observe its jobs.
      if (signal.reason instanceof PageEnded) return;
      this.#session.jobs.cancel(id, 'signal', abortReason(signal.reason), signal.reason);
    };
    onStop(signal, cancel);
  }
}

/** The jobs of a session, newest first. An unchanged job is the same object. */
function listOf(jobs: Jobs): ReadonlySignal<readonly JobInfo[]> {
  /** Records are immutable; a change replaces them. */
  const known = new WeakMap<JobRecord, JobInfo>();
  return computed(() => {
    jobs.changes.value;
    return jobs.list().map((record) => {
      let info = known.get(record);
      if (!info) known.set(record, (info = infoOf(record)));
      return info;
    });
  });
}

/** The shared objects as the page whose code runs reads them. */
function sharedHere(): PageShares | undefined {
  return PageShares.of(pageHost.get());
}

/** Returns the previous object while its content is equal. */
function reuseUnchanged(): (info: JobInfo) => JobInfo {
  const known = new Map<string, { readonly text: string; readonly info: JobInfo }>();
  return (info) => {
    const text = JSON.stringify(info);
    const before = known.get(info.id);
    if (before?.text === text) return before.info;
    known.set(info.id, { text, info });
    return info;
  };
}
