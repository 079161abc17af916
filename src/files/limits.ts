const mebi = 1_048_576;

/** The caps of files, each with its reason. A browser learns what it needs by its tickets. */
export const fileLimits = {
  /** Bytes of a file that the session's object itself stores, where the application binds no bucket. */
  inRows: 10 * mebi,
  /** Bytes of all such files of a session, because an object has 10 GB, and its rows are billed by their size. */
  allInRows: 200 * mebi,
  /** Bytes of one row of such a file. A row has at most 2 MB. */
  piece: mebi,
  /** Bytes of one part of a file in a bucket. R2 takes parts of 5 MiB or more, and at most 10,000 of them. */
  part: 8 * mebi,
  /** Bytes of a file in a bucket. Its parts have at most 10,000 numbers, of which each attempt takes one. */
  inBucket: 10_000 * mebi,
  /** Bytes of all such files of a session. */
  allInBucket: 50_000 * mebi,
  /** Files of one session, with those whose upload has not ended. All are read at once. */
  files: 2_000,
  /** Uploads of one session that have not ended. */
  uploads: 300,
  /** Milliseconds without a part after which an upload ends. A person may lose the network for a while. */
  idle: 10 * 60_000,
  /** Milliseconds until the session tries again to delete from the bucket. */
  retryAfter: 60_000,
  /** Characters of a file's name, which is also the name under which a browser saves it. */
  name: 200,
} as const;
