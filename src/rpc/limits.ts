/** The caps of offloaded work, each with its reason. */
export const taskLimits = {
  /** `ioBound` calls of one session that run at once, for each level of nesting. More would only queue inside the platform (6 connections per event). */
  parallelIo: 32,
  /** `cpuBound` jobs of one session that run at once. Past that a session takes the compute service from all others. */
  parallelCpu: 32,
  /** Calls of one session that wait for a place, per lane. A loop that starts more is a mistake, and is told so. */
  waiting: 1_000,
  /** Bytes of arguments or of a result: the platform refuses a larger RPC message. */
  message: 32 * 1024 * 1024,
  /** Nesting of an argument or a result: the platform's serialiser is recursive, and so is the walk that names a bad value. */
  depth: 1_000,
  /** Milliseconds one attempt may take unless `timeout` says otherwise: the time the platform keeps an object in memory for one operation. */
  timeout: 15 * 60_000,
  /** Milliseconds that a consumer of a queue lives at most, and with it an attempt that it carries out. */
  consumer: 15 * 60_000,
  /** Milliseconds that a heartbeat has at least: a task that is alive says so once a second, and its way may take some more. */
  heartbeat: 5_000,
  /** Chunks a job keeps for a reader that comes late; the oldest give way. */
  keptChunks: 10_000,
  /** Bytes of those chunks. */
  keptChunkBytes: 8 * 1024 * 1024,
  /** Chunks that a job whose chunks are kept in rows holds in memory besides: a session runs many, in 128 MB that it shares. */
  heldChunks: 512,
  /** Bytes of those. */
  heldChunkBytes: 256 * 1024,
  /** Chunks that arrived and that the slowest reader has not read: above it the task waits. */
  unreadChunks: 2_000,
  /** Bytes of those. */
  unreadChunkBytes: 4 * 1024 * 1024,
  /** Milliseconds that a pause between two attempts lasts at most: the first one, and any. */
  backoff: { first: 200, most: 30_000 },
  /** Causes of causes that an error brings along. */
  causes: 8,
} as const;
