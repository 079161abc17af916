import { clientLimits } from '../../src/protocol/index.ts';

// Times of a connection in milliseconds, and counts, each with its reason.

/** The first retry comes within this; each further one within twice as much. */
export const retryBase = 250;
/** And no retry waits longer than this: a person is looking at the page. */
export const retryCap = 10_000;
/** A connection that lived this long was a good one: the next loss starts from `retryBase`. */
export const settled = 5_000;
/** Proxies cut connections that are silent for 30 to 60 seconds. */
export const heartbeat = 25_000;
/** No answer to open, hello or ping within this: the connection is dead although nobody said so. */
export const patience = 10_000;
/** An acknowledgement wakes the session's object, so it waits for company this long ... */
export const ackDelay = 1_000;
/** ... after a snapshot only this long ... */
export const snapshotAckDelay = 50;
/** ... or for this many patches, half of what the session lets be in flight ... */
export const ackCount = clientLimits.framesInFlight / 2;
/** ... or for patches of this size together, a quarter of what it lets be in flight. */
export const ackSize = clientLimits.bytesInFlight / 4;
