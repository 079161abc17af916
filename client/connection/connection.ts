import type { Clock } from '../../src/clock/index.ts';
import {
  type DownFrame,
  decodeDown,
  type EndReason,
  type EventFrame,
  encode,
  type Json,
  limits,
  type NodeId,
  type NodeLiteral,
  type Op,
  protocolVersion,
  type SnapshotFrame,
  type WelcomeFrame,
} from '../../src/protocol/index.ts';
import { NamedTimers } from './named-timers.ts';

/** A connection as the link needs it. After `close` it must stay silent or be ignored; the link does the latter. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** What a socket reports. `closed` is also a connection that could not be opened. */
export interface SocketEvents {
  opened(): void;
  message(data: unknown): void;
  closed(): void;
}

/** Which page to connect to; with `fork` the session makes a fresh page instead, since another tab shows this one. */
export interface Target {
  readonly page: string;
  readonly fork: boolean;
}

/** What survives a reload of the tab. Each method may throw (a full or forbidden store); the link then goes on without it. */
export interface ConnectionStorage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** The copy of the tree that the link keeps in step. */
export interface ReplicaPort {
  /** Applies a patch. When it throws, the copy counts as broken until `reset`. */
  patch(ops: readonly (Op | number)[]): void;
  /** Takes a whole tree. `event` is the last event whose effects it has; `fresh` tells that it is another page than before. */
  reset(root: NodeLiteral, event: number, fresh: boolean): void;
}

/** Everything the link knows of the world. The simulator supplies its own. */
export interface ConnectionPorts {
  readonly clock: Clock;
  readonly storage: ConnectionStorage;
  readonly replica: ReplicaPort;
  connect(target: Target, events: SocketEvents): Socket;
  /** Called after each change of {@link Connection.status}. */
  changed?(status: ConnectionStatus): void;
  /** The session gave this tab another page than it asked for. */
  moved?(page: string, from: string): void;
  /** The session ended the link for good; `message` is for people. */
  ended?(reason: EndReason, message: string): void;
  /** Something a person should read: an action that was refused or lost. */
  notice?(text: string): void;
  /** True while this tab owns the page, so that it may take the page back from another socket. */
  owns?(): boolean;
}

/** Where the browser stands: what the document carried, or epoch 0 for "nothing, send me everything". */
export interface ConnectionStart {
  readonly page: string;
  readonly epoch: number;
  readonly frame: number;
  readonly event: number;
  readonly build: string;
  readonly fork?: boolean;
}

/**
 * `idle` before start and after stop; `waiting` for the next attempt; `connecting` until the socket is open;
 * `greeting` from hello until welcome or snapshot; `live`; `ended` by the session.
 */
export type ConnectionState = 'idle' | 'waiting' | 'connecting' | 'greeting' | 'live' | 'ended';

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** Events not yet acknowledged. */
  readonly pending: number;
  /** When the oldest of them was made, by the clock. */
  readonly since: number | undefined;
}

/** Times of the link in milliseconds, and counts, each with its reason. */
export const connectionTimes = {
  /** The first retry comes within this; each further one within twice as much. */
  retryBase: 250,
  /** And no retry waits longer than this: a person is looking at the page. */
  retryCap: 10_000,
  /** A connection that lived this long was a good one: the next loss starts from `retryBase`. */
  settled: 5_000,
  /** Proxies cut connections that are silent for 30 to 60 seconds. */
  heartbeat: 25_000,
  /** No answer to open, hello or ping within this: the connection is dead although nobody said so. */
  patience: 10_000,
  /** An acknowledgement wakes the session's object, so it waits for company this long ... */
  ackDelay: 1_000,
  /** ... or for this many patches, half of what the session lets be in flight. */
  ackCount: limits.framesInFlight / 2,
} as const;

/**
 * The browser's end of a page's connection: numbers events and keeps each until it is acknowledged, applies patches in
 * order without a gap, and connects again for ever. It knows neither the DOM nor the network, only its ports.
 *
 *     idle ──start──► connecting ──open, hello──► greeting ──welcome | snapshot──► live
 *                       ▲    │                      │  ▲                            │ │
 *             full      │    └───────lost───────────┤  └──hello again (a gap)───────┘ │
 *             jitter    └──────── waiting ◄─────────┴────────────lost─────────────────┘
 *
 * An event has its number from the moment it is made. Between hello and welcome none is sent: only the welcome tells
 * whether the session still means the same page.
 */
