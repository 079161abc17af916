import { type Clock, type Timer, TokenBucket } from '../../clock/index.ts';
import { encode, limits, type NodeLiteral, type Op } from '../../protocol/index.ts';
import type { PageRow } from '../../storage/index.ts';
import { checksum, type Tree } from '../../tree/index.ts';
import type { PageEntry, SocketMemory } from '../host.ts';
import type { ClientConnection } from './client-connection.ts';
import { Outbox } from './outbox.ts';
import type { Traffic } from './traffic.ts';

/**
 * How fast a page sends what no event has asked for: reports of tasks, signals of other pages, timers. With the burst, no second has
 * more than 60 patches, which is what a screen shows. The latest value wins, and the last one arrives.
 */
const unasked = { burst: 12, perSecond: 48 };
/** Milliseconds of quiet after which a page counts as at rest; it may be twice as many. */
const restAfter = 1_000;

/** The parts of a page that its delivery knows. */
export interface DeliveryHost {
  readonly id: string;
  readonly clock: Clock;
  readonly tree: Tree;
  /** True when something of the page waits to be committed. */
  readonly dirty: boolean;
  readonly record: {
    /** True from the first hello on: before that nothing is kept for a browser that may come. */
    readonly persistent: boolean;
    readonly ended: boolean;
    /** The page's row is to be kept with the next commit. */
    touch(): void;
    /** The page has come to rest, which is to be kept with the next commit. */
    rested(): void;
  };
  readonly build: {
    /** Defined while the tree is being built, and not to be shown. */
    readonly running: unknown;
  };
  readonly answers: {
    /** True while what asks for an answer is not to be shown. */
    readonly unsafe: boolean;
  };
  readonly handlers: {
    /** Number of handlers that have not ended. */
    readonly count: number;
  };
  readonly inbox: {
    /** Number of the last event that was applied. */
    readonly event: number;
  };
  readonly log: { write(entry: PageEntry): void };
  /** What the browsers of the session may be sent. */
  readonly traffic: Traffic;
  /** The browser that said hello has the page: it watches from now on. */
  welcomed(): void;
  /** The socket of a link is of no use any more. */
  drop(link: ClientConnection): void;
}

/**
 * Brings what has changed in a page's tree to the browser that watches it: patches, or one snapshot when the browser has missed
 * too much.
 *
 * ```
 *   tree ──take──► outbox ──► link ──► browser          behind: changes wait in the tree, merged
 *                    │                                  gone:   patches wait in the outbox, as far as there is room
 *                    └── since(n) ──► who returns       rest:   a checksum of the tree, so that waking costs nothing
 * ```
 */
export class Delivery {
  readonly #page: DeliveryHost;
  readonly #outbox: Outbox;
  /** The one browser that watches: a page is one tab. */
  #link: ClientConnection | undefined;
  /** Number of the last patch that brought new nodes. */
  #inserted = 0;
  /** Checksum of the tree since the page came to rest; null while it changes. */
  #rest: number | null = null;
  /** The row of before the rebuild, when the rebuilt tree is exactly the one that was at rest then. */
  #proven: PageRow | undefined;
  #flushing = false;
  readonly #pace = new TokenBucket(unasked);
  #resting: Timer | undefined;
  /** True when something was committed since the timer runs. */
  #restless = false;
  #slow: Timer | undefined;
  /** Runs while changes wait for their turn to be shown. */
  #paced: Timer | undefined;
  /** Number of the last snapshot. */
  #snapshot = 0;
  /** When it was sent, as long as no browser has acknowledged it. */
  #snapshotAt = Number.NEGATIVE_INFINITY;
  /** Runs while a hello waits for its answer. */
  #welcoming: Timer | undefined;

  /**
   * @param epoch names the run of patches that begins now.
   * @param frame number of the last patch of before.
   */
  constructor(page: DeliveryHost, epoch: number, frame: number) {
    this.#page = page;
    this.#outbox = new Outbox(epoch, frame);
  }

