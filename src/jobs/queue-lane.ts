import { backoff } from '../clock/index.ts';
import { type Outcome, type RemoteError, type Report, revive, ServiceError } from '../rpc/index.ts';
import type { Claim, Fault, JobConsumerApi, JobsHost, Verdict } from './api.ts';
import { storableErrorFrom } from './job-errors.ts';
import type { JobLifecycle, JobRunner } from './lifecycle.ts';
import { jobLimits } from './limits.ts';
import type { LiveJob } from './live-job.ts';

/** What the queue's side needs of the book of jobs and its surroundings. */
export interface QueueHost extends Pick<JobsHost, 'clock' | 'tasks' | 'session' | 'send'> {
  find(id: string): LiveJob | undefined;
  /** The record changed: it is to be written. */
  write(live: LiveJob, when: 'soon' | 'now'): void;
  /** Settles when what is known of the job now is durable. */
  durable(live: LiveJob, when: 'soon' | 'now'): Promise<void>;
}

/**
 * The lane in which a message goes through a queue to a consumer, which claims the job, runs it, and tells how it goes.
 * The session may sleep meanwhile; each call of the consumer wakes it.
 *
 * ```
 *   session ── {session, job} ──► queue ──► consumer ── claimJob ──► session: attempt, epoch
 *                                              │ runs the task on its compute service
 *                                              ├── reportJob (at least every 5 s) ──► 'go' | 'cancelled' | 'stale'
 *                                              └── completeJob ──► recorded ──► message acknowledged
 * ```
 */
export class QueueLane implements JobRunner, JobConsumerApi {
  readonly #host: QueueHost;
  readonly #course: JobLifecycle;

  constructor(host: QueueHost, course: JobLifecycle) {
    this.#host = host;
    this.#course = course;
  }

  run(live: LiveJob): void {
    this.send(live);
  }

  /** Has a message sent when this is durable. */
  send(live: LiveJob): void {
    const { state, id, epoch } = live.record;
    if (state.status !== 'waiting') return;
    const sent = this.#host.clock.now();
    live.set({ state: { status: 'waiting', sent, sends: (state.sends ?? 0) + 1 } });
    live.after.push(() => {
      const { send, session } = this.#host;
      if (live.record.state.status !== 'waiting') return; // cancelled before the commit
      if (!send) this.#course.refuse(live, storableErrorFrom(noQueue()));
      else send({ session, job: id, epoch }).catch((error: unknown) => this.#unsent(live, sent, error));
    });
    this.#host.write(live, 'now');
  }

  /** When a message that nobody has claimed is sent again. */
  static resendAt(sent: number, sends = 1): number {
    return sent + backoff(sends, jobLimits.unclaimed);
  }

  #unsent(live: LiveJob, sent: number, error: unknown): void {
    // As if it had been sent so long ago that it is due in a second.
    const { id, state } = live.record;
    this.#host.tasks.log('warn', `The message of job ${id} could not be sent; it is tried again.`, error);
    if (state.status !== 'waiting' || state.sent !== sent) return;
    const { sends = 1 } = state;
    const due = this.#host.clock.now() + backoff(sends, jobLimits.resend);
    live.set({ state: { ...state, sent: due - QueueLane.resendAt(0, sends) } });
    this.#host.write(live, 'soon');
  }

  // ---- the consumer's calls

  async claimJob(id: string): Promise<Claim | undefined> {
    const live = this.#host.find(id);
    if (!live || live.record.lane !== 'queue' || live.record.state.status !== 'waiting') return undefined;
    this.#course.begin(live);
    const { epoch, service, timeout, heartbeat } = live.record;
    await this.#host.durable(live, 'now');
    if (this.#course.verdict(live, epoch) !== 'go') return undefined;
    try {
      return { epoch, service, timeout, heartbeat, call: live.call };
    } catch (error) {
      this.#course.refuse(live, storableErrorFrom(error)); // what is kept of it cannot be read
      return undefined;
    }
  }

  async reportJob(id: string, epoch: number, report?: Report, left?: number): Promise<Verdict> {
    const live = this.#host.find(id);
    const verdict = this.#course.verdict(live, epoch);
    if (!live || verdict !== 'go') return verdict;
    this.#course.beat(live, left);
    if (report) await this.#course.report(live, report);
    // The consumer outlives this object and will not tell it again: what it may forget is what is kept.
    if (report?.checkpoint || report?.chunks.length) await this.#host.durable(live, 'soon');
    return this.#course.verdict(live, epoch);
  }

  completeJob(id: string, epoch: number, outcome: Outcome): Promise<Verdict> {
    return this.#answer(id, epoch, (live) => this.#course.settle(live, outcome));
  }

  failJob(id: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict> {
    return this.#answer(id, epoch, (live) => {
      if (fault === 'permanent') this.#course.refuse(live, error);
      else if (fault === 'silent') this.#course.heartbeatMissed(live, error);
      else this.#course.attemptLost(live, revive(error), fault === 'spent' ? 'restart' : 'died');
    });
  }

  /** An answer that comes again is answered again, when what it said is durable. */
  async #answer(id: string, epoch: number, apply: (live: LiveJob) => void): Promise<Verdict> {
    const live = this.#host.find(id);
    if (!live) return 'stale';
    const verdict = this.#course.verdict(live, epoch);
    if (verdict === 'go') apply(live);
    await this.#host.durable(live, 'now');
    return verdict;
  }

  /**
   * A message that was given up says nothing about an attempt that runs, about a pause whose end sends another one, or about
   * that other one.
   */
  async deadJob(id: string, epoch?: number): Promise<void> {
    const live = this.#host.find(id);
    if (!live || live.record.lane !== 'queue' || live.record.state.status !== 'waiting') return;
    if (epoch !== undefined && epoch !== live.record.epoch) return;
    this.#course.exhaust(live, 'its queue gave its message up');
    await this.#host.durable(live, 'now');
  }
}

function noQueue(): Error {
  return new ServiceError(
    'JOBS',
    'There is no queue for jobs. Add a producer with binding = "JOBS" and a consumer to wrangler.toml, ' +
      "or leave `via: 'queue'` out.",
    false,
  );
}
