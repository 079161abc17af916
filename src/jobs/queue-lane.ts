import { backoff } from '../clock/index.ts';
import { type Outcome, type RemoteError, type Report, revive, ServiceError } from '../rpc/index.ts';
import type { Claim, Fault, JobConsumerApi, JobsHost, Verdict } from './api.ts';
import { storableErrorFrom } from './job-errors.ts';
import type { JobLifecycle, JobRunner } from './lifecycle.ts';
import { jobLimits } from './limits.ts';
import type { LiveJob } from './live-job.ts';

/** What {@link QueueLane} needs of {@link Jobs}. */
export interface QueueHost extends Pick<JobsHost, 'clock' | 'tasks' | 'session' | 'send'> {
  find(id: string): LiveJob | undefined;
  /** Requests a commit of a changed record. */
  write(live: LiveJob, when: 'soon' | 'now'): void;
  /** Resolves when the job's present record is durable. */
  durable(live: LiveJob, when: 'soon' | 'now'): Promise<void>;
}

/**
 * The lane that sends a message through a queue to a consumer, which claims the job, runs it and reports. The session may
 * sleep in between; each call of the consumer wakes it.
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
  readonly #lifecycle: JobLifecycle;

  constructor(host: QueueHost, lifecycle: JobLifecycle) {
    this.#host = host;
    this.#lifecycle = lifecycle;
  }

  run(live: LiveJob): void {
    this.send(live);
  }

  /** Sends a message after the commit of the record. */
  send(live: LiveJob): void {
    const { state, id, epoch } = live.record;
    if (state.status !== 'waiting') return;
    const sent = this.#host.clock.now();
    live.set({ state: { status: 'waiting', sent, sends: (state.sends ?? 0) + 1 } });
    live.after.push(() => {
      const { send, session } = this.#host;
      if (live.record.state.status !== 'waiting') return; // cancelled before the commit
      if (!send) this.#lifecycle.refuse(live, storableErrorFrom(noQueue()));
      else send({ session, job: id, epoch }).catch((error: unknown) => this.#unsent(live, sent, error));
    });
    this.#host.write(live, 'now');
  }

  /** Returns the time at which an unclaimed message is sent again. */
  static resendAt(sent: number, sends = 1): number {
    return sent + backoff(sends, jobLimits.unclaimed);
  }

  #unsent(live: LiveJob, sent: number, error: unknown): void {
    // Backdated, so that the next attempt to send is due after the `resend` pause.
    const { id, state } = live.record;
    this.#host.tasks.log(
      'warn',
      `The queue did not accept the message of job ${id}. The session sends it again after a pause.`,
      error,
    );
    if (state.status !== 'waiting' || state.sent !== sent) return;
    const { sends = 1 } = state;
    const due = this.#host.clock.now() + backoff(sends, jobLimits.resend);
    live.set({ state: { ...state, sent: due - QueueLane.resendAt(0, sends) } });
    this.#host.write(live, 'soon');
  }

  // ---- calls of consumers

  async claimJob(id: string): Promise<Claim | undefined> {
    const live = this.#host.find(id);
    if (!live || live.record.lane !== 'queue' || live.record.state.status !== 'waiting') return undefined;
    this.#lifecycle.begin(live);
    const { epoch, service, timeout, heartbeat } = live.record;
    await this.#host.durable(live, 'now');
    if (this.#lifecycle.verdict(live, epoch) !== 'go') return undefined;
    try {
      return { epoch, service, timeout, heartbeat, call: live.call };
    } catch (error) {
      this.#lifecycle.refuse(live, storableErrorFrom(error)); // its stored arguments cannot be read
      return undefined;
    }
  }

  async reportJob(id: string, epoch: number, report?: Report, left?: number): Promise<Verdict> {
    const live = this.#host.find(id);
    const verdict = this.#lifecycle.verdict(live, epoch);
    if (!live || verdict !== 'go') return verdict;
    this.#lifecycle.beat(live, left);
    if (report) await this.#lifecycle.report(live, report);
    // Because the consumer sends a report once and may outlive this object, the report must be durable first.
    if (report?.checkpoint || report?.chunks.length) await this.#host.durable(live, 'soon');
    return this.#lifecycle.verdict(live, epoch);
  }

  completeJob(id: string, epoch: number, outcome: Outcome): Promise<Verdict> {
    return this.#answer(id, epoch, (live) => this.#lifecycle.settle(live, outcome));
  }

  failJob(id: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict> {
    return this.#answer(id, epoch, (live) => {
      if (fault === 'permanent') this.#lifecycle.refuse(live, error);
      else if (fault === 'silent') this.#lifecycle.heartbeatMissed(live, error);
      else this.#lifecycle.attemptLost(live, revive(error), fault === 'spent' ? 'restart' : 'died');
    });
  }

  /** Applies an answer once, and resolves when it is durable, also for a repeated answer. */
  async #answer(id: string, epoch: number, apply: (live: LiveJob) => void): Promise<Verdict> {
    const live = this.#host.find(id);
    if (!live) return 'stale';
    const verdict = this.#lifecycle.verdict(live, epoch);
    if (verdict === 'go') apply(live);
    await this.#host.durable(live, 'now');
    return verdict;
  }

  /**
   * Ends a job whose message is dead. A dead message does not end a running attempt, a pause whose end sends another
   * message, or a job with a newer message.
   */
  async deadJob(id: string, epoch?: number): Promise<void> {
    const live = this.#host.find(id);
    if (!live || live.record.lane !== 'queue' || live.record.state.status !== 'waiting') return;
    if (epoch !== undefined && epoch !== live.record.epoch) return;
    this.#lifecycle.exhaust(live, 'its queue moved its message to the dead-letter queue, after too many deliveries');
    await this.#host.durable(live, 'now');
  }
}

function noQueue(): Error {
  return new ServiceError(
    'JOBS',
    'The application has no queue for jobs. Add a producer with binding = "JOBS" and a consumer to wrangler.toml, ' +
      "or leave `via: 'queue'` out.",
    false,
  );
}
