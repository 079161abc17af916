import { permanently } from './attempts.ts';
import type { ComputeService, Outcome, Report, Started, TaskCall } from './service.ts';
import type { Stop } from './stop.ts';
import { explain, missingBinding } from './unavailable.ts';

/**
 * Runs one attempt of a task on its compute service, by RPC over the service binding.
 * Goes on in the background when it was stopped, until the far side has let go.
 *
 * @param reported hears of the attempt while it is wanted; settles when there is room for the next report.
 * @throws {ServiceError} and what else {@link explain} makes of a failure of the service itself.
 */
export async function callService(
  service: ComputeService | undefined,
  call: TaskCall,
  binding: string,
  stop: Stop,
  reported: (report: Report) => Promise<void>,
): Promise<Outcome> {
  if (!service) throw permanently(missingBinding(binding));
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
    throw explain(error, binding, call.task);
  } finally {
    // Whatever object came over RPC keeps a connection, also one without a handle in it, and no garbage collector frees it.
    outcome?.[Symbol.dispose]?.();
    answer?.[Symbol.dispose]?.();
  }
}
