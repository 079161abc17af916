import { type ObjectBindings, objectStub } from '../rpc/index.ts';
import type { SharedObject } from './protocol.ts';

/** Returns a fresh stub of a shared object. @throws {Error} when the Worker has no binding for shared objects. */
export function sharedStub(env: object, objects: ObjectBindings, name: string): SharedObject {
  const { shared: binding } = objects;
  const namespace = (env as Record<string, unknown>)[binding] as DurableObjectNamespace | undefined;
  if (namespace?.idFromName) return objectStub(namespace, name, objects) as unknown as SharedObject;
  throw new Error(
    `The Worker has no Durable Object binding ${binding}, in which shared values live. Export the class ` +
      `(\`export const Shared = app.Shared\`) and bind it in wrangler.toml: [[durable_objects.bindings]] ` +
      `name = "${binding}" class_name = "Shared", and a migration with new_sqlite_classes = ["Shared"].`,
  );
}
