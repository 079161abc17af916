/**
 * `#platform` in plain Node: classes of the same shape without a platform.
 * A test can load and construct the classes that extend them. Nothing here does any input or output.
 */

export class DurableObject<Context = unknown, Env = unknown> {
  protected ctx: Context;
  protected env: Env;

  constructor(ctx: Context, env: Env) {
    this.ctx = ctx;
    this.env = env;
  }
}

export class WorkerEntrypoint<Context = unknown, Env = unknown> {
  protected ctx: Context;
  protected env: Env;

  constructor(ctx: Context, env: Env) {
    this.ctx = ctx;
    this.env = env;
  }
}

/** The base of objects that travel by reference over RPC. In plain Node there is no RPC, so the object itself is passed. */
export class RpcTarget {}

/** The bindings of the Worker; none in Node. */
export const env: Readonly<Record<string, unknown>> = {};

/** The Worker's own entry points; none in Node. */
export const exports: Readonly<Record<string, unknown>> = {};

/** Does nothing: Node runs as long as something is pending. */
export function waitUntil(promise: Promise<unknown>): void {
  promise.catch(() => {}); // Because its owner reports the rejection; here it must only not end the process.
}
