export { type BackoffLimits, BackoffPauses, backoff, jitteredBackoff } from './backoff.ts';
export { type Clock, systemClock, type Timer } from './clock.ts';
export { anyMilliseconds, type Duration, inWords, milliseconds } from './duration.ts';
export { newId } from './ids.ts';
export { TokenBucket, type TokenBucketOptions } from './token-bucket.ts';
