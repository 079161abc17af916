import type { Clock } from '../../clock/index.ts';
import { type DownFrame, type EndReason, encode, limits } from '../../protocol/index.ts';
import type { Socket, SocketMemory } from '../host.ts';
import type { Traffic } from './traffic.ts';

/**
 * The WebSocket close code for each reason with which a session ends a connection. Applications own
 * 4000 and up.
 */
const closeCodes: { readonly [R in EndReason]: number } = {
  reload: 4000,
  gone: 4001,
  replaced: 4002,
  refused: 4003,
  slow: 4004,
  revoked: 4005,
};

/** The session's end of one browser's socket. It records which frames were sent and acknowledged. */
export class ClientConnection {
  readonly socket: Socket;
  /** False until the browser said hello; the session sends nothing before. */
  greeted = false;
  open = true;
  /** The number of the last patch that was sent. */
  sent = 0;
  /** The number of the last patch that the browser acknowledged. */
  acknowledged = 0;
  /** The number of the last event that the session acknowledged. */
  eventAcknowledged = 0;
  /** When the browser fell behind, in milliseconds since the epoch; undefined while it keeps up. */
  behindSince: number | undefined;
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  /** The sizes of the numbered frames that the browser has not acknowledged, oldest first. */
  #inFlight: { readonly frame: number; readonly bytes: number }[] = [];
  #bytes = 0;

  constructor(socket: Socket, traffic: Traffic, clock: Clock) {
    this.socket = socket;
    this.#traffic = traffic;
    this.#clock = clock;
  }

  send(text: string): void {
    if (!this.open) return;
    try {
      this.socket.send(text);
    } catch {
      // Because the platform has closed the socket and its close event is on the way. The browser
      // reconnects and gets the frame.
      this.open = false;
    }
  }

  sendFrame(frame: DownFrame): void {
    this.send(encode(frame));
  }

  /**
   * Sends a frame that the browser acknowledges by its number. It counts the bytes, because the
   * platform does not report unsent ones.
   */
  sendNumbered(frame: number, text: string): void {
    if (!this.open) return;
    this.#inFlight.push({ frame, bytes: text.length });
    this.#count(text.length);
    this.sent = frame;
    this.send(text);
  }

  /**
   * Records that the browser has read everything up to a frame. Returns true when a frame of these
   * was in flight.
   */
  received(frame: number): boolean {
    const rest = this.#inFlight.findIndex((sent) => sent.frame > frame);
    const done = this.#inFlight.splice(0, rest < 0 ? this.#inFlight.length : rest);
    for (const { bytes } of done) this.#count(-bytes);
    return done.length > 0;
  }

  /** True while the browser has unread frames, so that the session merges changes instead of sending them. */
  get behind(): boolean {
    return this.sent - this.acknowledged >= limits.framesInFlight || this.#bytes > limits.bytesInFlight;
  }

  /** Takes frames from the session's budget, or ends the connection. */
  admit(frames: number): boolean {
    if (this.#traffic.admitMore(this.#clock.now(), frames)) return true;
    this.tooFast();
    return false;
  }

  tooFast(): void {
    this.end('refused', 'Frames came faster than the limit of the session. Send the rest later and slower.');
  }

  /** Records that the platform has closed the socket, and drops all state of it. */
  closed(): void {
    this.open = false;
    this.received(Number.POSITIVE_INFINITY);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#traffic.inFlight += bytes;
  }

  remember(memory: SocketMemory | undefined): void {
    if (this.open) this.socket.remember(memory);
  }

  /** Stores the rows of its page with the socket; undefined removes them. */
  copy(rows: string | undefined): void {
    if (this.open && this.socket.rows !== rows) this.socket.rows = rows;
  }

  end(reason: EndReason, message: string): void {
    if (!this.open) return;
    this.sendFrame(['x', reason, message]);
    this.open = false;
    this.socket.close(closeCodes[reason], reason);
  }
}
