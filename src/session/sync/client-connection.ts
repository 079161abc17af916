import type { Clock } from '../../clock/index.ts';
import { type DownFrame, type EndReason, encode, limits } from '../../protocol/index.ts';
import type { Socket, SocketMemory } from '../host.ts';
import type { Traffic } from './traffic.ts';

/** WebSocket close codes for each way a session ends a link; 4000 and up are the application's own. */
const closeCodes: { readonly [R in EndReason]: number } = {
  reload: 4000,
  gone: 4001,
  replaced: 4002,
  refused: 4003,
  slow: 4004,
  revoked: 4005,
};

/** The session's end of one browser's socket: what was sent, and what the browser has acknowledged. */
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
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  /** Sizes of the numbered frames that the browser has not acknowledged, oldest first. */
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
      // The platform has closed the socket and its close event is on the way; the browser will come back for what it missed.
      this.open = false;
    }
  }

  sendFrame(frame: DownFrame): void {
    this.send(encode(frame));
  }

  /** Sends a frame that the browser acknowledges by its number. The platform does not tell what it has not sent yet, so it is counted here. */
  sendNumbered(frame: number, text: string): void {
    if (!this.open) return;
    this.#inFlight.push({ frame, bytes: text.length });
    this.#count(text.length);
    this.sent = frame;
    this.send(text);
  }

  /** The browser has read everything up to that frame. Returns true when something of it was in flight. */
  received(frame: number): boolean {
    const rest = this.#inFlight.findIndex((sent) => sent.frame > frame);
    const done = this.#inFlight.splice(0, rest < 0 ? this.#inFlight.length : rest);
    for (const { bytes } of done) this.#count(-bytes);
    return done.length > 0;
  }

  /** True while the browser has not read what it was sent: more is merged instead of sent. */
  get behind(): boolean {
    return this.sent - this.acknowledged >= limits.framesInFlight || this.#bytes > limits.bytesInFlight;
  }

  /** Takes so many frames from what the session's browsers may send, or ends the connection. */
  admit(frames: number): boolean {
    if (this.#traffic.admitMore(this.#clock.now(), frames)) return true;
    this.tooFast();
    return false;
  }

  tooFast(): void {
    this.end('refused', 'Frames came faster than the limit of the session; send the rest again, slower.');
  }

  /** The platform has closed the socket: nothing of it is in memory any more. */
  closed(): void {
    this.open = false;
    this.received(Number.POSITIVE_INFINITY);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#traffic.inFlight += bytes;
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
