import { bytesInFlight, framesInFlight } from '../../src/protocol/index.ts';

// When the browser acknowledges patches: times in milliseconds, and counts, each with its reason.

/** Delay of an acknowledgement, because it wakes the session's object and can cover several patches ... */
export const ackDelay = 1_000;
/** ... the delay after a snapshot ... */
export const snapshotAckDelay = 50;
/** ... the number of patches that ends the delay, half of the session's limit of unacknowledged patches ... */
export const ackCount = framesInFlight / 2;
/** ... and their characters that end it, a quarter of the session's limit. */
export const ackSize = bytesInFlight / 4;
