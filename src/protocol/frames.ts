import type { Json, JsonObject } from './json.ts';

/** Version of the protocol, raised when a frame or an op changes its meaning. A browser with another one reloads once. */
export const protocolVersion = 5;

/** Number of a node. It never changes, and a rebuild gives the node the same number. 1 is the root. */
export type NodeId = number;

/** The props of a node as they travel. */
export type Props = { [prop: string]: Json };

/** A node with its descendants: id, kind, props, children (omitted when there are none). */
export type NodeLiteral = readonly [id: NodeId, kind: string, props: JsonObject, children?: readonly NodeLiteral[]];

/**
 * One change of the tree.
 * - `[id, prop, value]` sets a prop; without the value the prop is deleted.
 * - `['+', parent, index, ...nodes]` inserts new nodes with their descendants, one after the other.
 * - `['-', ...ids]` removes nodes with their descendants.
 * - `['>', id, parent, index]` moves a node; the index counts after its removal.
 * - `['=', parent, ...ids]` gives all children of a node an order.
 * - `['a', id, items, total]` appends lines to a node's `lines`, which retains its newest `max`; `total` counts all lines ever appended.
 * - `['!', number, id, method, ...args]` is a command: it calls a method of the component. Its number says which one it is, because it
 *   may come again; the browser answers with the event `done` of the root.
 */
export type Op = SetOp | InsertOp | RemoveOp | MoveOp | OrderOp | AppendOp | CommandOp;
export type SetOp = readonly [id: NodeId, prop: string, value?: Json];
export type InsertOp = readonly ['+', parent: NodeId, index: number, ...nodes: NodeLiteral[]];
export type RemoveOp = readonly ['-', ...ids: NodeId[]];
export type MoveOp = readonly ['>', id: NodeId, parent: NodeId, index: number];
export type OrderOp = readonly ['=', parent: NodeId, ...ids: NodeId[]];
export type AppendOp = readonly ['a', id: NodeId, items: readonly Json[], total: number];
export type CommandOp = readonly ['!', number: number, id: NodeId, method: string, ...args: Json[]];

/**
 * A frame that a browser sends.
 * - an event: `[number, target, event, value?, base?]`; numbers start at 1 and have no gaps. `base` belongs to typed text: the
 *   number of characters at its beginning that the browser showed before the person typed on, see `typedOn`.
 * - `['a', frame]` acknowledges every patch up to that one.
 * - `['h', version, build, epoch, frame, events]` opens a connection: the state of the browser's copy, and its unacknowledged events.
 */
export type UpFrame = EventFrame | UpAckFrame | HelloFrame;
export type EventFrame = readonly [number: number, target: Aimed, event: string, value?: Json, base?: number];
/**
 * The target of an event: a node, and the texts that the person saw there (see `aimOf`). When the node now shows other texts, the
 * event has no effect. A node without an aim is always accepted.
 */
export type Aimed = NodeId | readonly [node: NodeId, aim: string];
export type UpAckFrame = readonly ['a', frame: number];
export type HelloFrame = readonly [
  'h',
  version: number,
  build: string,
  epoch: number,
  frame: number,
  events: readonly EventFrame[],
];

/**
 * A frame that a session sends.
 * - a patch: `[number, ...ops]`; numbers grow by one. A bare number among the ops is the last event whose effects the patch
 *   contains; it stands before ops that set what the user may be typing into.
 * - `['a', event]` acknowledges events up to that one: their effects are durable.
 * - `['w', epoch, frame, event]` welcomes back a browser that resumes; the patches it missed follow. `event` is the last applied one.
 * - `['s', page, epoch, frame, event, node]` is the whole tree, to be applied as a difference.
 * - `['t', message]` reports that the page cannot be built at present, and why, for people. The session retries by itself. A browser
 *   stores its events, sends one hello if it had not, and waits for the welcome or the snapshot that follows. An empty message only
 *   asks for the hello.
 * - `['x', reason, message]` ends the connection; see {@link EndReason}.
 */
export type DownFrame = PatchFrame | DownAckFrame | WelcomeFrame | SnapshotFrame | TroubleFrame | EndFrame;
export type PatchFrame = readonly [number: number, ...ops: (Op | number)[]];
export type DownAckFrame = readonly ['a', event: number];
export type WelcomeFrame = readonly ['w', epoch: number, frame: number, event: number];
export type SnapshotFrame = readonly [
  's',
  page: string,
  epoch: number,
  frame: number,
  event: number,
  node: NodeLiteral,
];
export type TroubleFrame = readonly ['t', message: string];
export type EndFrame = readonly ['x', reason: EndReason, message: string];

/**
 * The reason for which a session ends a connection, and the browser's reaction.
 * `reload`: load the document again, after pending events were acknowledged (an incompatible client).
 * `gone`: the page no longer exists; load the document again for a fresh one.
 * `replaced`: another socket of this page took over; stay disconnected unless this tab still owns the page.
 * `refused`: the browser broke a rule of the protocol; reconnect with all pending events.
 * `slow`: the browser did not read; reconnect.
 * `revoked`: the session ended; load the document again.
 */
export type EndReason = 'reload' | 'gone' | 'replaced' | 'refused' | 'slow' | 'revoked';

/** The data in the document for the client: the content of a `snapshot` frame, and the address to connect to. */
export interface Paint {
  readonly page: string;
  readonly epoch: number;
  readonly frame: number;
  readonly event: number;
  readonly tree: NodeLiteral;
  /** Path and query with which the page was opened. */
  readonly path: string;
  readonly title: string;
}

/** Returns the number of an event's target node. */
export function nodeOf(target: Aimed): NodeId {
  return typeof target === 'number' ? target : target[0];
}
