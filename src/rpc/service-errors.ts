import { ServiceError } from './errors.ts';
import { permanently } from './permanent.ts';

/** What an author sees when a compute service could not even begin, or did not come back. */
export function missingBinding(binding: string): ServiceError {
  return new ServiceError(
    binding,
    `There is no service binding named ${binding}. Add it to wrangler.toml, with the name that the compute Worker has in its own:\n\n` +
      `[[services]]\nbinding = "${binding}"\nservice = "my-compute"\n`,
    false,
  );
}

/** What an author sees when a compute service did not answer whether it is there. */
export function notAnswering(error: unknown, binding: string, task: string): Error {
  const known = toServiceError(error, binding, task);
  if (known instanceof ServiceError && known.absent) return known;
  const message = error instanceof Error ? error.message : String(error);
  const missing = new ServiceError(
    binding,
    `Task "${task}" cannot run: its compute Worker (binding ${binding}) does not answer (${message}). ` +
      'On your machine, see that it is running (`npm start`, or `wrangler dev -c wrangler.compute.toml`).',
    true,
    { cause: error },
  );
  missing.absent = true;
  return missing;
}

/** True when a service answered that it has no `ready`: an older one, or no compute Worker at all. It is there. */
export function lacksReadyMethod(error: unknown): boolean {
  return error instanceof Error && /does not implement the method "ready"/.test(error.message);
}

/**
 * Turns what the platform rejects with into a sentence. The texts are those of workerd 1.20261102 and of the dev registry of
 * wrangler 4.156; an unknown one is passed on as the cause, under a sentence that at least names the task.
 */
export function toServiceError(error: unknown, binding: string, task: string): Error {
  const message = error instanceof Error ? error.message : String(error);
  const fault = (text: string, retryable: boolean) => new ServiceError(binding, text, retryable, { cause: error });

  const absent = /Worker "(.+)" not found/.exec(message);
  if (absent) {
    const missing = fault(
      `Task "${task}" cannot run: the compute Worker "${absent[1]}" (binding ${binding}) is not running. ` +
        'Start it with `npm start`, which runs app and compute, or beside the app with `wrangler dev -c wrangler.compute.toml`.',
      true,
    );
    missing.absent = true;
    return missing;
  }
  if (/Network connection lost|disconnected|broken pipe|Connection (reset|refused)/i.test(message)) {
    return fault(
      `Task "${task}" was lost with its compute Worker (binding ${binding}), which crashed, was stopped, or was replaced by a deploy. ` +
        'A call with durable: false is tried again when run.with({ retries: 2 }) says so. On your machine, see that the Worker is running (`npm start`, or `wrangler dev -c wrangler.compute.toml`).',
      true,
    );
  }
  if (/does not implement the method "run"|is not a function/.test(message)) {
    return permanently(
      fault(
        `The service bound as ${binding} runs no tasks. Its main module must say: export default compute(tasks).`,
        false,
      ),
    );
  }
  if (/exceeded.* (CPU|memory|resource)/i.test(message)) {
    return fault(
      `Task "${task}" took more CPU time or memory than its compute Worker (binding ${binding}) may have, and the platform ended it: ${message} ` +
        'Raise limits.cpu_ms in the wrangler file of the Worker (300000 at most), or do less in one attempt: yield checkpoint(…) and go on from resumed().',
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
      new TypeError(
        `Task "${task}" was given, or gives back, a value that cannot be copied between Workers: ${message}`,
        {
          cause: error,
        },
      ),
    );
  }
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown };
  return fault(
    `The compute Worker (binding ${binding}) failed while it ran task "${task}": ${message}`,
    retryable === true && overloaded !== true,
  );
}
