import { clientLimits } from '../../src/protocol/index.ts';

// Times of a connection in milliseconds, and counts, each with its reason.

/** Maximum of the first pause. Each further maximum is twice as long. */
export const retryBase = 250;
/** Maximum of any pause, because a person is looking at the page. */
export const retryCap = 10_000;
/** Time after which a connection counts as stable. The next loss then starts from `retryBase`. */
export const settled = 5_000;
/** Interval of heartbeats, because proxies cut connections that are silent for 30 to 60 seconds. */
export const heartbeat = 25_000;
/** Time without an answer to open, hello or ping, after which the connection counts as dead. */
export const patience = 10_000;
/** Delay of an acknowledgement, because it wakes the session's object and can cover several patches ... */
export const ackDelay = 1_000;
/** ... the delay after a snapshot ... */
export const snapshotAckDelay = 50;
/** ... the number of patches that ends the delay, half of the session's limit of unacknowledged patches ... */
export const ackCount = clientLimits.framesInFlight / 2;
/** ... and their characters that end it, a quarter of the session's limit. */
export const ackSize = clientLimits.bytesInFlight / 4;
