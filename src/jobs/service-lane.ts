import { callService, isPermanent, StopSignal, TimeoutError } from '../rpc/index.ts';
import type { JobsHost } from './api.ts';
import { storableErrorFrom } from './job-errors.ts';
import type { JobLifecycle, JobRunner } from './lifecycle.ts';
import type { LiveJob } from './live-job.ts';

/** The lane in which the session itself calls the compute service, and stays in memory for it. */
export class ServiceLane implements JobRunner {
  readonly #host: Pick<JobsHost, 'clock' | 'tasks' | 'service' | 'openFile'>;
  readonly #lifecycle: JobLifecycle;

  constructor(host: Pick<JobsHost, 'clock' | 'tasks' | 'service' | 'openFile'>, lifecycle: JobLifecycle) {
    this.#host = host;
    this.#lifecycle = lifecycle;
  }

  run(live: LiveJob): void {
    this.#lifecycle.begin(live);
    const { epoch } = live.record;
    live.after.push(() => this.#run(live, epoch));
  }

  /** Runs an attempt after the commit of its record. */
  #run(live: LiveJob, epoch: number): void {
    const lifecycle = this.#lifecycle;
    const { clock, tasks } = this.#host;
    const counts = () => lifecycle.verdict(live, epoch) === 'go';
    if (!counts()) return;
    const { service: binding, timeout, heartbeat } = live.record;
    const stop = new StopSignal();
    live.stop = stop;
    if (timeout !== null) live.timer = clock.after(timeout, () => lifecycle.attemptTimedOut(live));
    const closes = tasks.opens();
    const done = callService({
      service: this.#host.service(binding),
      binding,
      call: live.call,
      open: this.#host.openFile,
      clock,
      heartbeat,
      ask: epoch > 1,
      stop,
      async reported(report) {
        if (counts()) await lifecycle.report(live, report);
      },
    }).then(
      (outcome) => {
        if (!counts()) return;
        live.stop = undefined; // because nothing is left to stop
        lifecycle.settle(live, outcome);
      },
      (error: unknown) => {
        if (!counts()) return;
        if (error instanceof TimeoutError) lifecycle.heartbeatMissed(live, storableErrorFrom(error));
        else if (isPermanent(error)) lifecycle.refuse(live, storableErrorFrom(error));
        else lifecycle.attemptLost(live, error, 'died');
      },
    );
    tasks.keepAlive(done.finally(closes));
  }
}
