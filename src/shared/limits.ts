/** The caps of shared signals and jobs, each with its reason. */
export const sharedLimits = {
  /** Sessions, or relays, that one object pushes to. A push to more takes longer than a change should. */
  subscribers: 1_000,
  /** Relays of one shared object, enough for a million sessions. With more, its own round of pushes takes too long. */
  relays: 1_000,
  /** Simultaneous pushes of one object. Each is a call to another object. */
  parallel: 100,
  /** Least milliseconds between two pushes to one session. Faster changes are merged. */
  gap: 50,
  /** Milliseconds after which a push without an answer counts as failed. */
  answer: 10_000,
  /** Failed pushes to one session in a row, after which the object's alarm retries. */
  failures: 5,
  /** Unanswered pushes in a row after which a session with an expired lease is removed. A session that restarts answers sooner. */
  misses: 50,
  /** Backoff between two attempts: maximum of milliseconds of the first pause, and of any pause. */
  backoff: { first: 400, most: 30_000 },
  /** Milliseconds until the alarm checks for unacknowledged pushes. */
  recheck: 15_000,
  /** Maximum of milliseconds between two such checks. */
  recheckMost: 600_000,
  /** Milliseconds without a change after which a finished round of pushes is recorded. */
  quiet: 1_000,
  /** Milliseconds that a lease lasts. A day, so an untouched tab is asked once a day. */
  lease: 24 * 3_600_000,
  /** Least number of write ids that are stored, so that a repeated write counts once. */
  writes: 2_000,
  /** Milliseconds for which further ids are stored: longer than a session needs to restart and send again. */
  writesFor: 10 * 60_000,
  /** Most ids that are stored, because an activation reads all of them. */
  writesMost: 50_000,
  /** Characters of a value that is stored with the id of its update, so that an update which is sent again gets the same answer. */
  made: 1_024,
  /** Milliseconds that a page waits for the first values before it is shown with the initial ones. */
  firstValue: 2_000,
  /** Shared names that the pages of one session use at a time. */
  names: 100,
  /** Characters of a name, because it is part of the object's name. */
  name: 128,
  /** Chunks of a shared job that are retained; the oldest are dropped. Each session whose pages show them has a copy. */
  chunks: 1_000,
  /** Characters of these chunks. */
  output: 256 * 1024,
  /** Characters of a value that a session stores for its hibernation. After a larger one it wakes with the new value and sends a snapshot. */
  stored: 64 * 1024,
  /** Unanswered writes of one session to one shared object. Writes to a signal merge; commands to a job do not. */
  commands: 20,
  /** Characters of all of them, because they are one row. */
  commandsSize: 512 * 1024,
  /** Items of a shared list or map, because each session that uses it has a copy. */
  items: 20_000,
  /** Characters of all these items. */
  itemsSize: 4 * 1024 * 1024,
  /** Characters of operations that are sent together. */
  itemsSent: 128 * 1024,
  /** Characters of a shared value, or of arguments and result of a shared job, because each push carries it to each session. */
  value: 256 * 1024,
} as const;
