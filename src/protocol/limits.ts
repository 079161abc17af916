/** Characters (UTF-16 units) of one frame from a browser. Text of a long article fits; files go by upload, not by frame. */
const upFrame = 262_144;
/** Unacknowledged events that a browser stores. It refuses the 1,001st visibly, because a silent loss is worse. */
const pendingEvents = 1_000;
/** Frames sent and not yet acknowledged before the session holds back and merges. */
const framesInFlight = 64;

/** The caps that a browser applies itself; it loads no others. */
export const clientLimits = { upFrame, pendingEvents, framesInFlight } as const;

/**
 * Every cap of the wire and of what a stranger can make a session store, each with its reason.
 * Hostile input meets these before anything is parsed or stored; nothing else in the project invents a cap for the same thing.
 * Figures, not products: a bundler drops an unused object only when nothing in it is computed.
 */
export const limits = {
  upFrame,
  /** Nesting of an event value. Event values are flat in practice; deep ones only serve to exhaust the stack. */
  valueDepth: 8,
  /** Entries (array items and object keys, all levels together) of one event value: a multiple select over a long list. */
  valueEntries: 10_000,
  /** Characters of an event name, such as `keydown.enter`. */
  eventName: 64,
  pendingEvents,
  /** Events one socket may send per second on average; a token bucket. Fast typing and a dragged slider stay below it. */
  eventsPerSecond: 200,
  /** Size of that bucket: a browser that was offline sends everything it kept in one go. */
  eventBurst: 1_200,
  /** Nodes of one page. A page of this size is already slow to lay out. */
  nodes: 20_000,
  /** Patches retained for a browser that returns; a longer absence costs one snapshot. */
  historyFrames: 256,
  /** Characters of those frames together. */
  historySize: 262_144,
  framesInFlight,
  /** Bytes waiting in one socket before the session holds back and merges. */
  socketBuffer: 524_288,
  /** Milliseconds a browser that is behind may stay silent before it is disconnected; it finds everything on return. */
  slowClient: 30_000,
  /** Characters of a page's path and query: both travel in the address of the socket and stay with it through hibernation. */
  path: 4_096,
  /** Pages (tabs) of one session; above it the oldest that nobody watches ends. */
  pages: 100,
  /** Pages that were fetched and never connected, kept in memory. Crawlers make these. */
  unconnectedPages: 20,
  /** Bytes of one durable row: SQLite in a Durable Object refuses values above 2 MB, and only in production. */
  cellSize: 1_900_000,
  /** Durable rows of one page. */
  cells: 20_000,
  /** Bytes of all durable rows of one page: they are read together when a page wakes, in an isolate of 128 MB. */
  cellsSize: 16_777_216,
  /**
   * What the framework itself may use beyond `nodes`, `cells` and `cellsSize`: notices, numbers of elements, journals of handlers. A page
   * that its author has filled can thus still say so, and continue its handlers after a restart.
   */
  reservedNodes: 100,
  reservedCells: 2_000,
  reservedSize: 4_194_304,
} as const;
