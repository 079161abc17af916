import type { Clock } from '../clock/index.ts';
import type { Outcome, Report, TaskCall } from './contract.ts';
import { outOfTime } from './errors.ts';
import { StopSignal } from './stop-signal.ts';

/** An attempt that reports and can be stopped. */
interface HeartbeatOptions {
  readonly clock: Clock;
  readonly call: TaskCall;
  readonly stop: StopSignal;
  reported(report: Report): Promise<void>;
}

/**
 * Runs an attempt while its task reports at least every `heartbeat` milliseconds. The timer stops from the arrival of a
 * report to its acknowledgement, because a slow reader or a restarting session is not a silent task.
 *
 * @throws {TimeoutError} when no report arrived in time. The compute Worker is asked to stop; later reports are ignored.
 */
export function withHeartbeat<A extends HeartbeatOptions>(
  attempt: A,
  heartbeat: number,
  run: (attempt: A) => Promise<Outcome>,
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
  run({
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
