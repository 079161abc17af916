import { callService, isPermanent, Stop, TimeoutError } from '../rpc/index.ts';
import type { JobsHost } from './api.ts';
import { kept } from './job-errors.ts';
import type { Carrier, Course } from './lifecycle.ts';
import type { LiveJob } from './live-job.ts';

/** The lane in which the session itself calls the compute service, and stays awake for it. */
export class ServiceLane implements Carrier {
  readonly #host: Pick<JobsHost, 'clock' | 'tasks' | 'service'>;
  readonly #course: Course;

  constructor(host: Pick<JobsHost, 'clock' | 'tasks' | 'service'>, course: Course) {
    this.#host = host;
    this.#course = course;
  }

  carry(live: LiveJob): void {
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
    const stop = new Stop();
    live.stop = stop;
    if (timeout !== null) live.timer = clock.after(timeout, () => course.late(live));
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
        if (error instanceof TimeoutError) course.silent(live, kept(error));
        else if (isPermanent(error)) course.refuse(live, kept(error));
        else course.lose(live, error, 'died');
      },
    );
    tasks.keepAlive(done);
  }
}
