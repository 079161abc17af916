import { callService, isPermanent, StopSignal, TimeoutError } from '../rpc/index.ts';
import type { JobsHost } from './api.ts';
import { storableErrorFrom } from './job-errors.ts';
import type { JobLifecycle, JobRunner } from './lifecycle.ts';
import type { LiveJob } from './live-job.ts';

/** The lane in which the session itself calls the compute service, and stays awake for it. */
export class ServiceLane implements JobRunner {
  readonly #host: Pick<JobsHost, 'clock' | 'tasks' | 'service'>;
  readonly #course: JobLifecycle;

  constructor(host: Pick<JobsHost, 'clock' | 'tasks' | 'service'>, course: JobLifecycle) {
    this.#host = host;
    this.#course = course;
  }

  run(live: LiveJob): void {
    this.#course.begin(live);
    const { epoch } = live.record;
    live.after.push(() => this.#run(live, epoch));
  }

  /** Runs an attempt, whose record is durable now. */
  #run(live: LiveJob, epoch: number): void {
    const course = this.#course;
    const { clock, tasks } = this.#host;
    const counts = () => course.verdict(live, epoch) === 'go';
    if (!counts()) return;
    const { service: binding, timeout, heartbeat } = live.record;
    const stop = new StopSignal();
    live.stop = stop;
    if (timeout !== null) live.timer = clock.after(timeout, () => course.attemptTimedOut(live));
    const done = callService({
      service: this.#host.service(binding),
      binding,
      call: live.call,
      clock,
      heartbeat,
      ask: epoch > 1,
      stop,
      async reported(report) {
        if (counts()) await course.report(live, report);
      },
    }).then(
      (outcome) => {
        if (counts()) course.settle(live, outcome);
      },
      (error: unknown) => {
        if (!counts()) return;
        if (error instanceof TimeoutError) course.heartbeatMissed(live, storableErrorFrom(error));
        else if (isPermanent(error)) course.refuse(live, storableErrorFrom(error));
        else course.attemptLost(live, error, 'died');
      },
    );
    tasks.keepAlive(done);
  }
}
