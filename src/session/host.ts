import type { Clock } from '../clock/index.ts';
import type { JobMessage } from '../jobs/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import type { SharedObject } from '../shared/index.ts';
import type { Store } from '../storage/index.ts';

/** What the platform keeps with a socket while the object sleeps. */
export interface SocketMemory {
  readonly page: string;
  readonly epoch: number;
  /** The last patch sent when the page was at rest, or -1 since it has changed. */
  readonly frame: number;
  /** The last patch that the browser has acknowledged. */
  readonly acknowledged: number;
}

/** One browser's socket, by shape: a hibernatable WebSocket in production, a held wire in tests. */
export interface Socket {
  send(text: string): void;
  /** Closes from our side; calling it again does nothing. */
  close(code: number, reason: string): void;
  /** Keeps a few values with the socket that survive hibernation. */
  remember(memory: SocketMemory): void;
  /** Asks the application whether the browser may still have its page. Absent: it may. */
  admission?(): Promise<Admission>;
}

/** What the application says of a visitor; `unknown` when it failed to tell. */
export type Admission = 'admitted' | 'refused' | 'unknown';

/** What a page function is told about the request that opened the page. */
export interface PageRequest {
  /** Path and query, as in `/report/7?year=2026`. */
  readonly path: string;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
}

/** A page of the application: what `app.page` registered. */
export interface PageDefinition {
  /** The path pattern it was registered under, such as `/report/:id`. */
  readonly pattern: string;
  /** The author's function; runs with the page's scopes in place. */
  build(request: PageRequest): unknown;
}

/** An entry of the log. `fault` tells whose mistake it is: ours, the author's, or the network's (which includes hostile input). */
export interface LogEntry {
  /** How serious it is. */
  readonly level: 'info' | 'warning' | 'error';
  /** Whose mistake it is. */
  readonly fault: 'framework' | 'author' | 'network';
  /** Name of the session. */
  readonly session: string;
  /** The path pattern of the page. */
  readonly page?: string;
  /** The element whose handler it is about. */
  readonly element?: string;
  /** Hash of the application's code that wrote it. */
  readonly build: string;
  /** One line, without control characters. */
  readonly message: string;
  /** The error, when one was thrown. */
  readonly error?: unknown;
}

/** An entry of the log by the session that writes it. */
export type SessionEntry = Omit<LogEntry, 'session' | 'build'>;

/** An entry of the log by the page that writes it. */
export type PageEntry = Omit<SessionEntry, 'page'>;

/** All that a session needs from the world around it. */
export interface SessionHost {
  /** Name of the session, for logs. */
  readonly name: string;
  readonly clock: Clock;
  readonly store: Store;
  /** Hash of the application's code; a new one means that builders may have changed. */
  readonly build: string;
  /** True shows warnings and details of errors to authors. May become true with a later visit, and false again for good. */
  readonly development: boolean;
  readonly policy: SessionPolicy;
  /** Finds the page for a path and query, or nothing. */
  match(path: string): { readonly definition: PageDefinition; readonly request: PageRequest } | undefined;
  /** The compute service behind a binding of the Worker, or undefined when there is no such binding. */
  service(binding: string): ComputeService | undefined;
  /** Sends a message into the queue of jobs; absent when the application has none. */
  send?(message: JobMessage): Promise<void>;
  /** A shared object by its name, by a fresh stub. @throws when the Worker has no binding for them. */
  shared?(name: string): SharedObject;
  /** Keeps the object in memory until the promise settles. */
  keepAlive(promise: Promise<unknown>): void;
  /** Sets the object's one alarm, or clears it. Part of the running transaction when there is one. */
  alarm(at: number | null): void;
  log(entry: LogEntry): void;
  /** The application's own error handler, called for what an author's code threw. What it throws or rejects with is logged. */
  readonly onError?: PageErrorHandler;
}

/**
 * Takes an error that the code of a page threw. What the handler throws or rejects with is logged.
 *
 * @param where names the session, the page and what failed, for the log.
 */
export type PageErrorHandler = (error: unknown, where: PageErrorPlace) => unknown;

/** Where the code of a page threw an error. */
export interface PageErrorPlace {
  /** Name of the session. */
  readonly session: string;
  /** The page's id. */
  readonly page: string;
  /** The element whose handler failed; absent for other code. */
  readonly element?: string;
  /** Name of the background task that failed; absent for other code. */
  readonly background?: string;
}

/** How long a session retains what nobody uses, in milliseconds, and how much of it. */
export interface SessionPolicy {
  /**
   * A page ends this long after its last browser has left, when it has nothing to do any more: its rows are deleted.
   *
   * @default 86_400_000 (24 hours)
   */
  readonly pageIdle: number;
  /**
   * Handlers that have not ended go on for this long after a browser was seen. They are then ended with their page, which the log tells.
   * What a handler began to wait for within that time and ends by itself (`run.sleep`, a wait with a `timeout`) is waited for in any
   * case.
   *
   * @default 604_800_000 (7 days)
   */
  readonly openWork: number;
  /**
   * A handler that awaits something else than `run` keeps the object of a watched page in memory for this long.
   *
   * @default 900_000 (15 minutes)
   */
  readonly foreignAwait: number;
  /**
   * A session ends this long after it was last used.
   *
   * @default 2_592_000_000 (30 days)
   */
  readonly sessionIdle: number;
  /**
   * After this time an open page asks the application's middleware again whether its visitor may have it, as soon as anything is sent
   * or received. A page whose object has slept asks as it wakes. The middleware sees the headers with which the browser connected.
   *
   * @default 5 minutes
   */
  readonly revalidate: number;
  /**
   * A page leaves memory this long after its last browser, when other tabs keep the session awake and no handler of it is open. Its
   * rows stay, and whoever comes back finds it as it was.
   *
   * @default 10_000
   */
  readonly memoryIdle: number;
  /**
   * How many such pages stay in memory until then. The ones whose browsers left first leave earlier.
   *
   * @default 10
   */
  readonly memoryPages: number;
  /**
   * An async page function may take this long before its page counts as failed.
   *
   * @default 30_000
   */
  readonly build: number;
}

export const defaultPolicy: SessionPolicy = {
  pageIdle: 24 * 3_600_000,
  openWork: 7 * 24 * 3_600_000,
  foreignAwait: 15 * 60_000,
  sessionIdle: 30 * 24 * 3_600_000,
  revalidate: 5 * 60_000,
  memoryIdle: 10_000,
  memoryPages: 10,
  build: 30_000,
};
