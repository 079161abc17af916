/** The caps of durable jobs, each with its reason. */
export const jobLimits = {
  /** Jobs of one session that run at once. Past that a session takes the compute service from all others. */
  running: 32,
  /** Jobs of one session without an outcome. A loop that starts more is a mistake, and is told so. */
  open: 1_000,
  /** Attempts that may be lost (killed, never heard of again) before the job counts as exhausted: a poison task kills each. */
  lost: 4,
  /** Ended jobs kept for who looks later. */
  kept: 100,
  /** Milliseconds they are kept. */
  keptFor: 24 * 3_600_000,
  /** Characters of one part of arguments, a result or chunks: well below the row cap. */
  part: 512 * 1024,
  /** Chunks kept of one job; the oldest give way. */
  chunks: 10_000,
  /** Milliseconds between two looks at running jobs: how long a job of a dead object waits for its next attempt at most. */
  lease: 10_000,
  /** Milliseconds without a sign of life after which a queued attempt counts as lost. A consumer beats every 5 seconds. */
  silence: 30_000,
  /** Milliseconds after which a queue message that nobody claimed is sent again. */
  unclaimed: 60_000,
  /** Milliseconds between two commits of mere progress. */
  progress: 1_000,
  /** Milliseconds that the first pause between two attempts lasts at most; each following one may last twice as long. */
  backoffFirst: 200,
  /** Milliseconds that any pause lasts at most. */
  backoffMost: 30_000,
  /** Milliseconds after its page lost its watcher that a job with `cancelOnLeave: true` goes on: a reload is no leaving. */
  leaveGrace: 5_000,
} as const;
