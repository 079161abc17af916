import { type Clock, jitteredBackoff } from '../clock/index.ts';
import { type ObjectBindings, objectStub } from '../rpc/index.ts';
import type { SessionObject } from '../session/index.ts';
import { sharedStub } from '../shared/index.ts';
import { ConfigurationError } from './session-cookie.ts';

const attempts = 3;
/** Milliseconds between two attempts, at first and at most. */
const pauses = { first: 100, most: 1_000 };

/**
 * Calls the object of a session, or the shared object that owns a job. Repeats a call with a new stub when the object was reset,
 * by a deploy or a move.
 */
export async function callSession<R>(
  env: Readonly<Record<string, unknown>>,
  objects: ObjectBindings,
  name: string,
  call: (session: SessionObject) => Promise<R>,
  clock: Clock,
  kind: 'session' | 'shared' = 'session',
): Promise<R> {
  const stubOf = kind === 'shared' ? sharedStub : sessionStub;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(stubOf(env, objects, name) as unknown as SessionObject);
    } catch (error) {
      const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
      if (!retryable || overloaded || attempt === attempts) throw error;
      await new Promise<void>((resolve) => clock.after(jitteredBackoff(clock, attempt, pauses), resolve));
    }
  }
}

/** Returns a fresh stub of a session's object. @throws {ConfigurationError} when the Worker has no binding for sessions. */
function sessionStub(env: Readonly<Record<string, unknown>>, objects: ObjectBindings, name: string): DurableObjectStub {
  const { session: binding } = objects;
  const namespace = env[binding] as DurableObjectNamespace | undefined;
  if (namespace?.idFromName) return objectStub(namespace, name, objects);
  throw new ConfigurationError(
    `The Worker has no Durable Object binding ${binding}, in which its pages live. Export the class ` +
      `(\`export const Session = app.Session\`) and bind it in wrangler.toml: [[durable_objects.bindings]] ` +
      `name = "${binding}" class_name = "Session".`,
  );
}
