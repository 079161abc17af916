/** The caps of durable jobs, each with its reason. */
export const jobLimits = {
  /** Parallel jobs of one session in the service lane. With more, one session would occupy the compute service of all others. */
  running: 32,
  /** Jobs of one session in the queue or at a consumer. With more, one session would occupy the consumers of all others. */
  queued: 32,
  /** Open jobs of one session. A loop that starts more is a mistake, and gets an error. */
  open: 1_000,
  /** Characters of arguments, chunks and checkpoints of all open jobs, above which no job starts. */
  openSize: 256 * 1024 * 1024,
  /** Lost attempts (killed, or without a heartbeat) before a job is exhausted, because a poison task kills every attempt. */
  lost: 5,
  /**
   * Lost attempts after which a job is a suspect and runs beside no other suspect of its service. When a thread dies, nobody
   * knows which of its tasks was the poison. So innocent jobs end before the poison exhausts them.
   */
  suspect: 3,
  /** Attempts that restarts of the session may cost: a month of deploys for a long job, but an end for one that kills its session. */
  restarts: 50,
  /** Milliseconds that a job waits for a service that restarts or is replaced, which costs no attempt. */
  away: 120_000,
  /** The same for a service that the application was not built with and no job has reached, because its name may be misspelt. */
  missing: 15_000,
  /** The same for a service of another build, which lacks the task: the time that an author takes to deploy it. */
  otherBuild: 3_600_000,
  /** Longest such pause in milliseconds, because a question costs little and a service usually returns soon. */
  awayPause: 5_000,
  /** Ended jobs that are stored for later readers. */
  ended: 100,
  /** Milliseconds for which they are stored. */
  endedFor: 24 * 3_600_000,
  /** Characters of arguments, results and chunks of all ended jobs, because a session is no file storage. */
  endedSize: 64 * 1024 * 1024,
  /** Characters of one part of arguments, a result or chunks: below the row cap even at three bytes each. */
  part: 512 * 1024,
  /** Characters of arguments or a result that the row takes along, because each further row is billed. */
  inRow: 1_000,
  /** Characters of a job's name, of its key, and of its reason for cancellation. */
  text: 1_000,
  /** Characters of an error with stack, causes and properties, which a larger error loses, because the row is rewritten often. */
  error: 64 * 1024,
  /** Characters of such an error's message, and of its stack. */
  message: 8 * 1024,
  /** Stored chunks of one job; the oldest are dropped. */
  chunks: 10_000,
  /** Characters of these. */
  chunkSize: 8 * 1024 * 1024,
  /** Parts of chunks in one read for a reader that is behind. */
  page: 8,
  /** Milliseconds between two checks of jobs in this object, and so the longest wait for an attempt after the object's death. */
  lease: 10_000,
  /** Milliseconds between two heartbeats of a consumer. */
  beat: 5_000,
  /** Milliseconds without a heartbeat after which a queued attempt counts as lost: four beats. */
  silence: 20_000,
  /**
   * Milliseconds after which an unclaimed queue message is sent again: the first time, and at most. The interval grows,
   * because more messages lengthen a backlog.
   */
  unclaimed: { first: 15_000, most: 15 * 60_000 },
  /** Milliseconds until the next attempt to send a message: the first time, and at most. */
  resend: { first: 1_000, most: 64_000 },
  /** Milliseconds between two commits of progress alone. */
  progress: 1_000,
  /** Longest pause between two attempts in milliseconds: of the first pause, and of any. */
  backoff: { first: 500, most: 30_000 },
  /** Milliseconds from a page's last viewer to the end of a job with `cancelOnLeave: true`, because a reload must not cancel it. */
  leaveGrace: 5_000,
} as const;
