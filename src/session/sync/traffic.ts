import { TokenBucket } from '../../clock/index.ts';
import { limits } from '../../protocol/index.ts';

/**
 * How much the browsers of one session may send and be sent. It belongs to the session: a browser that connects anew, or in another tab,
 * finds the same buckets.
 */
export class Traffic {
  readonly #frames = new TokenBucket({ burst: limits.frameBurst, perSecond: limits.framesPerSecond });
  readonly #bytes = new TokenBucket({ burst: limits.byteBurst, perSecond: limits.bytesPerSecond });
  readonly #welcomes = new TokenBucket({
    burst: limits.welcomeBurst,
    perSecond: limits.welcomeBytesPerSecond,
  });
  /** Bytes that were sent to the sockets of the session and that no browser has acknowledged. */
  inFlight = 0;

  /** Takes a frame of any kind, before it is read. Returns false when the session's browsers send too fast. */
  admit(now: number, data: unknown): boolean {
    const size = typeof data === 'string' ? data.length : data instanceof ArrayBuffer ? data.byteLength : 0;
    return this.#frames.take(now) === 0 && this.#bytes.take(now, Math.min(size, limits.byteBurst)) === 0;
  }

  /** Takes so many frames more, for what one frame holds or costs. Returns false when the session's browsers send too fast. */
  admitMore(now: number, frames: number): boolean {
    return this.#frames.take(now, frames) === 0;
  }

  /** Returns the milliseconds until a hello may be answered; 0 when it may be now. */
  welcomeWait(now: number): number {
    if (this.inFlight > limits.sessionInFlight) return limits.inFlightPause;
    return this.#welcomes.wait(now, 0);
  }

  /** A hello was answered with so many bytes. */
  welcomed(now: number, bytes: number): void {
    this.#welcomes.spend(now, bytes);
  }
}
