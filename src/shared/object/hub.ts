import { backoff, type Clock, type Timer } from '../../clock/index.ts';
import type { ItemOp } from '../../collection/index.ts';
import { type JobConsumerApi, type JobMessage, jobsDue } from '../../jobs/index.ts';
import { batch } from '../../reactive/index.ts';
import type { ComputeService } from '../../rpc/index.ts';
import { Committer, DueRows, decode, encode, type Store, type UnitOfWork } from '../../storage/index.ts';
import type { TaskHost } from '../../tasks/index.ts';
import { sharedLimits } from '../limits.ts';
import {
  calledBy,
  isCollection,
  isJob,
  type Op,
  type Push,
  rootOf,
  type SharedListener,
  type SharedObject,
  type Snapshot,
  type Subscribed,
  type Subscriber,
  type Tail,
  type Written,
} from '../protocol.ts';
import { SharedCells } from './cells.ts';
import { Fanout, type Target } from './fanout.ts';
import { IdempotencyLog } from './idempotency-log.ts';
import { Relays, Uplink } from './relays.ts';
import { SharedJobs } from './shared-job.ts';
import { StoredItems } from './stored-items.ts';

/** The port of a shared object to its platform. */
export interface HubHost {
  /** `signal:progress`, `job:compute`, or a relay of one of these: `signal:progress#3`. */
  readonly name: string;
  readonly clock: Clock;
  readonly store: Store;
  /** Hash of the application's code. */
  readonly build: string;
  /** Returns a fresh stub of a session. */
  session(name: string): SharedListener;
  /** Returns a fresh stub of another shared object. */
  object(name: string): SharedObject;
  service(binding: string): ComputeService | undefined;
  /** Sends a message into the queue of jobs. Undefined when the application has no queue. */
  send?(message: JobMessage): Promise<void>;
  keepAlive(promise: Promise<unknown>): void;
  alarm(at: number | null): void;
  log(level: 'info' | 'warning' | 'error', message: string, error?: unknown): void;
}

/** Milliseconds from a change to its commit, when no caller waits for it. */
const commitAfter = 50;

/**
 * One shared value or job, or a relay of either. It orders the writes, stores durable state, and pushes to its subscribers. Like a
 * session, it uses the platform only through a port.
 *
 * ```
 *   session ──write(id, op)──► root: once for each id, next version, durable ──► answer
 *                                │
 *                                ├──► sessions, up to 1,000
 *                                └──► relays, up to 1,000 ──► 1,000 sessions each
 * ```
 */
export class Hub implements SharedObject {
  readonly #host: HubHost;
  readonly #root: string;
  readonly #cells = new SharedCells();
  readonly #due = new DueRows('');
  readonly #committer: Committer;
  readonly #fanout: Fanout;
  readonly #relays: Relays;
  /** The subscription at the root; undefined in a root. */
  readonly #uplink: Uplink | undefined;
  readonly #work: SharedJobs | undefined;
  /** The items of a list or map; undefined for another value. */
  readonly #items: StoredItems | undefined;
  readonly #done: IdempotencyLog;
  #version = 0;
  #text: string | null = null;
  #loaded = false;
  /** True while a target may lack the value. The due row `push` records it for the next activation. */
  #marked = false;
  #rechecks = 0;
  /** True when the value is newer than the last push. */
  #unpublished = false;
  /** True when the alarm is set for the leases. */
  #leaseDue = false;
  #quiet: Timer | undefined;
  #ended = false;

