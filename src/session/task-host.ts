import type { Clock } from '../clock/index.ts';
import { batch } from '../reactive/index.ts';
import type { ComputeService } from '../rpc/index.ts';
import type { TaskHost } from '../tasks/index.ts';
import type { SessionEntry, SessionHost } from './host.ts';
import { ElementHost } from './page/element-host.ts';
import { callErrorHandler } from './page/error-handler.ts';

/** The parts of a session that work of its pages' code uses. */
export interface TasksSession {
  readonly host: SessionHost;
  readonly calls: { open(page: string): () => void };
  log(entry: SessionEntry): void;
}

/** What offloaded work needs of its session. */
export class SessionTasks implements TaskHost {
  readonly #session: TasksSession;

  constructor(session: TasksSession) {
    this.#session = session;
  }

  get clock(): Clock {
    return this.#session.host.clock;
  }

  get retired(): boolean {
    return ElementHost.current?.retired === true;
  }

  opens(): () => void {
    return this.#session.calls.open(ElementHost.current?.id ?? '');
  }

  keepAlive(promise: Promise<unknown>): void {
    this.#session.host.keepAlive(promise);
  }

  /** Only batches, because each page that the writes reach flushes by its own effects at the end of the batch. */
  turn(fn: () => void): void {
    batch(fn);
  }

  service(binding: string): ComputeService | undefined {
    return this.#session.host.service(binding);
  }

  failed(error: unknown, name: string): void {
    if (this.retired) return;
    const page = ElementHost.current?.pattern ?? '';
    this.#log('error', `The background task "${name}" failed.`, error, page);
    callErrorHandler(this.#session, error, { page, background: name });
  }

  log(level: 'warn' | 'error', message: string, error?: unknown): void {
    if (!this.retired) this.#log(level === 'warn' ? 'warning' : level, message, error, '');
  }

  #log(level: 'warning' | 'error', message: string, error: unknown, page: string): void {
    this.#session.log({
      level,
      fault: 'author',
      message,
      ...(error !== undefined && { error }),
      ...(page && { page }),
    });
  }
}
