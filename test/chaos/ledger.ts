// The world outside of the application: books of lines, which calls of handlers read and write.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `PUT /note/BOOK/LINE` notes a line once; `GET /lines/BOOK` answers the lines. */
export class Ledger implements AsyncDisposable {
  readonly #books = new Map<string, string[]>();
  readonly #server = createServer((request, response) => {
    const [, what, book = '', line = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
    if (what === 'note' && !this.book(book).includes(line)) this.book(book).push(line);
    response.end(what === 'lines' ? JSON.stringify(this.book(book)) : '');
  });

  /** Starts to listen, and resolves with the address. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Returns the lines of a book, for reading and for changing. */
  book(name: string): string[] {
    let lines = this.#books.get(name);
    if (!lines) this.#books.set(name, (lines = []));
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
