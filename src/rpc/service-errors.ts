import { ServiceError } from './errors.ts';
import { permanently } from './permanent.ts';

/** Returns the error of a call whose service binding does not exist. */
export function missingBinding(binding: string): ServiceError {
  return new ServiceError(
    binding,
    `There is no service binding named ${binding}. Add it to wrangler.toml, with the name that the compute Worker has in its own:\n\n` +
      `[[services]]\nbinding = "${binding}"\nservice = "my-compute"\n`,
    false,
  );
}

/** Returns the error of a call whose compute service did not answer `ready`. */
export function notAnswering(error: unknown, binding: string, task: string): Error {
  const known = toServiceError(error, binding, task);
  if (known instanceof ServiceError && known.absent) return known;
  const message = error instanceof Error ? error.message : String(error);
  const missing = new ServiceError(
    binding,
    `Task "${task}" cannot run: its compute Worker (binding ${binding}) does not answer (${message}). ` +
      'In local development, check that it is running (`edgewise dev`, or `wrangler dev -c wrangler.compute.toml`).',
    true,
    { cause: error },
  );
  missing.absent = true;
  return missing;
}

/** Returns the error of a call whose compute Worker is of another build and lacks the task. */
export function otherBuild(binding: string, task: string, why: string): ServiceError {
  const error = new ServiceError(binding, `Task "${task}" waits for another build of its compute Worker. ${why}`, true);
  error.absent = true;
  error.otherBuild = true;
  return error;
}

/** True for the answer of a reachable service without the method: an older build, or no compute Worker. */
export function lacksMethod(error: unknown, name: string): boolean {
  return error instanceof Error && error.message.includes(`does not implement the method "${name}"`);
}

/**
 * Converts a platform error to an error that names the task and the binding. It knows the texts of workerd 1.20261102 and
 * of the dev registry of wrangler 4.156. The original error becomes the cause.
 */
export function toServiceError(error: unknown, binding: string, task: string): Error {
  if (error instanceof ServiceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const fault = (text: string, retryable: boolean) => new ServiceError(binding, text, retryable, { cause: error });

  const absent = /Worker "(.+)" not found/.exec(message);
  if (absent) {
    const missing = fault(
      `Task "${task}" cannot run: the compute Worker "${absent[1]}" (binding ${binding}) is not running. ` +
        'Start it with `edgewise dev`, which runs app and compute, or beside the app with `wrangler dev -c wrangler.compute.toml`.',
      true,
    );
    missing.absent = true;
    return missing;
  }
  if (/Network connection lost|disconnected|broken pipe|Connection (reset|refused)/i.test(message)) {
    return fault(
      `Task "${task}" was lost with its compute Worker (binding ${binding}), which crashed, was stopped, or was replaced by a deploy. ` +
        'A call with durable: false is repeated only with run.with({ retries: 2 }). In local development, check that the Worker is running (`edgewise dev`, or `wrangler dev -c wrangler.compute.toml`).',
      true,
    );
  }
  if (/does not implement the method "run"|is not a function/.test(message)) {
    return permanently(
      fault(
        `The service bound as ${binding} runs no tasks. Its main module must contain: export default compute(tasks).`,
        false,
      ),
    );
  }
  if (/exceeded.* (CPU|memory|resource)/i.test(message)) {
    return fault(
      `Task "${task}" took more CPU time or memory than its compute Worker (binding ${binding}) may use, and the platform ended it: ${message} ` +
        'Raise limits.cpu_ms in the wrangler file of the Worker (300000 at most), or do less in one attempt: yield checkpoint(…) and continue from resumed().',
      true,
    );
  }
  if (/code had hung/.test(message)) {
    return permanently(
      fault(`Task "${task}" waits for something that can no longer happen, and the platform ended it.`, false),
    );
  }
  if (/limited to 32MiB/.test(message)) {
    return permanently(
      new RangeError(
        `A message of task "${task}" is too large: ${message} Put the data into R2 and pass its key, or split the work into several calls.`,
        { cause: error },
      ),
    );
  }
  if (error instanceof Error && error.name === 'DataCloneError') {
    return permanently(
      new TypeError(`Task "${task}" received or returned a value that cannot be copied between Workers: ${message}`, {
        cause: error,
      }),
    );
  }
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown };
  return fault(
    `The compute Worker (binding ${binding}) failed while it ran task "${task}": ${message}`,
    retryable === true && overloaded !== true,
  );
}
