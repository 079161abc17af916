import { jitteredBackoff, systemClock } from '../clock/index.ts';
import type { SessionObject } from '../session/index.ts';
import { ConfigurationError } from './session-cookie.ts';

const attempts = 3;
/** Milliseconds between two attempts, at first and at most. */
const pauses = { first: 100, most: 1_000 };

/** Calls the session object of a name. Repeats a call with a new stub when the object was reset, by a deploy or a move. */
export async function callSession<R>(
  env: Readonly<Record<string, unknown>>,
  binding: string,
  name: string,
  call: (session: SessionObject) => Promise<R>,
): Promise<R> {
  const namespace = env[binding] as DurableObjectNamespace | undefined;
  if (!namespace?.idFromName) {
    throw new ConfigurationError(
      `The Worker has no Durable Object binding ${binding}, in which its pages live. Export the class ` +
        `(\`export const Session = app.Session\`) and bind it in wrangler.toml: [[durable_objects.bindings]] ` +
        `name = "${binding}" class_name = "Session".`,
    );
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(namespace.get(namespace.idFromName(name)) as unknown as SessionObject);
    } catch (error) {
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded || attempt === attempts) throw error;
      await new Promise<void>((resolve) => systemClock.after(jitteredBackoff(systemClock, attempt, pauses), resolve));
    }
  }
}
