import { TokenBucket } from '../../clock/index.ts';
import { limits } from '../../protocol/index.ts';

/**
 * The budget of one session for the frames of its browsers. It belongs to the session, so a browser
 * that reconnects, or opens another tab, has the same buckets.
 */
export class Traffic {
  readonly #frames = new TokenBucket({ burst: limits.frameBurst, perSecond: limits.framesPerSecond });
  readonly #bytes = new TokenBucket({ burst: limits.byteBurst, perSecond: limits.bytesPerSecond });
  readonly #welcomes = new TokenBucket({
    burst: limits.welcomeBurst,
    perSecond: limits.welcomeBytesPerSecond,
  });
  /** The bytes sent to the sockets of the session that no browser has acknowledged. */
  inFlight = 0;

  /** Takes one frame, before it is read. Returns false when the session's browsers send too fast. */
  admit(now: number, data: unknown): boolean {
    const size = typeof data === 'string' ? data.length : data instanceof ArrayBuffer ? data.byteLength : 0;
    return this.#frames.take(now) === 0 && this.#bytes.take(now, Math.min(size, limits.byteBurst)) === 0;
  }

  /** Takes more frames, for a frame that costs more than one. Returns false when the browsers send too fast. */
  admitMore(now: number, frames: number): boolean {
    return this.#frames.take(now, frames) === 0;
  }

  /** Returns the milliseconds until a hello may be answered; 0 for now. */
  welcomeWait(now: number): number {
    if (this.inFlight > limits.sessionInFlight) return limits.inFlightPause;
    return this.#welcomes.wait(now, 0);
  }

  /** Records that the answer of a hello had so many bytes. */
  welcomed(now: number, bytes: number): void {
    this.#welcomes.spend(now, bytes);
  }
}
