import type { SessionEntry, SessionHost } from '../host.ts';

/** The part of a session that calls the application's error handler. */
export interface ErrorHandlerOwner {
  readonly host: Pick<SessionHost, 'name' | 'onError' | 'keepAlive'>;
  log(entry: SessionEntry): void;
}

type Where = Omit<Parameters<NonNullable<SessionHost['onError']>>[1], 'session'>;

/** Calls the application's error handler. Logs what that throws, at once or later, and never throws itself. */
export function callErrorHandler(owner: ErrorHandlerOwner, error: unknown, where: Where): void {
  const { host } = owner;
  const failed = (thrown: unknown) => {
    const message = 'The handler of app.onPageError failed, so an error was not handled.';
    owner.log({ level: 'error', fault: 'author', message, page: where.page, error: thrown });
  };
  try {
    const result: unknown = host.onError?.(error, { session: host.name, ...where });
    if (result instanceof Promise) host.keepAlive(result.catch(failed));
  } catch (thrown) {
    failed(thrown);
  }
}
