import type { Clock } from '../clock/index.ts';
import type { OpenFile } from '../file-ref/index.ts';
import type { ComputeService, Outcome, Report, Started, TaskCall } from './contract.ts';
import { withHeartbeat } from './heartbeat.ts';
import { permanently } from './permanent.ts';
import { lacksReadyMethod, missingBinding, notAnswering, otherBuild, toServiceError } from './service-errors.ts';
import type { StopSignal } from './stop-signal.ts';

/** One attempt of a task, on the caller's side. */
export interface Attempt {
  readonly service: ComputeService | undefined;
  /** The name of the service binding. */
  readonly binding: string;
  readonly call: TaskCall;
  readonly clock: Clock;
  /** Milliseconds for which the task may be silent; null for no limit. */
  readonly heartbeat: number | null;
  /**
   * True to ask the service first whether it is reachable. If it is not, no attempt began ({@link ServiceError.absent}).
   * @default false
   */
  readonly ask?: boolean;
  /** Opens the files in the arguments of the call. @default undefined: the caller has none */
  readonly open?: OpenFile | undefined;
  /** Stops the attempt. */
  readonly stop: StopSignal;
  /** Receives a report until the attempt is stopped; resolves when there is room for the next one. */
  reported(report: Report): Promise<void>;
}

/**
 * Runs one attempt of a task on its compute service, by RPC over the service binding.
 * After a stop, the RPC call itself stays open in the background until the compute Worker has ended it.
 *
 * @throws {TimeoutError} when the task was silent for longer than its heartbeat.
 * @throws {ServiceError} or another result of {@link toServiceError} when the service itself failed.
 */
export function callService(attempt: Attempt): Promise<Outcome> {
  const { heartbeat } = attempt;
  return heartbeat === null ? follow(attempt) : withHeartbeat(attempt, heartbeat, follow);
}

async function follow({ service, binding, call, ask, open: opens, stop, reported }: Attempt): Promise<Outcome> {
  if (!service) throw permanently(missingBinding(binding));
  if (call.files && !opens) throw permanently(noFiles(call.task));
  if (ask) {
    await service.ready?.().catch((error: unknown) => {
      if (!lacksReadyMethod(error)) throw notAnswering(error, binding, call.task);
    });
    if (stop.reason) throw stop.reason;
  }
  let answer: ((Outcome | Started) & Partial<Disposable>) | undefined;
  let outcome: (Outcome & Partial<Disposable>) | undefined;
  try {
    answer = await service.run(call.files && opens ? { ...call, open: opens } : call);
    if (Object(answer) !== answer) return { ok: true, value: answer };
    if (!('running' in answer)) {
      if (!answer.ok && answer.otherBuild) throw otherBuild(binding, call.task, answer.error.message);
      return answer;
    }
    const { running } = answer;
    let open = true;
    stop.on(() => {
      open = false;
      // The caller was rejected before. A service that does not answer is gone, and its task with it.
      running.cancel().catch(() => {});
    });
    // Reports after the outcome, or of a stopped attempt, are ignored.
    outcome = await running.follow(async (report) => {
      if (open) await reported(report);
    });
    open = false;
    return outcome;
  } catch (error) {
    throw toServiceError(error, binding, call.task);
  } finally {
    // Because every object from RPC occupies a connection, which no garbage collector frees.
    outcome?.[Symbol.dispose]?.();
    answer?.[Symbol.dispose]?.();
  }
}

/** Makes a result that is no object the whole answer, because the disposer of an object costs a tenth of a short call. */
export function plainAnswer(outcome: Outcome): Outcome {
  return outcome.ok && Object(outcome.value) !== outcome.value ? (outcome.value as Outcome) : outcome;
}

function noFiles(task: string): Error {
  return new TypeError(
    `Task "${task}" was given a file, and a shared job has none: a file belongs to the session of one visitor. Run it by run.cpuBound.`,
  );
}
