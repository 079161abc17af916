export { type BackoffLimits, BackoffPauses, backoff, jitteredBackoff } from './backoff.ts';
export { type Clock, systemTiming, type Timer, type Timing } from './clock.ts';
export { anyMilliseconds, type Duration, inWords, milliseconds } from './duration.ts';
export { systemClock } from './system-clock.ts';
export { TokenBucket, type TokenBucketOptions } from './token-bucket.ts';
