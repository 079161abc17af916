// Times by which a connection is watched, in milliseconds, each with its reason.

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
