import type { Clock } from '../clock/index.ts';
import type { OpenFile } from '../file-ref/index.ts';
import type { ComputeService, Outcome, Report, Started, TaskCall } from './contract.ts';
import { withHeartbeat } from './heartbeat.ts';
import { permanently } from './permanent.ts';
import { lacksMethod, missingBinding, notAnswering, otherBuild, toServiceError } from './service-errors.ts';
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

async function follow(attempt: Attempt): Promise<Outcome> {
  const { service, binding, call, ask, open: opens, stop, reported } = attempt;
  if (!service) throw permanently(missingBinding(binding));
  if (call.files && !opens) throw permanently(noFiles(call.task));
  if (ask) {
    await service.ready?.().catch((error: unknown) => {
      if (!lacksMethod(error, 'ready')) throw notAnswering(error, binding, call.task);
    });
    if (stop.reason) throw stop.reason;
  }
  let answer: ((Outcome | Started) & Partial<Disposable>) | undefined;
  let outcome: (Outcome & Partial<Disposable>) | undefined;
  try {
    const plain = call.id === undefined && !call.files && !call.checkpoint;
    const given = await ((plain && service.runPlain?.(call.task, call.build, ...call.args)) ||
      service.run(call.files && opens ? { ...call, open: opens } : call));
    if (Object(given) !== given) return { ok: true, value: given };
    answer = given as (Outcome | Started) & Partial<Disposable>;
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
    if (lacksMethod(error, 'runPlain')) return follow({ ...attempt, service: { run: (call) => service.run(call) } });
    throw toServiceError(error, binding, call.task);
  } finally {
    // Because every object from RPC occupies a connection, which no garbage collector frees.
    outcome?.[Symbol.dispose]?.();
    answer?.[Symbol.dispose]?.();
  }
}

function noFiles(task: string): Error {
  return new TypeError(
    `Task "${task}" was given a file, and a shared job has none: a file belongs to the session of one visitor. Run it by run.cpuBound.`,
  );
}