  /** Names the present run of patches. */
  get epoch(): number {
    return this.#outbox.epoch;
  }

  /** Number of the last patch. */
  get frame(): number {
    return this.#outbox.frame;
  }

  get rest(): number | null {
    return this.#rest;
  }

  get link(): ClientConnection | undefined {
    return this.#link;
  }

  get watched(): boolean {
    return this.#link?.open === true && this.#link.greeted;
  }

  /** True while the browser has not acknowledged the last patch that brought new nodes. */
  get unseen(): boolean {
    return this.#inserted > (this.#link?.acknowledged ?? 0);
  }

  /** The rebuilt tree is compared with the one that was at rest. */
  rebuilt(row: PageRow): void {
    if (row.rest !== null && this.#sum() === row.rest) this.#proven = row;
  }

  // ---- browsers

  /** A browser said hello: what its events change, until it is welcome, is kept for it. */
  take(link: ClientConnection, epoch: number, frame: number): void {
    if (this.#link && this.#link !== link) replaced(this.#link);
    this.#welcoming = this.#clear(this.#welcoming);
    link.greeted = false;
    this.#link = link;
    // Patches have the numbers of this life from now on.
    this.#proven = undefined;
    if (epoch === this.#outbox.epoch && frame <= this.#outbox.frame) link.acknowledged = frame;
  }

  /** The browser, whose last patch was `frame` of `epoch`, gets what it misses: now, or as soon as the session may answer. */
  welcome(link: ClientConnection, epoch: number, frame: number): void {
    const { clock, traffic, inbox } = this.#page;
    // Because a hello of a few bytes asks for a whole page, and who does not read would have it sent again and again.
    const wait = Math.max(traffic.welcomeWait(clock.now()), this.#isSnapshotOnItsWay ? limits.snapshotPause : 0);
    if (wait > 0) {
      this.#welcoming = clock.after(wait, () => {
        this.#welcoming = undefined;
        if (link === this.#link && link.open) this.welcome(link, epoch, frame);
      });
      return;
    }
    this.flush();
    link.greeted = true;
    const missed = epoch === this.#outbox.epoch ? this.#outbox.since(frame) : undefined;
    if (missed) {
      link.acknowledged = frame;
      link.sent = this.#outbox.frame;
      link.sendFrame(['w', this.#outbox.epoch, this.#outbox.frame - missed.length, inbox.event]);
      this.#sendMissed(link, missed);
    } else {
      this.#sendSnapshot(link);
    }
    this.#remember(link, -1);
    this.#page.welcomed();
  }

  #sendMissed(link: ClientConnection, missed: readonly string[]): void {
    const { clock, traffic } = this.#page;
    let frame = this.#outbox.frame - missed.length;
    for (const patch of missed) link.sendNumbered(++frame, patch);
    const bytes = missed.reduce((sum, patch) => sum + patch.length, 0);
    traffic.welcomed(clock.now(), bytes);
  }

  /** A browser whose socket outlived the object's sleep. @returns false when another one has come since. */
  attach(link: ClientConnection, memory: SocketMemory): boolean {
    if (this.watched && this.#link !== link) {
      // A browser said hello since the object woke; the one whose socket slept is the older of the two.
      replaced(link);
      return false;
    }
    this.#link = link;
    const proven = this.#proven;
    const missed =
      proven && proven.epoch === memory.epoch && proven.frame === memory.frame
        ? this.#outbox.since(memory.frame)
        : undefined;
    if (proven && missed) {
      // Nothing was lost and nothing differs: the numbers go on where they were.
      this.#outbox.epoch = proven.epoch;
      if (this.#outbox.frame === proven.frame) this.#rest = proven.rest;
      else this.#remember(link, -1);
      link.acknowledged = memory.acknowledged;
      this.#inserted = memory.frame;
      // What happened since the page was built again, and before its browser was given back.
      link.sent = this.#outbox.frame;
      this.#sendMissed(link, missed);
    } else {
      this.#sendSnapshot(link);
      this.#remember(link, -1);
    }
    return true;
  }

  /** The browser has read patches up to that one. */
  acknowledge(link: ClientConnection, frame: number): void {
    if (link !== this.#link) return;
    if (frame > link.sent) {
      link.end('refused', `Patch ${frame} was acknowledged and ${link.sent} is the last one sent.`);
      return;
    }
    const freed = link.received(frame);
    if (frame >= this.#snapshot) this.#snapshotAt = Number.NEGATIVE_INFINITY;
    if (frame <= link.acknowledged) {
      if (freed) this.flush();
      return;
    }
    link.acknowledged = frame;
    this.#outbox.trim(frame);
    if (this.#rest !== null) this.#remember(link, this.#outbox.frame);
    this.flush();
  }

  /** The browser is gone. @returns false when it was not the one that watches. */
  release(link: ClientConnection): boolean {
    link.open = false;
    if (link !== this.#link) return false;
    this.#link = undefined;
    this.#slow = this.#clear(this.#slow);
    this.#welcoming = this.#clear(this.#welcoming);
    return true;
  }

  // ---- patches

  /** What has changed is shown now. */
  flush(): void {
    const { tree, build, record, inbox, answers } = this.#page;
    if (!tree.dirty || build.running || record.ended || answers.unsafe) return;
    const link = this.#link;
    if (link?.open && link.greeted) {
      if (link.behind || (tree.overflowed && this.#isSnapshotOnItsWay)) {
        this.#holdBack(link);
        return;
      }
      if (tree.overflowed) {
        this.#sendSnapshot(link);
        return;
      }
      const ops = tree.take(inbox.event);
      if (ops.length > 0) {
        const text = this.#push(ops);
        link.sendNumbered(this.#outbox.frame, text);
      }
    } else if (record.persistent && this.#outbox.roomy && !tree.overflowed) {
      const ops = tree.take(inbox.event);
      if (ops.length > 0) this.#push(ops);
    } else {
      tree.discard();
      if (record.persistent) this.#outbox.skip();
    }
    record.touch();
  }

  /** What has changed, by something else than an event of the browser, is shown when the running code gives the thread back. */
  flushSoon(): void {
    if (this.#flushing || this.#page.record.ended) return;
    this.#flushing = true;
    // What runs after an await has no end that we see; all it does before it gives the thread back is one turn.
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flushPaced();
    });
  }

  /** At once, but not more often than a screen shows it. */
  #flushPaced(): void {
    const { clock, tree, record } = this.#page;
    if (!tree.dirty || this.#paced !== undefined || record.ended) return;
    const wait = this.watched ? this.#pace.take(clock.now()) : 0;
    if (wait === 0) {
      this.flush();
      return;
    }
    this.#paced = clock.after(wait, () => {
      this.#paced = undefined;
      this.#flushPaced();
    });
  }

  #push(ops: readonly (Op | number)[]): string {
    const text = this.#outbox.push(ops);
    if (ops.some((op) => typeof op !== 'number' && op[0] === '+')) this.#inserted = this.#outbox.frame;
    return text;
  }

  #sendSnapshot(link: ClientConnection): void {
    const { id, tree, inbox, record, clock, traffic } = this.#page;
    tree.discard();
    this.#outbox.skip();
    const { epoch, frame } = this.#outbox;
    const text = encode(['s', id, epoch, frame, inbox.event, tree.literal()]);
    link.acknowledged = frame;
    link.sendNumbered(frame, text);
    this.#snapshot = frame;
    this.#snapshotAt = clock.now();
    traffic.welcomed(this.#snapshotAt, text.length);
    record.touch();
  }

  get #isSnapshotOnItsWay(): boolean {
    const elapsed = this.#page.clock.now() - this.#snapshotAt;
    // Below 0 after a clock was set back, which must not have a browser wait for hours.
    return elapsed >= 0 && elapsed < limits.snapshotPause;
  }

  /** The browser does not keep up: changes wait, merged; a browser that reads nothing for long is disconnected. */
  #holdBack(link: ClientConnection): void {
    if (this.#slow !== undefined) return;
    const { clock } = this.#page;
    const seen = link.acknowledged;
    this.#slow = clock.after(1_000, () => {
      this.#slow = undefined;
      if (link !== this.#link || !link.open) return;
      const now = clock.now();
      if (link.acknowledged > seen || !link.behind) link.behindSince = undefined;
      else link.behindSince ??= now - 1_000;
      if (link.behindSince !== undefined && now - link.behindSince >= limits.slowClient) {
        this.#page.log.write({
          level: 'info',
          fault: 'network',
          message: 'Disconnected a browser that does not read.',
        });
        link.end('slow', 'The connection was too slow.');
        this.#page.drop(link);
        return;
      }
      this.flush();
    });
  }

  // ---- commits and rest

  /** The page changes. Say so before anything is sent: what the socket remembers must not outlive it. */
  stir(): void {
    if (this.#rest !== null && this.#link) this.#remember(this.#link, -1);
    this.#rest = null;
  }

  /** The page as it was is durable: the events whose effects it holds are acknowledged. */
  committed(): void {
    const link = this.#link;
    const { event } = this.#page.inbox;
    if (link?.greeted && link.open && link.eventAcknowledged < event) {
      link.eventAcknowledged = event;
      link.sendFrame(['a', event]);
    }
    if (this.#rest === null) this.#restSoon();
  }

  /** After some quiet: remember which tree browsers have, so that waking from sleep costs them nothing. */
  #restSoon(): void {
    // One timer for all commits of a busy second: setting another with each would cost more than what it is for.
    this.#restless = this.#resting !== undefined;
    this.#resting ??= this.#page.clock.after(restAfter, () => {
      this.#resting = undefined;
      if (this.#restless) {
        this.#restSoon();
        return;
      }
      const { record, build, handlers, tree, dirty } = this.#page;
      if (record.ended || build.running || tree.dirty || dirty || handlers.count > 0) return;
      this.#rest = this.#sum();
      if (this.#link) this.#remember(this.#link, this.#outbox.frame);
      this.#page.record.rested();
    });
  }

  /** Keeps with the socket, for the case that the object sleeps, what its browser has. */
  #remember(link: ClientConnection, frame: number): void {
    link.remember({ page: this.#page.id, epoch: this.#outbox.epoch, frame, acknowledged: link.acknowledged });
  }

  #sum(): number {
    return checksum(JSON.stringify(ordered(this.#page.tree.literal())));
  }

  /** What keeps the object in memory on behalf of the browser. */
  whyAwake(): string[] {
    const reasons: string[] = [];
    if (this.#resting !== undefined) reasons.push('a page that has just come to rest');
    if (this.#slow !== undefined) reasons.push('a browser that reads slowly');
    if (this.#paced !== undefined) reasons.push('changes that wait to be shown');
    if (this.#welcoming !== undefined) reasons.push('a browser that waits for its page');
    return reasons;
  }

  /** Stops everything, silently. */
  end(): void {
    for (const timer of [this.#resting, this.#slow, this.#paced, this.#welcoming]) this.#clear(timer);
  }

  #clear(timer: Timer | undefined): undefined {
    if (timer !== undefined) this.#page.clock.clear(timer);
  }
}

function replaced(link: ClientConnection): void {
  link.end('replaced', 'Another window took this page over.');
}

/** A tree without the order in which its props were set, which a rebuild does not repeat. */
function ordered([id, kind, props, children]: NodeLiteral): unknown[] {
  const entries = Object.entries(props).sort(([a], [b]) => (a < b ? -1 : 1));
  return [id, kind, entries, children?.map(ordered)];
}
