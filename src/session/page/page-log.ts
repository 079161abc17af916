import { describe, type TreeNode } from '../../tree/index.ts';
import type { PageEntry, SessionHost } from '../host.ts';
import { callErrorHandler, type ErrorHandlerOwner } from './error-handler.ts';

/** The parts of a session that a page's log uses. */
interface PageLogOwner extends ErrorHandlerOwner {
  readonly host: ErrorHandlerOwner['host'] & Pick<SessionHost, 'development'>;
}

/** Writes log lines of a page, and advice for developers. */
export class PageLog {
  readonly #owner: PageLogOwner;
  readonly #page: string;
  readonly #advised = new Set<string>();

  /** @param page the pattern under which the page was registered. */
  constructor(owner: PageLogOwner, page: string) {
    this.#owner = owner;
    this.#page = page;
  }

  write(entry: PageEntry): void {
    this.#owner.log({ ...entry, page: this.#page });
  }

  /** Warns the author, in development only and once for each text. */
  advise(text: string): void {
    if (!this.#owner.host.development || this.#advised.has(text)) return;
    this.#advised.add(text);
    this.write({ level: 'warning', fault: 'author', message: text });
  }

  /** An author's code threw: a line of the log, and a call of the application's error handler. */
  threw(message: string, error: unknown, node?: TreeNode): void {
    const element = node && { element: describe(node) };
    this.write({ level: 'error', fault: 'author', message, error, ...element });
    callErrorHandler(this.#owner, error, { page: this.#page, ...element });
  }
}
