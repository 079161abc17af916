/** The variable of the Worker that says where it runs. */
export interface DevelopmentBindings {
  /**
   * `development` turns on warnings for authors and details of errors, for visitors on the same machine only.
   * `npm start` sets it. With a `wrangler dev` of your own, write `ENVIRONMENT=development` into `.dev.vars`,
   * which is never deployed.
   *
   * @default no development
   */
  readonly ENVIRONMENT?: string;
}

/**
 * Returns true when pages may show warnings for authors and details of errors.
 * The local server must set the variable, and the visitor must be on the same machine. One condition is not
 * enough: a deployment may carry a forgotten variable, and a proxy may name another host.
 */
export function isDevelopment(env: DevelopmentBindings | undefined, url: URL): boolean {
  return env?.ENVIRONMENT === 'development' && isLoopback(url.hostname);
}

/** Returns true for host names and addresses that only the machine itself reaches. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