  constructor(host: HubHost) {
    const { name, clock, store } = host;
    this.#host = host;
    this.#root = rootOf(name);
    const isRelay = this.#root !== name;
    this.#committer = new Committer({
      clock,
      store,
      alarm: (at) => host.alarm(at),
      units: () => this.#units(),
      committed: () => this.#publish(),
      failed: (error) => host.log('error', 'A commit failed; the shared object tries again.', error),
    });
    this.#done = new IdempotencyLog((id, row) => this.#cells.set(`write.${id}`, row));
    this.#fanout = new Fanout({
      clock,
      deliver: ({ who, token, sent }) => {
        const known = this.#items && sent < this.#version ? sent : -1;
        const push = { ...this.#snapshot(known), name: this.#root, from: name, token };
        return this.#relays.is(who) ? host.object(who).changed(push) : host.session(who).sharedChanged(push);
      },
      changed: (target, there) => this.#storeLease(target, there),
      settled: () => this.#unmarkSoon(),
    });
    this.#relays = new Relays(name, this.#fanout);
    if (isRelay) {
      this.#uplink = new Uplink({
        clock,
        name,
        root: () => host.object(this.#root),
        present: () => ({ version: this.#version, serves: Math.max(1, this.#fanout.size) }),
        learned: (snapshot) => this.#learn(snapshot),
      });
    } else if (isJob(name)) this.#work = this.#makeWork();
    if (isCollection(name)) this.#items = new StoredItems((key, row) => this.#cells.set(`item.${key}`, row), !isRelay);
  }

  /** Number of sessions that get pushes, with those of relays. For tests and tools. */
  get serves(): number {
    this.#load();
    return this.#fanout.serves;
  }

  /** The targets of this object itself. */
  get subscribers(): readonly string[] {
    this.#load();
    return [...this.#fanout.targets].map((target) => target.who);
  }

  /** Returns the reasons why the object may not hibernate now. */
  whyAwake(): string[] {
    const reasons: string[] = [];
    if (this.#fanout.busy) reasons.push('pushes that are under way');
    if (this.#quiet !== undefined) reasons.push('a value that changed just now');
    if (this.#committer.pending) reasons.push('a pending commit');
    if (this.#work && this.#work.jobs.running > 0) reasons.push('a running job');
    return reasons;
  }

  async read(known: number): Promise<Snapshot> {
    await this.#ready();
    // The commit comes first, because a reader may only get a durable value.
    if (this.#waits) this.#committer.commit();
    return this.#snapshot(known);
  }

  async subscribe(subscriber: Subscriber): Promise<Subscribed> {
    await this.#ready();
    const { who, token, known, serves = 1, full } = subscriber;
    if (!this.#takes(who)) {
      const relay = this.#uplink ? undefined : this.#relays.place(full);
      return relay === undefined ? { full: true } : { relay };
    }
    if (this.#uplink) {
      await this.#uplink.attach();
      if (!this.#takes(who)) return { full: true };
    }
    // The answer carries the value, so no push is needed.
    this.#fanout.add(who, token, this.#version, serves);
    this.#committer.commit();
    return { ...this.#snapshot(known), at: this.#host.name };
  }

  async unsubscribe(who: string, token: string): Promise<void> {
    this.#load();
    if (this.#fanout.remove(who, token)) this.#committer.commitIn(commitAfter);
  }

  async write(id: string, op: Op, known = -1): Promise<Written> {
    await this.#ready();
    const swap = 'swap' in op;
    if (!this.#done.has(id)) {
      // Not remembered, because the session sends it again with another value.
      if (swap && op.at !== this.#version) return { ...this.#committed(-1), refused: true };
      const made = swap && op.swap.length <= sharedLimits.made ? op.swap : undefined;
      this.#done.add(id, this.#host.clock.now(), made);
      if (swap) this.#put(op.swap);
      else if ('set' in op) this.#put(op.set);
      else if ('add' in op) this.#add(op.add, op.from);
      else if ('items' in op) this.#change(op.items, op.from);
      else this.#work?.command(op);
    }
    const made = this.#done.answer(id);
    return { ...this.#committed(this.#items ? known : -1), ...(made !== undefined && { made }) };
  }

  /** Returns the value when it is durable. A repeated write waits for the commit, too, because the first commit may have failed. */
  #committed(known: number): Snapshot {
    this.#committer.commit();
    return this.#snapshot(known);
  }

  async chunks(job: string, from: number, to: number): Promise<Tail> {
    await this.#ready();
    const output = this.#uplink ? await this.#uplink.output(job, to) : this.#work?.output;
    return output?.since(job, from) ?? { job, first: from, texts: [] };
  }

  async changed({ version, text, since, from }: Push): Promise<number> {
    this.#load();
    if (!this.#uplink || from !== this.#root) return 0;
    const serves = Math.max(this.#fanout.size, this.#uplink.attaching ? 1 : 0);
    if (serves === 0) {
      this.#uplink.ended();
      return 0;
    }
    this.#uplink.renewed();
    // Because a push that was lost may be missing in between.
    const gap = since !== undefined && since > this.#version;
    this.#learn(
      gap
        ? await this.#host.object(this.#root).read(this.#version)
        : { version, text, ...(since !== undefined && { since }) },
    );
    // The commit comes first, because after the answer the root relies on this object's alarm for the delivery.
    this.#committer.commit();
    return serves;
  }

  /** Returns the API for the queue's consumer. */
  async consumer(): Promise<JobConsumerApi> {
    await this.#ready();
    if (!this.#work) throw new Error(`${calledBy(this.#host.name)} is no job.`);
    return this.#work.jobs.consumer;
  }

  async alarm(): Promise<void> {
    this.#load();
    this.#committer.rang();
    const due = this.#host.store.due(this.#host.clock.now()).map((row) => row.key);
    // The jobs write their row themselves.
    for (const key of due) if (key !== jobsDue) this.#due.set(key, undefined);
    await this.#ready();
    for (const key of due) {
      if (key === jobsDue) this.#work?.jobs.check();
      else if (key === 'push') await this.#recheck();
      else if (key === 'lease') {
        this.#leaseDue = false;
        await this.#askLeases();
      }
    }
    this.#committer.commit();
  }

  /** Commits and stops, because another version of the framework continues from the rows. */
  leave(): void {
    this.#committer.tryCommit();
    this.abandon();
  }

  /** Stops without a message to the subscribers, as an evicted object does. */
  abandon(): void {
    this.#ended = true;
    this.#fanout.abandon();
    this.#work?.abandon();
    this.#committer.abandon();
    if (this.#quiet !== undefined) this.#host.clock.clear(this.#quiet);
  }

  // ---- the value

  #put(text: string): void {
    if (text === this.#text) return;
    this.#show(this.#version + 1, text, true);
  }

  #change(ops: readonly ItemOp[], from: string | undefined): void {
    const items = this.#items;
    if (!items) return;
    const refused = items.apply(ops, this.#version === 0 ? from : undefined);
    if (refused > 0) {
      const message = `${calledBy(this.#host.name)} has reached its limit of ${sharedLimits.items} items or ${sharedLimits.itemsSize} characters`;
      this.#host.log('error', `${message}: ${refused} operations were refused.`);
    }
    if (items.version !== this.#version) this.#show(items.version, null, true);
  }

  /** Takes over what another object has. */
  #learn({ version, text, since }: Snapshot): void {
    if (version <= this.#version) return;
    this.#items?.learn(text, version, since);
    this.#show(version, this.#items ? null : text);
  }

  #add(amount: number, from: number): void {
    const value = this.#text === null ? from : decode(this.#text);
    if (typeof value === 'number') this.#put(encode(value + amount, 'A shared number'));
    else this.#host.log('error', `${calledBy(this.#host.name)} is no number: nothing was added.`);
  }

  /** @param store true stores it with the next commit. */
  #show(version: number, text: string | null, store = false): void {
    this.#version = version;
    this.#text = text;
    if (store) this.#storeValue();
    if (this.#quiet !== undefined) this.#host.clock.clear(this.#quiet);
    this.#quiet = undefined;
    // A job's view is stored when it is quiet. The mark records that newer versions are not stored.
    if (this.#fanout.size > 0 || this.#work) this.#mark();
    // No push before the commit, because another value could get the same version.
    this.#unpublished = true;
    if (this.#waits) this.#committer.commitIn(0);
    else this.#publish();
  }

  #storeValue(): void {
    this.#cells.set('value', JSON.stringify([this.#version, this.#text]));
  }

  #publish(): void {
    if (!this.#unpublished) return;
    this.#unpublished = false;
    this.#fanout.publish(this.#version);
    if (this.#fanout.size === 0) this.#unmarkSoon();
  }

  #snapshot(known: number): Snapshot {
    const version = this.#version;
    if (known === version) return { version, text: null };
    return { version, ...(this.#items?.since(known) ?? { text: this.#text }) };
  }

  #makeWork(): SharedJobs {
    const { clock, store, name } = this.#host;
    const build = () => this.#host.build;
    const tasks: TaskHost = {
      clock,
      opens: () => () => {},
      keepAlive: (promise) => this.#host.keepAlive(promise),
      turn: (fn) => batch(fn),
      service: (binding) => this.#host.service(binding),
      log: (level, message, error) => this.#host.log(level === 'warn' ? 'warning' : level, message, error),
    };
    return new SharedJobs({
      clock,
      store,
      get build() {
        return build();
      },
      tasks,
      session: `shared:${name}`,
      service: (binding) => this.#host.service(binding),
      send: this.#host.send?.bind(this.#host),
      commit: (when) => this.#committer.commitIn(when === 'now' ? 0 : commitAfter),
      show: (text) => {
        if (text !== this.#text) this.#show(this.#version + 1, text);
      },
    });
  }

  // ---- subscribers

  /** Returns true when the object has room for the subscriber or has it already. A root always has room for its relays. */
  #takes(who: string): boolean {
    if (this.#fanout.get(who) !== undefined || this.#relays.is(who)) return true;
    return this.#fanout.size - this.#relays.count < sharedLimits.subscribers;
  }

  #storeLease(target: Target, there: boolean): void {
    const { who, token, until, serves } = target;
    this.#cells.set(`lease.${who}`, there ? JSON.stringify([token, until, serves]) : null);
    this.#committer.commitIn(commitAfter);
  }

  async #askLeases(): Promise<void> {
    if (await this.#isAttached()) this.#fanout.ask();
  }

  /** Sets the alarm for the first end of a lease. An existing row stays until it is due, because leases only get longer. */
  #dueLeases(): void {
    if (this.#leaseDue === this.#fanout.size > 0) return;
    this.#leaseDue = this.#fanout.size > 0;
    const first = this.#fanout.leaseEnds;
    if (first === null) {
      this.#due.set('lease', undefined);
      return;
    }
    const { lease, recheck } = sharedLimits;
    const now = this.#host.clock.now();
    // A relay renews its own lease in time. A target with a recent push gets time to acknowledge it.
    this.#due.set(
      'lease',
      this.#uplink ? Math.max(first - lease / 2, now + lease / 8) : Math.max(first, now + recheck),
    );
  }

  // ---- durable state

  /** True when state besides the job waits for its commit. */
  get #waits(): boolean {
    return this.#cells.dirty || this.#due.dirty;
  }

  *#units(): Iterable<UnitOfWork> {
    this.#dueLeases();
    if (this.#work) yield this.#work.jobs;
    yield this.#cells;
    yield this.#due;
  }

  async #ready(): Promise<void> {
    this.#load();
    await this.#work?.load();
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const writes: [string, string][] = [];
    const leases: [string, string][] = [];
    const items: [string, string][] = [];
    for (const { key, value } of this.#cells.load(this.#host.store)) {
      if (key === 'value') [this.#version, this.#text] = JSON.parse(value) as [number, string | null];
      else if (key.startsWith('write.')) writes.push([key.slice(6), value]);
      else if (key.startsWith('lease.')) leases.push([key.slice(6), value]);
      else if (key.startsWith('item.')) items.push([key.slice(5), value]);
    }
    this.#items?.restore(items, this.#version);
    this.#done.restore(writes);
    // Because the mark is set, the object died before every target had the value.
    this.#due.load(this.#host.store);
    this.#leaseDue = this.#due.at('lease') !== undefined;
    this.#marked = this.#due.at('push') !== undefined;
    if (this.#work && this.#marked) {
      // This activation continues far above the last stored version, because versions of a job's progress are not stored.
      this.#version = (Math.floor(this.#version / 1e9) + 1) * 1e9;
      this.#storeValue();
    }
    for (const [who, value] of leases) {
      const [token, until, serves] = JSON.parse(value) as [string, number, number];
      this.#fanout.restore(who, token, until, serves, this.#marked ? -1 : this.#version);
    }
    this.#fanout.begin(this.#version);
    if (this.#marked && !this.#uplink) this.#host.clock.after(0, () => !this.#ended && this.#fanout.retry());
  }

  /** Records that pushes begin. When the object dies, its alarm finishes them. */
  #mark(): void {
    if (this.#marked) return;
    this.#marked = true;
    this.#due.set('push', this.#host.clock.now() + sharedLimits.recheck);
    this.#committer.commitIn(0);
  }

  #unmarkSoon(): void {
    if (!this.#marked || this.#quiet !== undefined) return;
    this.#quiet = this.#host.clock.after(sharedLimits.quiet, () => {
      this.#quiet = undefined;
      this.#marked = false;
      this.#rechecks = 0;
      this.#due.set('push', undefined);
      if (this.#work) this.#storeValue();
      this.#committer.commitIn(commitAfter);
    });
  }

  async #recheck(): Promise<void> {
    if (!this.#marked) return;
    const pause = backoff(++this.#rechecks, { first: sharedLimits.recheck, most: sharedLimits.recheckMost });
    this.#due.set('push', this.#host.clock.now() + pause);
    if (await this.#isAttached()) this.#fanout.retry();
  }

  /** Returns false in a relay that has not reached its root in this activation, because it does not know the value. */
  async #isAttached(): Promise<boolean> {
    if (!this.#uplink || this.#fanout.size === 0) return true;
    try {
      await this.#uplink.attach();
      return true;
    } catch (error) {
      this.#host.log('warning', `The relay ${this.#host.name} did not reach its root; the relay tries again.`, error);
      return false;
    }
  }
}
