import type { Timer, Timing } from '../../src/clock/index.ts';
import {
  type Aimed,
  type DownFrame,
  decodeDown,
  type EndReason,
  type EventFrame,
  encode,
  type Json,
  type NodeLiteral,
  type Op,
  protocolVersion,
  type SnapshotFrame,
  type WelcomeFrame,
} from '../../src/protocol/index.ts';
import { type ConnectionStorage, EventQueue } from './event-queue.ts';
import type { Notice } from './notices.ts';
import * as connectionTimes from './times.ts';

export type { ConnectionStorage } from './event-queue.ts';

/** The part of a WebSocket that is used here. Its events after `close` are ignored. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** The events of a socket. `closed` also stands for a socket that did not open. */
export interface SocketEvents {
  opened(): void;
  message(data: unknown): void;
  closed(): void;
}

/** The page to connect to. With `fork` the session makes a fresh page instead, because another tab shows this one. */
export interface Target {
  readonly page: string;
  readonly fork: boolean;
  /** The page that the tab showed before. */
  readonly before?: string | undefined;
}

/** The copy of the tree that the connection updates. */
export interface ReplicaPort {
  /** Applies a patch. After an error, the copy counts as broken until `reset`. */
  patch(ops: readonly (Op | number)[]): void;
  /** Replaces the tree. `event` is the last event whose effects it contains; `fresh` is true for another page than before. */
  reset(root: NodeLiteral, event: number, fresh: boolean): void;
}

/** The ports of the connection to its environment. The simulator supplies its own. */
export interface ConnectionPorts {
  readonly clock: Timing;
  readonly storage: ConnectionStorage;
  readonly replica: ReplicaPort;
  connect(target: Target, events: SocketEvents): Socket;
  /** Called after each change of {@link Connection.status}. */
  changed?(status: ConnectionStatus): void;
  /** Called when the session gave this tab another page than the requested one. */
  moved?(page: string, from: string): void;
  /** Called when the session ended the connection for good. `message` is for people. */
  ended?(reason: EndReason, message: string): void;
  /** Tells the person that an action was refused or lost. */
  notice?(reason: Notice): void;
  /** Returns true while this tab owns the page, so that it may take the page back from another socket. */
  owns?(): boolean;
}

/** Keeps a connection over time; see `Watchdog`. Until it is there, a lost connection waits for it. */
export interface ConnectionWatch {
  /** Called when the connection enters a state, and when it says hello again. */
  entered(state: ConnectionState): void;
  /** Called after a message that has changed no state. */
  received(): void;
  /** Called when an event was made or acknowledged. */
  queueChanged(): void;
}

/** The browser's position: that of the document, or epoch 0 for "nothing, send me everything". */
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
  /** The time of the oldest of them, by the clock. */
  readonly since: number | undefined;
  /** The reason why the session cannot build the page at present, for people; undefined when it can. The session retries. */
  readonly trouble: string | undefined;
}

/**
 * The browser's end of a page's connection. It numbers events and stores each until it is acknowledged, and applies patches in
 * order without a gap. Its watch decides when it connects again. It uses DOM and network only through its ports.
 *
 *     idle ──start──► connecting ──open, hello──► greeting ──welcome | snapshot──► live
 *                       ▲    │                      │  ▲                            │ │
 *             full      │    └───────lost───────────┤  └──hello again (a gap)───────┘ │
 *             jitter    └──────── waiting ◄─────────┴────────────lost─────────────────┘
 *
 * An event has its number from the moment it is made. Between hello and welcome the connection sends none, because only the welcome
 * shows whether the session still has the same page.
 */
