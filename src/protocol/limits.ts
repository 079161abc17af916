/** Characters (UTF-16 units) of one frame from a browser. Text of a long article fits; files go by upload, not by frame. */
const upFrame = 262_144;
/** Unacknowledged events that a browser stores. It refuses the 1,001st visibly, because a silent loss is worse. */
const pendingEvents = 1_000;
/** Frames sent and not yet acknowledged before the session holds back and merges. */
const framesInFlight = 64;

/** Bytes sent to one socket and not yet acknowledged before the session holds back and merges. */
const bytesInFlight = 524_288;

/** The caps that a browser applies itself; it loads no others. */
export const clientLimits = { upFrame, pendingEvents, framesInFlight, bytesInFlight } as const;

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
  /** Frames of any kind that the browsers of one session may send per second on average. Fast typing and a dragged slider stay below. */
  framesPerSecond: 200,
  /** How many at once: a browser that was offline sends everything it has in one go. Each event of a hello counts as a frame. */
  frameBurst: 1_200,
  /** What a hello costs, in frames: it is answered with a page. A hundred tabs that come back together still fit into the burst. */
  helloCost: 10,
  /** Bytes that the browsers of one session may send per second on average: one frame of the largest size. */
  bytesPerSecond: 262_144,
  /** How many at once: what a browser has written while it was offline. */
  byteBurst: 4_194_304,
  /** Bytes per second on average by which one session answers hellos: a hello of 60 bytes asks for a whole page. */
  welcomeBytesPerSecond: 1_048_576,
  /** How many at once: a hundred tabs that come back after a deploy. */
  welcomeBurst: 8_388_608,
  /** Milliseconds from a snapshot that nobody has acknowledged to the next one of the same page. */
  snapshotPause: 2_000,
  /** Milliseconds that a socket may stay silent before its hello. */
  helloTimeout: 10_000,
  /** Sockets of one session that have not said hello; above it the oldest ends. As many tabs may come back at once. */
  silentSockets: 100,
  /** Sockets of one session, also those that were ended and whose browser has not answered; above it a new one ends. */
  sockets: 256,
  /** Nodes of one page. A page of this size is already slow to lay out. */
  nodes: 20_000,
  /** Patches retained for a browser that returns; a longer absence costs one snapshot. */
  historyFrames: 256,
  /** Characters of those frames together. */
  historySize: 262_144,
  framesInFlight,
  bytesInFlight,
  /** The same for all sockets of one session, before hellos wait: what a browser does not read stays in the memory of the isolate. */
  sessionInFlight: 16_777_216,
  /** Milliseconds until such a hello is tried again. */
  inFlightPause: 1_000,
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
   * What the framework itself may use beyond `nodes`, `cells` and `cellsSize`: notices, numbers of elements. A page
   * that its author has filled can thus still say so, and continue its handlers after a restart.
   */
  reservedNodes: 100,
  reservedCells: 2_000,
  reservedSize: 4_194_304,
  /** Characters of the journal of one handler that has not ended: a page that wakes reads it whole. Some 100,000 calls. */
  journal: 16_777_216,
} as const;
