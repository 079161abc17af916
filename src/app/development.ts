/** The variable of the Worker that says where it runs. */
export interface DevelopmentBindings {
  /**
   * `development` turns on warnings for authors and details of errors, for visitors of this very machine only. `npm start` sets it;
   * with a `wrangler dev` of your own, write `ENVIRONMENT=development` into `.dev.vars`, which is never deployed.
   */
  readonly ENVIRONMENT?: string;
}

/**
 * True when authors are warned and shown the details of errors: the local server says that it is one, and the visitor is on the same
 * machine. Each alone can be true of a deployed application, by a forgotten variable or by a proxy that names another host.
 */
export function isDevelopment(env: DevelopmentBindings | undefined, url: URL): boolean {
  return env?.ENVIRONMENT === 'development' && isLoopback(url.hostname);
}

/** True for the names and addresses of hosts that only the machine itself reaches. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
