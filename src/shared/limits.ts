/** The caps of shared signals and jobs, each with its reason. */
export const sharedLimits = {
  /** Sessions, or relays, that one object pushes to. Past that a push to all takes longer than a change should. */
  subscribers: 1_000,
  /** Relays of one shared object: with them a million sessions watch it. Past that its own round of pushes takes longer than a change should. */
  relays: 1_000,
  /** Pushes of one object that are under way at once. Each is a call to another object. */
  parallel: 100,
  /** Milliseconds between two pushes to the same session at the least: what changes faster is merged. */
  gap: 50,
  /** Milliseconds after which a push without an answer counts as failed. */
  answer: 10_000,
  /** Pushes to one session that fail in a row before it waits for the object's alarm. */
  failures: 5,
  /** Pushes in a row without an answer after which a session whose lease has ended is forgotten: one that only restarts answers before. */
  misses: 50,
  /** Milliseconds between two tries of what failed, at the most. */
  backoffMost: 30_000,
  /** Milliseconds of the first pause. */
  backoffFirst: 200,
  /** Milliseconds after which the alarm looks for pushes that were not answered, or that died with the object. */
  recheck: 15_000,
  /** Milliseconds between two such looks at the most. */
  recheckMost: 600_000,
  /** Milliseconds without a change after which a finished round of pushes is noted. */
  quiet: 1_000,
  /** Milliseconds a subscription lasts without being used. A day: a tab that nobody touches is asked once a day whether it is there. */
  lease: 24 * 3_600_000,
  /** Ids of writes that are remembered in any case, so that one that is sent twice counts once. */
  writes: 2_000,
  /** Milliseconds that further ones are: longer than a session that died needs to come back and send again. */
  writesFor: 10 * 60_000,
  /** Ids that are remembered at the most: they are read together when the object wakes. */
  writesMost: 50_000,
  /** Milliseconds that a page waits for the first values before it is shown with the initial ones. */
  firstValue: 2_000,
  /** Shared names that the pages of one session use at a time. */
  names: 100,
  /** Characters of a name: it is a part of an object's name. */
  name: 128,
  /** Chunks of a shared job that are kept for all to see; the oldest give way. Each session has a copy, when one of its pages shows them. */
  chunks: 1_000,
  /** Characters of these. */
  output: 256 * 1024,
  /** Characters of a value that a session keeps while it sleeps, to wake as it fell asleep. One with a larger value wakes with the new one, and tells its browsers all of the page. */
  kept: 64 * 1024,
  /** Writes of one session to one shared object that wait for their answer. Those to a signal merge; what is left are commands to a job. */
  commands: 20,
  /** Characters of these together: they are one row. */
  commandsSize: 512 * 1024,
  /** Characters of a shared value, or of arguments and result of a shared job: each push carries it to each session. */
  value: 256 * 1024,
} as const;
