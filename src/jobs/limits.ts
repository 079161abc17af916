/** The caps of durable jobs, each with its reason. */
export const jobLimits = {
  /** Jobs of one session that run at once in the service lane. Past that a session takes the compute service from all others. */
  running: 32,
  /** Jobs of one session in the queue, or taken from it. Past that a session takes the consumers from all others. */
  queued: 32,
  /** Jobs of one session without an outcome. A loop that starts more is a mistake, and is told so. */
  open: 1_000,
  /** Characters of arguments, chunks and checkpoints that jobs without an outcome keep together, before another one is taken. */
  openSize: 256 * 1024 * 1024,
  /** Attempts that may be lost (killed, never heard of again) before the job counts as exhausted: a poison task kills each. */
  lost: 5,
  /**
   * Lost attempts from which on a job runs beside no other such one: when a thread dies, nobody knows which of those that ran in it was the
   * poison, and those that were not are to end before the poison has killed as many of their attempts as its own.
   */
  suspect: 3,
  /** Attempts that the session's own restarts may cost: deploys of a month for a long job, and an end for a task that kills its session. */
  restarts: 50,
  /** Milliseconds that a job waits in pauses for a service that is away, restarted or replaced: that is no fault of the job and costs no attempt. */
  away: 120_000,
  /** The same for a service that no job here has ever reached: it was not started, or its name is misspelt, and the author wants to know. */
  missing: 15_000,
  /** Milliseconds that a pause for this reason lasts at most: to ask costs little, and the service is soon back as a rule. */
  awayPause: 5_000,
  /** Ended jobs kept for who looks later. */
  kept: 100,
  /** Milliseconds they are kept. */
  keptFor: 24 * 3_600_000,
  /** Characters of arguments, results and chunks that ended jobs keep together: a session is not a store of files. */
  keptSize: 64 * 1024 * 1024,
  /** Characters of one part of arguments, a result or chunks: below the row cap even when each takes three bytes. */
  part: 512 * 1024,
  /** Characters of a job's name, of its key, and of the reason for which it was cancelled. */
  text: 1_000,
  /** Characters of an error with its stack, causes and properties; without those above it. The row of a job is rewritten often. */
  error: 64 * 1024,
  /** Characters of an error's message in such a case. */
  message: 8 * 1024,
  /** Chunks kept of one job; the oldest give way. */
  chunks: 10_000,
  /** Characters of those. */
  chunkSize: 8 * 1024 * 1024,
  /** Parts of chunks that are read at once for a reader that is behind. */
  page: 8,
  /** Milliseconds between two looks at jobs that run here: how long a job of a dead object waits for its next attempt at most. */
  lease: 10_000,
  /** Milliseconds between two signs of life of a consumer that runs a job. */
  beat: 5_000,
  /** Milliseconds without a sign of life after which a queued attempt counts as lost: four beats. */
  silence: 20_000,
  /**
   * Milliseconds after which a queue message that nobody claimed is sent again: the first time, and at most, because more messages only
   * make a long backlog longer.
   */
  unclaimed: { first: 15_000, most: 15 * 60_000 },
  /** Milliseconds until a message that could not be sent is tried again: the first time, and at most. */
  resend: { first: 1_000, most: 64_000 },
  /** Milliseconds between two commits of mere progress. */
  progress: 1_000,
  /** Milliseconds that a pause between two attempts lasts at most: the first one, and any. */
  backoff: { first: 500, most: 30_000 },
  /** Milliseconds after its page lost its watcher that a job with `cancelOnLeave: true` goes on: a reload is no leaving. */
  leaveGrace: 5_000,
} as const;