export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #build: string;
  readonly #timers: NamedTimers<'retry' | 'patience' | 'settle' | 'beat' | 'ack' | 'doubt'>;

  #page: string;
  #fork: boolean;
  #epoch: number;
  #frame: number;
  /** Patches received and not acknowledged. */
  #unacked = 0;

  /** Number of the newest event. */
  #newest: number;
  #acked: number;
  #handled: number;
  #pending: EventFrame[] = [];
  /** When each of `#pending` was made. */
  #times: number[] = [];
  /** The newest event that ever went to any socket: what is above may still change. */
  #offered: number;
  /** The newest event that went to the present socket. */
  #sent = 0;

  #state: ConnectionState = 'idle';
  #socket: Socket | undefined;
  /** Counts sockets; what an older one reports is ignored. */
  #turn = 0;
  #attempt = 0;
  #visible = true;
  /** True when an unanswered event already caused a ping on this socket. */
  #doubted = false;

  constructor(start: ConnectionStart, ports: ConnectionPorts) {
    this.#ports = ports;
    this.#timers = new NamedTimers(ports.clock);
    this.#build = start.build;
    this.#page = start.page;
    this.#fork = start.fork ?? false;
    this.#epoch = start.fork ? 0 : start.epoch;
    this.#frame = start.fork ? 0 : start.frame;
    this.#newest = start.event;
    this.#handled = start.event;
    // A duplicated tab got a copy of the other tab's storage: those events are the other's to send.
    if (start.fork) this.#store(true);
    else this.#restore();
    this.#acked = (this.#pending[0]?.[0] ?? this.#newest + 1) - 1;
    this.#offered = this.#newest;
  }

  get page(): string {
    return this.#page;
  }

  /** The last event whose effects are known to be durable. */
  get acked(): number {
    return this.#acked;
  }

  /** The last event whose effects were in the tree as a whole: the document's, or what came when the link opened. */
  get handled(): number {
    return this.#handled;
  }

  /** The number of the last patch applied. */
  get frame(): number {
    return this.#frame;
  }

  /** Events not yet acknowledged, oldest first. */
  get pending(): readonly EventFrame[] {
    return this.#pending;
  }

  get status(): ConnectionStatus {
    return { state: this.#state, pending: this.#pending.length, since: this.#times[0] };
  }

  start(): void {
    if (this.#state === 'idle' || this.#state === 'ended') this.#connect();
  }

  /** Closes the connection and stays closed; events are kept. */
  stop(): void {
    this.#drop();
    this.#enter('idle');
  }

  /**
   * Sends an event, now or once connected, and keeps it until it is acknowledged. With `latest`, a newer value takes the
   * place of one that waits unsent directly before it: typing while offline is one event.
   *
   * @returns its number, or undefined when it was refused; the person is told why.
   */
  send(node: NodeId, event: string, value?: Json, latest = false): number | undefined {
    const last = this.#pending.at(-1);
    const replaces = latest && last !== undefined && last[0] > this.#offered && last[1] === node && last[2] === event;
    if (!replaces && this.#pending.length >= limits.pendingEvents) {
      this.#ports.notice?.(
        'Too many actions are waiting for the server. This one was not recorded; please try again later.',
      );
      return undefined;
    }
    const number = replaces ? last[0] : this.#newest + 1;
    const frame: EventFrame = value === undefined ? [number, node, event] : [number, node, event, value];
    const text = encode(frame);
    if (text.length > limits.upFrame) {
      this.#ports.notice?.('This is too long to be sent.');
      return undefined;
    }
    if (replaces) {
      this.#pending[this.#pending.length - 1] = frame;
    } else {
      this.#newest = number;
      this.#pending.push(frame);
      this.#times.push(this.#ports.clock.now());
    }
    // Kept before it is sent: a tab that dies in between sends it again, and the session skips it.
    this.#store();
    if (this.#state === 'live') this.#offer(frame, text);
    this.#changed();
    return number;
  }

  /** The network is back, or the page is shown again from the browser's cache: connect now, or make sure it is alive. */
  wake(): void {
    if (this.#state === 'waiting') this.#connect();
    else if (this.#state === 'live') this.#ping();
  }

  /** The tab came to the front or left it. Hidden tabs send no heartbeat. */
  visible(visible: boolean): void {
    this.#visible = visible;
    if (!visible) {
      this.#timers.clear('beat');
    } else if (this.#state === 'ended') {
      // Only a link that was replaced may come back; the others wait for a new document.
      if (this.#replaced) this.#connect();
    } else {
      this.wake();
    }
  }

  #replaced = false;

  #connect(): void {
    this.#drop();
    this.#replaced = false;
    this.#enter('connecting');
    const turn = ++this.#turn;
    const current = (fn: () => void): void => {
      if (turn === this.#turn) fn();
    };
    this.#timers.set('patience', connectionTimes.patience, () => this.#lost());
    const socket = this.#ports.connect(
      { page: this.#page, fork: this.#fork },
      {
        opened: () => current(() => this.#greet(this.#epoch, this.#frame)),
        message: (data) => current(() => this.#message(data)),
        closed: () => current(() => this.#lost()),
      },
    );
    if (turn === this.#turn) this.#socket = socket;
    else socket.close();
  }

  /** Forgets the socket and all that belongs to it. */
  #drop(): void {
    this.#turn++;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#timers.clear('retry', 'patience', 'settle', 'beat', 'ack', 'doubt');
    this.#unacked = 0;
    socket?.close();
  }

  #lost(): void {
    this.#drop();
    const ceiling = Math.min(connectionTimes.retryCap, connectionTimes.retryBase * 2 ** this.#attempt++);
    this.#timers.set('retry', this.#ports.clock.random() * ceiling, () => this.#connect());
    this.#enter('waiting');
  }

  /** Says hello with as many pending events as one frame holds; the others follow after the welcome. */
  #greet(epoch: number, frame: number): void {
    const events: EventFrame[] = [];
    let size = 512 + this.#build.length;
    for (const event of this.#pending) {
      size += encode(event).length + 1;
      if (size > limits.upFrame) break;
      events.push(event);
    }
    this.#sent = events.at(-1)?.[0] ?? this.#acked;
    this.#offered = Math.max(this.#offered, this.#sent);
    this.#unacked = 0;
    this.#doubted = false;
    this.#timers.clear('ack', 'beat', 'doubt', 'settle');
    this.#timers.set('patience', connectionTimes.patience, () => this.#lost());
    this.#enter('greeting');
    this.#socket?.send(encode(['h', protocolVersion, this.#build, epoch, frame, events]));
  }

  #message(data: unknown): void {
    // Anything heard proves that the connection lives; while greeting, only the welcome counts.
    if (this.#state === 'live') this.#timers.clear('patience');
    if (data === 'pong') return;
    let frame: DownFrame;
    try {
      frame = decodeDown(data);
    } catch {
      this.#resync();
      return;
    }
    if (typeof frame[0] === 'number') {
      this.#patch(frame[0], frame.slice(1) as (Op | number)[]);
      return;
    }
    switch (frame[0]) {
      case 'a':
        this.#acknowledged(frame[1]);
        return;
      case 'w':
        this.#welcomed(frame);
        return;
      case 's':
        this.#snapshot(frame);
        return;
      case 'x':
        this.#ended(frame[1], frame[2]);
    }
  }

  #patch(number: number, ops: (Op | number)[]): void {
    if (this.#state !== 'live' || number <= this.#frame) return;
    if (number !== this.#frame + 1) {
      this.#resync();
      return;
    }
    try {
      this.#ports.replica.patch(ops);
    } catch {
      this.#resync();
      return;
    }
    this.#frame = number;
    this.#received();
  }

  /** What is here is no longer the session's tree: ask for all of it. Patches are ignored until it comes. */
  #resync(): void {
    if (this.#state === 'live') this.#greet(0, 0);
    else if (this.#state === 'greeting') this.#lost();
  }

  #received(): void {
    if (++this.#unacked >= connectionTimes.ackCount) this.#acknowledge();
    else if (!this.#timers.has('ack')) this.#timers.set('ack', connectionTimes.ackDelay, () => this.#acknowledge());
  }

  #acknowledge(): void {
    this.#timers.clear('ack');
    this.#unacked = 0;
    this.#socket?.send(encode(['a', this.#frame]));
  }

  #acknowledged(event: number): void {
    const keep = this.#pending.findIndex((frame) => frame[0] > event);
    const done = keep < 0 ? this.#pending.length : keep;
    this.#acked = Math.max(this.#acked, Math.min(event, this.#newest));
    if (done === 0) return;
    this.#pending.splice(0, done);
    this.#times.splice(0, done);
    this.#doubted = false;
    this.#timers.clear('doubt');
    this.#doubt();
    this.#store();
    this.#changed();
  }

  #welcomed([, epoch, frame, event]: WelcomeFrame): void {
    if (this.#state !== 'greeting') return;
    if (frame < this.#frame) {
      // The session is behind what was shown here: what it sends next would pass for duplicates.
      this.#greet(0, 0);
      return;
    }
    this.#epoch = epoch;
    this.#agree(event);
    this.#live();
  }

  /**
   * Takes the session's word on how many events it has seen. It can know of more than this document (an earlier one sent
   * them), never of fewer than it acknowledged: then it is another page under an old name, and numbers start again.
   */
  #agree(event: number, page = this.#page): void {
    this.#handled = event;
    if (page === this.#page && event >= this.#acked) {
      this.#newest = Math.max(this.#newest, event);
      return;
    }
    if (this.#pending.length > 0) {
      this.#ports.notice?.('This page was started anew; your last actions on it were not recorded.');
    }
    this.#pending = [];
    this.#times = [];
    this.#store(true);
    this.#newest = this.#acked = this.#offered = this.#sent = event;
    this.#page = page;
  }

  #snapshot([, page, epoch, frame, event, root]: SnapshotFrame): void {
    if (this.#state !== 'greeting' && this.#state !== 'live') return;
    const from = this.#page;
    // One that was not asked for is newer than what is here; anything else came twice.
    if (this.#state === 'live' && page === from && epoch === this.#epoch && frame <= this.#frame) return;
    const fresh = page !== from || event < this.#acked;
    this.#agree(event, page);
    this.#fork = false;
    this.#epoch = epoch;
    try {
      this.#ports.replica.reset(root, event, fresh);
    } catch {
      this.#epoch = this.#frame = 0;
      this.#lost();
      return;
    }
    this.#frame = frame;
    if (page !== from) this.#ports.moved?.(page, from);
    // A snapshot nobody asked for may come from an object that died with events it had not kept: those are sent again.
    if (this.#state === 'live') this.#sent = Math.min(this.#sent, event);
    this.#live();
    this.#received();
  }

  #live(): void {
    this.#timers.clear('patience');
    this.#timers.set('settle', connectionTimes.settled, () => {
      this.#attempt = 0;
    });
    this.#enter('live');
    for (const event of this.#pending) {
      if (event[0] > this.#sent) this.#offer(event, encode(event));
    }
    this.#doubt();
    this.#beat();
  }

  #offer(event: EventFrame, text: string): void {
    this.#sent = event[0];
    this.#offered = Math.max(this.#offered, event[0]);
    this.#socket?.send(text);
    this.#doubt();
  }

  #beat(): void {
    if (!this.#visible) return;
    this.#timers.set('beat', connectionTimes.heartbeat, () => this.#ping());
  }

  #ping(): void {
    this.#socket?.send('ping');
    if (!this.#timers.has('patience')) this.#timers.set('patience', connectionTimes.patience, () => this.#lost());
    this.#beat();
  }

  /** An event without an answer makes the link check the connection, and if that lives, offer the event once more. */
  #doubt(): void {
    if (this.#pending.length === 0 || this.#timers.has('doubt')) return;
    this.#timers.set('doubt', connectionTimes.patience, () => {
      if (this.#doubted) {
        this.#greet(this.#epoch, this.#frame);
        return;
      }
      this.#doubted = true;
      this.#ping();
      this.#doubt();
    });
  }

  #ended(reason: EndReason, message: string): void {
    const again = reason === 'slow' || reason === 'refused' || (reason === 'replaced' && this.#ports.owns?.() === true);
    if (again) {
      this.#lost();
      return;
    }
    this.#drop();
    this.#replaced = reason === 'replaced';
    if (reason === 'gone' || reason === 'revoked') this.#store(true);
    this.#enter('ended');
    this.#ports.ended?.(reason, message);
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed();
  }

  #changed(): void {
    this.#ports.changed?.(this.status);
  }

  #key(): string {
    return `edgewise:events:${this.#page}`;
  }

  /** Keeps what a reload must not lose. The newest number is kept too: its event may be acknowledged, yet unknown to the next document. */
  #store(forget = false): void {
    try {
      if (forget) this.#ports.storage.remove(this.#key());
      else this.#ports.storage.set(this.#key(), JSON.stringify([this.#newest, this.#pending]));
    } catch {
      // A full or forbidden store: events survive a reconnect, not a reload.
    }
  }

  #restore(): void {
    try {
      const [newest, events] = JSON.parse(this.#ports.storage.get(this.#key()) ?? '[]') as [number?, EventFrame[]?];
      if (typeof newest !== 'number' || !Array.isArray(events)) return;
      this.#newest = Math.max(this.#newest, newest);
      this.#pending = events;
      this.#times = events.map(() => this.#ports.clock.now());
    } catch {
      // Nothing readable was kept.
    }
  }
}
