// The caps that a browser applies too. It loads no others.

/** Characters (UTF-16 units) of one frame from a browser. The text of a long article fits. Files go by upload, not by frame. */
export const upFrame = 262_144;
/** Unacknowledged events that a browser stores. It refuses the 1,001st with a notice, because a silent loss is worse. */
export const pendingEvents = 1_000;
/** Frames sent and not yet acknowledged before the session merges further changes. */
export const framesInFlight = 64;

/** Bytes sent to one socket and not yet acknowledged before the session merges further changes. */
export const bytesInFlight = 524_288;

/**
 * The caps of the protocol and of the data that a stranger can make a session store, each with its reason.
 * The session checks hostile input against them before it parses or stores anything. No other module defines a cap for the same thing.
 * The caps are literals, because a bundler drops an unused object only when nothing in it is computed.
 */
export const limits = {
  upFrame,
  /** Nesting of an event value. Event values are flat in practice; a deep value could exhaust the stack. */
  valueDepth: 8,
  /** Entries (array items and object keys, all levels together) of one event value: a multiple select over a long list. */
  valueEntries: 10_000,
  /** Characters of an event name, such as `keydown.enter`. */
  eventName: 64,
  /** Events of one hello: as many as a browser stores, and one for each command. */
  helloEvents: 1_100,
  /** Frames of any kind that the browsers of one session may send per second on average. Fast typing and a dragged slider need fewer. */
  framesPerSecond: 200,
  /** Maximum burst of these frames, because a browser that was offline sends all of its events at once. Each event of a hello counts. */
  frameBurst: 1_200,
  /** Cost of a hello in frames, because the answer is a page. A hundred tabs that return together fit into the burst. */
  helloCost: 10,
  /** Bytes that the browsers of one session may send per second on average: one frame of the largest size. */
  bytesPerSecond: 262_144,
  /** Maximum burst of these bytes: the events of a browser that was offline. */
  byteBurst: 4_194_304,
  /** Bytes per second on average with which one session answers hellos, because a hello of 60 bytes requests a whole page. */
  welcomeBytesPerSecond: 1_048_576,
  /** Maximum burst of these bytes: a hundred tabs that return after a deploy. */
  welcomeBurst: 8_388_608,
  /** Milliseconds from an unacknowledged snapshot to the next snapshot of the same page. */
  snapshotPause: 2_000,
  /** Milliseconds that a socket may stay silent before its hello. */
  helloTimeout: 10_000,
  /** Sockets of one session without a hello. Above it the oldest ends. As many tabs may return at once. */
  silentSockets: 100,
  /** Sockets of one session, with those that are closing. Above it a new one ends. */
  sockets: 256,
  /** Elements of one page. A page of this size is already slow to lay out. */
  nodes: 20_000,
  /** Parts of one page. A browser does not lay them out, but the session and the browser keep them in memory. */
  parts: 20_000,
  /** Patches that the session retains for a browser that returns. A longer absence costs one snapshot. */
  historyFrames: 256,
  /** Characters of those frames together. */
  historySize: 262_144,
  framesInFlight,
  bytesInFlight,
  /** The same for all sockets of one session, before hellos wait. Unread bytes stay in the isolate's memory. */
  sessionInFlight: 16_777_216,
  /** Milliseconds until the session retries such a hello. */
  inFlightPause: 1_000,
  /** Milliseconds that a browser with unacknowledged patches may be silent before it is disconnected. It loses nothing. */
  slowClient: 30_000,
  /** Characters of a page's path and query, because both are in the socket's address and survive hibernation. */
  path: 4_096,
  /** Pages (tabs) of one session. Above it the oldest unwatched page ends. */
  pages: 100,
  /** Fetched pages in memory that never connected. Crawlers make these. */
  unconnectedPages: 20,
  /** Bytes of one durable row, because SQLite in a Durable Object refuses values above 2 MB, and only in production. */
  cellSize: 1_900_000,
  /** Commands of one page that its browser has not begun. Above it the oldest is dropped. */
  commands: 100,
  /** Durable rows of one page. */
  cells: 20_000,
  /** Bytes of all durable rows of one page, because an activation reads all of them in an isolate of 128 MB. */
  cellsSize: 16_777_216,
  /**
   * Reserve of the framework beyond `nodes`, `cells` and `cellsSize`: notices, numbers of elements. A full page needs it to report
   * that it is full, and to continue its handlers after a restart.
   */
  reservedNodes: 100,
  reservedCells: 2_000,
  reservedSize: 4_194_304,
  /** Characters of the journal of one unfinished handler, because an activation reads all of it. Some 100,000 calls. */
  journal: 16_777_216,
} as const;
