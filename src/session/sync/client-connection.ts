import type { Clock } from '../../clock/index.ts';
import { type DownFrame, type EndReason, encode, limits } from '../../protocol/index.ts';
import type { Socket, SocketMemory } from '../host.ts';

/** WebSocket close codes for each way a session ends a link; 4000 and up are the application's own. */
const closeCodes: { readonly [R in EndReason]: number } = {
  reload: 4000,
  gone: 4001,
  replaced: 4002,
  refused: 4003,
  slow: 4004,
  revoked: 4005,
};

/** The session's end of one browser's socket: what was sent, what was read, how fast it may speak. */
export class ClientConnection {
  readonly socket: Socket;
  /** False until the browser said hello; nothing is sent before. */
  greeted = false;
  open = true;
  /** Last patch sent. */
  sent = 0;
  /** Last patch the browser acknowledged. */
  acknowledged = 0;
  /** Last event acknowledged to the browser. */
  eventAcknowledged = 0;
  /** Since when the browser has been behind, or undefined. */
  behindSince: number | undefined;
  readonly #clock: Clock;
  #tokens: number = limits.eventBurst;
  #filled: number;

  constructor(socket: Socket, clock: Clock) {
    this.socket = socket;
    this.#clock = clock;
    this.#filled = clock.now();
  }

  send(text: string): void {
    if (!this.open) return;
    try {
      this.socket.send(text);
    } catch {
      // The platform has closed the socket and its close event is on the way; the browser will come back for what it missed.
      this.open = false;
    }
  }

  sendFrame(frame: DownFrame): void {
    this.send(encode(frame));
  }

  /** True while the browser has not read what it was sent: more is merged instead of sent. */
  get behind(): boolean {
    return this.sent - this.acknowledged >= limits.framesInFlight || this.socket.bufferedAmount > limits.socketBuffer;
  }

  /** Takes a token for one event; false when the browser speaks too fast. */
  admit(): boolean {
    const now = this.#clock.now();
    // A clock that goes back must not take tokens away.
    const earned = (Math.max(0, now - this.#filled) / 1000) * limits.eventsPerSecond;
    this.#tokens = Math.min(limits.eventBurst, this.#tokens + earned);
    this.#filled = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  remember(memory: SocketMemory): void {
    if (this.open) this.socket.remember(memory);
  }

  end(reason: EndReason, message: string): void {
    if (!this.open) return;
    this.sendFrame(['x', reason, message]);
    this.open = false;
    this.socket.close(closeCodes[reason], reason);
  }
}
