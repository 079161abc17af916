/** The caps of offloaded work, each with its reason. */
export const taskLimits = {
  /** Parallel `ioBound` calls of one session, per level of nesting. More would queue in the platform (6 connections per event). */
  parallelIo: 32,
  /** Parallel `cpuBound` jobs of one session. With more, one session would occupy the compute service of all others. */
  parallelCpu: 32,
  /** Queued calls of one session, per lane. A loop that starts more is a mistake, and gets an error. */
  waiting: 1_000,
  /** Bytes of arguments or of a result, because the platform refuses a larger RPC message. */
  message: 32 * 1024 * 1024,
  /** Levels of nesting of an argument or a result, because the platform's serialiser and the check of values are recursive. */
  depth: 1_000,
  /** Default milliseconds of one attempt: as long as the platform retains an object in memory for one operation. */
  timeout: 15 * 60_000,
  /** Most milliseconds of one invocation of a queue consumer, and so of its attempts. */
  consumer: 15 * 60_000,
  /** Least milliseconds of a `heartbeat` option. A live task reports once a second; the rest allows for a slow network. */
  heartbeat: 5_000,
  /** Chunks that a job retains for late readers; the oldest are dropped. */
  recentChunks: 10_000,
  /** Bytes of those chunks. */
  recentChunkBytes: 8 * 1024 * 1024,
  /** Chunks in memory of a job that stores its chunks in rows, because the jobs of a session share 128 MB. */
  heldChunks: 512,
  /** Bytes of these. */
  heldChunkBytes: 256 * 1024,
  /** Chunks that the slowest reader has not read. Above this the task waits. */
  unreadChunks: 2_000,
  /** Bytes of these. */
  unreadChunkBytes: 4 * 1024 * 1024,
  /** Longest pause between two attempts in milliseconds: of the first pause, and of any. */
  backoff: { first: 200, most: 30_000 },
  /** Depth of the chain of causes that an error carries. */
  causes: 8,
} as const;