export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #build: string;
  readonly #queue: Readonly<EventQueue>;
  #watch: ConnectionWatch | undefined;
  #socket: Socket | undefined;
  /** Number of the current socket, by which events of older sockets are ignored. */
  #generation = 0;
  #ackTimer: Timer;
  #end: EndReason | undefined;

  #fork: boolean;
  #epoch: number;
  #frame: number;
  #handled: number;
  /** Number of received patches that are not acknowledged. */
  #unacked = 0;
  /** Number of their characters. */
  #unackedSize = 0;

  #state: ConnectionState = 'idle';
  /** The session's message while it cannot build the page; undefined otherwise. */
  #trouble: string | undefined;

  constructor(start: ConnectionStart, ports: ConnectionPorts) {
    const { page, epoch, frame, event, build, fork = false } = start;
    this.#ports = ports;
    this.#build = build;
    this.#fork = fork;
    this.#epoch = fork ? 0 : epoch;
    this.#frame = fork ? 0 : frame;
    this.#handled = event;
    this.#queue = new EventQueue(ports, page, event, fork);
  }

  get page(): string {
    return this.#queue.page;
  }

  /** The last acknowledged event. */
  get acked(): number {
    return this.#queue.acked;
  }

  /** The last event whose effects the last whole tree contains: that of the document, or of the connection's start. */
  get handled(): number {
    return this.#handled;
  }

  /** The number of the last event that was made. */
  get newest(): number {
    return this.#queue.newest;
  }

  /** Names the run of patches that the copy follows. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The number of the last patch applied. */
  get frame(): number {
    return this.#frame;
  }

  /** Events not yet acknowledged, oldest first. */
  get pending(): readonly EventFrame[] {
    return this.#queue.pending;
  }

  get status(): ConnectionStatus {
    return { state: this.#state, pending: this.pending.length, since: this.#queue.since, trouble: this.#trouble };
  }

  /** Has the connection watched from now on. */
  watch(watch: ConnectionWatch): void {
    this.#watch = watch;
    watch.entered(this.#state);
  }

  /** The reason for which the session ended it last. */
  get end(): EndReason | undefined {
    return this.#end;
  }

  start(): void {
    if (this.#state === 'idle' || this.#state === 'ended') this.connect();
  }

  /** Closes the connection for good. Events stay stored. */
  stop(): void {
    this.#close('idle');
  }

  /** Opens a socket now and replaces the present one. */
  connect(): void {
    this.#close('connecting');
    const generation = this.#generation;
    const current = (fn: () => void): void => {
      if (generation === this.#generation) fn();
    };
    const socket = this.#ports.connect(
      { page: this.page, fork: this.#fork },
      {
        opened: () => current(() => this.greet()),
        message: (data) => current(() => this.#message(data)),
        closed: () => current(() => this.lose()),
      },
    );
    if (generation === this.#generation) this.#socket = socket;
    else socket.close();
  }

  /** Drops the socket. The watch opens another one. */
  lose(): void {
    this.#close('waiting');
  }

  /** Asks the session for a sign of life. */
  ping(): void {
    this.#socket?.send('ping');
  }

  /**
   * Sends an event, now or once connected, and stores it until it is acknowledged; see {@link EventQueue.add}.
   *
   * @returns its number, or undefined when it was refused; the person reads why.
   */
  send(target: Aimed, event: string, value?: Json, latest = false, base?: number): number | 'too long' | undefined {
    const frame = this.#queue.add(target, event, value, latest, base);
    if (typeof frame !== 'object') return frame;
    if (this.#state === 'live') this.#offer(frame);
    this.#queueChanged();
    return frame[0];
  }

  /** Says hello, with as many pending events as one frame takes; the others follow after the welcome. */
  greet(epoch = this.#epoch, frame = this.#frame): void {
    const events = this.#queue.first(512 + this.#build.length);
    this.#forgetPatches();
    this.#enter('greeting');
    this.#socket?.send(encode(['h', protocolVersion, this.#build, epoch, frame, events]));
  }

  #message(data: unknown): void {
    const before = this.#state;
    if (data !== 'pong') this.#take(data);
    if (this.#state === before) this.#watch?.received();
  }

  #take(data: unknown): void {
    let frame: DownFrame;
    try {
      frame = decodeDown(data);
    } catch {
      this.#resync();
      return;
    }
    if (typeof frame[0] === 'number') {
      this.#patch(frame[0], frame.slice(1) as (Op | number)[], (data as string).length);
      return;
    }
    switch (frame[0]) {
      case 'a':
        if (this.#queue.acknowledge(frame[1])) this.#queueChanged();
        return;
      case 'w':
        this.#welcomed(frame);
        return;
      case 's':
        this.#snapshot(frame);
        return;
      case 't':
        this.#troubled(frame[1]);
        return;
      case 'x':
        this.#ended(frame[1], frame[2]);
    }
  }

  #patch(number: number, ops: (Op | number)[], size: number): void {
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
    this.#received(size);
  }

  /** Requests the whole tree, because this copy differs from the session's. Patches are ignored until it arrives. */
  #resync(): void {
    if (this.#state === 'live') this.greet(0, 0);
    else if (this.#state === 'greeting') this.lose();
  }

  #received(size: number): void {
    this.#unackedSize += size;
    if (++this.#unacked >= connectionTimes.ackCount || this.#unackedSize >= connectionTimes.ackSize)
      this.#acknowledge();
    else this.#acknowledgeIn(connectionTimes.ackDelay);
  }

  #acknowledgeIn(ms: number): void {
    this.#ackTimer ??= this.#ports.clock.after(ms, () => this.#acknowledge());
  }

  #acknowledge(): void {
    this.#forgetPatches();
    this.#socket?.send(encode(['a', this.#frame]));
  }

  /** No patch waits for its acknowledgement any more. */
  #forgetPatches(): void {
    if (this.#ackTimer) this.#ports.clock.clear(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#unacked = this.#unackedSize = 0;
  }

  #welcomed([, epoch, frame, event]: WelcomeFrame): void {
    if (this.#state !== 'greeting') return;
    if (frame < this.#frame) {
      // The session is behind this copy, so its next patches would look like duplicates.
      this.greet(0, 0);
      return;
    }
    this.#epoch = epoch;
    this.#agree(event);
    this.#live();
  }

  #agree(event: number, page?: string): void {
    this.#handled = event;
    this.#queue.agree(event, page);
  }

  /** True while the session delays the answer to the hello, because it cannot build the page. */
  get awaitsBuild(): boolean {
    return this.#state === 'greeting' && this.#trouble !== undefined;
  }

  /**
   * Called when the session asks for a hello, which brings it all events. With a message, it cannot build the page, and answers
   * when it can.
   */
  #troubled(message: string): void {
    if (this.#state !== 'greeting' && this.#state !== 'live') return;
    if (this.#state === 'live') this.greet();
    if (message === '') return;
    this.#trouble = message;
    this.#changed();
  }

  #snapshot([, page, epoch, frame, event, root]: SnapshotFrame): void {
    if (this.#state !== 'greeting' && this.#state !== 'live') return;
    const from = this.page;
    // An unrequested snapshot is newer than this copy. Any other is a duplicate.
    if (this.#state === 'live' && page === from && epoch === this.#epoch && frame <= this.#frame) return;
    const fresh = page !== from || event < this.acked;
    this.#agree(event, page);
    this.#fork = false;
    this.#epoch = epoch;
    try {
      this.#ports.replica.reset(root, event, fresh);
    } catch {
      this.#epoch = this.#frame = 0;
      this.lose();
      return;
    }
    this.#frame = frame;
    if (page !== from) this.#ports.moved?.(page, from);
    // The events are sent again, because an unrequested snapshot may come from an object that died with uncommitted events.
    if (this.#state === 'live') this.#queue.resend(event);
    this.#live();
    // Acknowledged sooner than a patch, because the session sends no further snapshot before.
    this.#forgetPatches();
    this.#acknowledgeIn(connectionTimes.snapshotAckDelay);
  }

  #live(): void {
    this.#trouble = undefined;
    this.#enter('live');
    for (const event of this.#queue.unsent) this.#offer(event);
  }

  #offer(event: EventFrame): void {
    this.#queue.sent(event[0]);
    this.#socket?.send(encode(event));
  }

  #ended(reason: EndReason, message: string): void {
    const again = reason === 'slow' || reason === 'refused' || (reason === 'replaced' && this.#ports.owns?.() === true);
    if (again) {
      this.lose();
      return;
    }
    this.#trouble = undefined;
    this.#end = reason;
    if (reason === 'gone' || reason === 'revoked') this.#queue.forget();
    this.#close('ended');
    this.#ports.ended?.(reason, message);
  }

  #close(state: ConnectionState): void {
    this.#generation++;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#forgetPatches();
    socket?.close();
    this.#enter(state);
  }

  #enter(state: ConnectionState): void {
    const before = this.#state;
    this.#state = state;
    this.#watch?.entered(state);
    if (state !== before) this.#changed();
  }

  #queueChanged(): void {
    this.#watch?.queueChanged();
    this.#changed();
  }

  #changed(): void {
    this.#ports.changed?.(this.status);
  }
}
