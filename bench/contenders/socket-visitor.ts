import type { RawSocket } from '../socket.ts';
import type { Visitor } from './contender.ts';

/** A visitor with one socket, for whom an answered click is as safe as it gets. */
export abstract class SocketVisitor implements Visitor {
  onanswer = () => {};
  shown = 0;
  #socket: RawSocket | undefined;
  /** What is sent with the next connection; undefined when nothing is, because it is lost without one. */
  readonly #waiting: string[] | undefined;

  constructor(sendsLater: boolean) {
    this.#waiting = sendsLater ? [] : undefined;
  }

  abstract click(text?: string): void;
  abstract reconnect(): Promise<void>;

  async settled(): Promise<void> {}

  cut(): void {
    this.#socket?.cut();
    this.#socket = undefined;
  }

  protected send(text: string): void {
    if (this.#socket) this.#socket.send(text);
    else this.#waiting?.push(text);
  }

  /** Uses a new connection. */
  protected connected(socket: RawSocket): void {
    this.#socket = socket;
    for (const text of this.#waiting?.splice(0) ?? []) socket.send(text);
  }
}
