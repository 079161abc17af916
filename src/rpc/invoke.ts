import type { Clock } from '../clock/index.ts';
import type { ComputeService, Outcome, Report, Started, TaskCall } from './contract.ts';
import { withHeartbeat } from './heartbeat.ts';
import { permanently } from './permanent.ts';
import { lacksReadyMethod, missingBinding, notAnswering, toServiceError } from './service-errors.ts';
import type { StopSignal } from './stop-signal.ts';

/** One attempt of a task, as its caller sees it. */
export interface Attempt {
  readonly service: ComputeService | undefined;
  /** The binding of the service. */
  readonly binding: string;
  readonly call: TaskCall;
  readonly clock: Clock;
  /** Milliseconds for which the task may be silent; null for no limit. */
  readonly heartbeat: number | null;
  /** Whether the service is asked first if it is there: what fails then is an attempt that never began ({@link ServiceError.absent}). Default false. */
  readonly ask?: boolean;
  /** Ends it. */
  readonly stop: StopSignal;
  /** Hears of it while it is wanted; settles when there is room for the next report. */
  reported(report: Report): Promise<void>;
}

/**
 * Runs one attempt of a task on its compute service, by RPC over the service binding.
 * Goes on in the background when it was stopped, until the far side has let go.
 *
 * @throws {TimeoutError} when the task was silent for longer than its heartbeat.
 * @throws {ServiceError} and what else {@link toServiceError} makes of a failure of the service itself.
 */
export async function callService(attempt: Attempt): Promise<Outcome> {
  const { heartbeat } = attempt;
  return heartbeat === null ? follow(attempt) : withHeartbeat(attempt, heartbeat, follow);
}

async function follow({ service, binding, call, ask, stop, reported }: Attempt): Promise<Outcome> {
  if (!service) throw permanently(missingBinding(binding));
  if (ask) {
    await service.ready?.().catch((error: unknown) => {
      if (!lacksReadyMethod(error)) throw notAnswering(error, binding, call.task);
    });
    if (stop.reason) throw stop.reason;
  }
  let answer: ((Outcome | Started) & Partial<Disposable>) | undefined;
  let outcome: (Outcome & Partial<Disposable>) | undefined;
  try {
    answer = await service.run(call);
    if (!('running' in answer)) return answer;
    const { running } = answer;
    let open = true;
    stop.on(() => {
      open = false;
      // Who waits has been told already; a service that cannot be told is gone, and the task with it.
      running.cancel().catch(() => {});
    });
    // What is reported after the outcome, or by an attempt that was given up, changes nothing.
    outcome = await running.follow(async (report) => {
      if (open) await reported(report);
    });
    open = false;
    return outcome;
  } catch (error) {
    throw toServiceError(error, binding, call.task);
  } finally {
    // Whatever object came over RPC keeps a connection, also one without a handle in it, and no garbage collector frees it.
    outcome?.[Symbol.dispose]?.();
    answer?.[Symbol.dispose]?.();
  }
}
