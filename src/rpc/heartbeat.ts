import type { Clock } from '../clock/index.ts';
import type { Outcome, Report, TaskCall } from './contract.ts';
import { outOfTime } from './errors.ts';
import { StopSignal } from './stop-signal.ts';

/** What has a pulse: an attempt that reports, and can be ended. */
interface HeartbeatOptions {
  readonly clock: Clock;
  readonly call: TaskCall;
  readonly stop: StopSignal;
  reported(report: Report): Promise<void>;
}

/**
 * Carries out an attempt as long as its task is heard of at least every `heartbeat` milliseconds. A report counts when it arrives, and
 * time stands still until it is answered: a slow reader, or a session that is not back yet, is not the task's silence.
 *
 * @throws {TimeoutError} when it was silent for too long. The far side is told to stop; what it still says changes nothing.
 */
export function withHeartbeat<A extends HeartbeatOptions>(
  attempt: A,
  heartbeat: number,
  carryOut: (attempt: A) => Promise<Outcome>,
): Promise<Outcome> {
  const { clock, call, stop: whole } = attempt;
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const stop = new StopSignal();
  const tooLong = () => {
    const error = outOfTime.silence(`Task "${call.task}"`, heartbeat);
    stop.stop(error);
    reject(error);
  };
  let timer = clock.after(heartbeat, tooLong);
  let over = false;
  const end = () => {
    over = true;
    clock.clear(timer);
  };
  const passOn = () => stop.stop(whole.reason as Error);
  whole.on(passOn);
  stop.on(end);
  carryOut({
    ...attempt,
    stop,
    async reported(report: Report) {
      clock.clear(timer);
      await attempt.reported(report);
      if (!over) timer = clock.after(heartbeat, tooLong);
    },
  })
    .then(resolve, reject)
    .finally(() => {
      end();
      whole.off(passOn);
    });
  return promise;
}
