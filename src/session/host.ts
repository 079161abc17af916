import type { Clock } from '../clock/index.ts';
import type { FileBucket } from '../files/index.ts';
import type { JobMessage } from '../jobs/index.ts';
import type { Moved, Paint } from '../protocol/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import type { SharedObject } from '../shared/index.ts';
import type { Store } from '../storage/index.ts';
import type { Visitor } from './visitor.ts';

/** The state that the platform stores with a socket during hibernation. */
export interface SocketMemory {
  readonly page: string;
  readonly epoch: number;
  /** The last patch sent while the page was at rest; -1 when the page changed since. */
  readonly frame: number;
  /** The checksum of the tree at rest, at patch `frame`. */
  readonly rest?: number;
  /** The last patch that the browser acknowledged. */
  readonly acknowledged: number;
}

/** One browser's socket: a hibernatable WebSocket in production, a test double in tests. */
export interface Socket {
  send(text: string): void;
  /** Closes the socket from the server's side; further calls do nothing. */
  close(code: number, reason: string): void;
  /** Stores values with the socket that survive hibernation; undefined removes them. */
  remember(memory: SocketMemory | undefined): void;
  /** A copy of the rows of its page ({@link Store.copy}), stored with the socket; undefined when there is none, or it is out of date. */
  rows?: string | undefined;
  /** The visitor of the browser, when its headers are known. */
  readonly visitor?: Visitor | undefined;
  /** Called when the browser has another page than the one it asked for, or shows another path of its page. */
  moved?(page: string, path: string): void;
  /** Asks the application whether the browser may still see its page. Absent, or undefined: it may. */
  admission?(): Promise<Admission> | undefined;
}

/** The application's decision about a visitor; `unknown` when its check failed. */
export type Admission = 'admitted' | 'refused' | 'unknown';

/** The request that opened a page, as its function receives it. */
export interface PageRequest {
  /** Path and query, as in `/report/7?year=2026`. */
  readonly path: string;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
}

/** What there is at a path: a page, one that the tab shows already, nothing, another address, or a message for the status 404. */
export type Opened = Paint | Moved | 'missing' | { readonly redirect: string } | { readonly notFound: string };

/** A page of the application: what `app.page` registered. */
export interface PageDefinition {
  /** The path pattern it was registered under, such as `/report/:id`. */
  readonly pattern: string;
  /** The author's function; runs with the page's scopes in place. */
  build(request: PageRequest): unknown;
}

/**
 * An entry of the log. `fault` names who caused it: the framework, the author, or the network (also
 * hostile input).
 */
export interface LogEntry {
  /** How serious it is. */
  readonly level: 'info' | 'warning' | 'error';
  /** Whose mistake it is. */
  readonly fault: 'framework' | 'author' | 'network';
  /** Name of the session. */
  readonly session: string;
  /** The path pattern of the page; absent for the session itself. */
  readonly page?: string;
  /** The element whose handler it is about; absent for other code. */
  readonly element?: string;
  /** Hash of the application's code that wrote it. */
  readonly build: string;
  /** One line, without control characters. */
  readonly message: string;
  /** The error; absent when none was thrown. */
  readonly error?: unknown;
}

/** An entry of the log by the session that writes it. */
export type SessionEntry = Omit<LogEntry, 'session' | 'build'>;

/** An entry of the log by the page that writes it. */
export type PageEntry = Omit<SessionEntry, 'page'>;

/** The environment of a session. */
export interface SessionHost {
  /** Name of the session, for logs. */
  readonly name: string;
  /** Its timers run outside of every context; see {@link engineClock}. */
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
  readonly send?: ((message: JobMessage) => Promise<void>) | undefined;
  /** A shared object by its name, by a fresh stub. @throws when the Worker has no binding for them. */
  shared?(name: string): SharedObject;
  /** The bucket for the bytes of files; undefined when the application binds none. */
  bucket?(): FileBucket | undefined;
  /** Prevents hibernation until the promise settles. */
  keepAlive(promise: Promise<unknown>): void;
  /** Sets the object's one alarm, or clears it. Part of the running transaction when there is one. */
  alarm(at: number | null): void;
  log(entry: LogEntry): void;
  /** The application's own error handler, called for what an author's code threw. What it throws or rejects with is logged. */
  readonly onError?: PageErrorHandler;
}

/**
 * Handles an error that the code of a page threw. The framework logs its own errors.
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

/** The time limits, in milliseconds, and the caps of unused state in a session. */
export interface SessionPolicy {
  /**
   * A page ends this long after its last browser has left, when it has nothing to do any more: its
   * rows are deleted.
   *
   * @default 86_400_000 (24 hours)
   */
  readonly pageIdle: number;
  /**
   * Open handlers run for this long after a browser last showed the page. They then end with their
   * page, and the log records it. A wait with its own end (`run.sleep`, a wait with a `timeout`)
   * that began in this time is always completed.
   *
   * @default 604_800_000 (7 days)
   */
  readonly openWork: number;
  /**
   * A handler that awaits a promise outside `run` prevents hibernation of a shown page for this
   * long.
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
   * After this time an open page asks the application's middleware again whether its visitor may
   * have it, as soon as anything is sent or received. A page whose object has slept asks as it
   * wakes. The middleware sees the headers with which the browser connected.
   *
   * @default 300_000 (5 minutes)
   */
  readonly revalidate: number;
  /**
   * A page is evicted from memory this long after its last browser left, when other tabs hold the
   * session awake and no handler of it is open. Its rows stay, so a returning browser finds it
   * unchanged.
   *
   * @default 10_000 (10 seconds)
   */
  readonly memoryIdle: number;
  /**
   * The greatest number of such pages in memory. The page whose browser left first is evicted first.
   *
   * @default 10
   */
  readonly memoryPages: number;
  /**
   * An async page function may take this long before its page counts as failed.
   *
   * @default 30_000 (30 seconds)
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
