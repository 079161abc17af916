/**
 * What `#platform` is in plain Node: classes of the same shape without a platform behind them, so that a test can load and
 * even construct what extends them. Nothing here talks to anything.
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

/** Travels by reference over RPC; in plain Node there is no RPC and it is handed over as it is. */
export class RpcTarget {}

/** The bindings of the Worker; there are none. */
export const env: Readonly<Record<string, unknown>> = {};

/** The Worker's own entrypoints; there are none. */
export const exports: Readonly<Record<string, unknown>> = {};

/** Nothing to keep alive: Node stays up as long as something is pending. */
export function waitUntil(promise: Promise<unknown>): void {
  promise.catch(() => {}); // its owner reports it; here it must only not end the process
}
