import type { Clock, Timer } from '../clock/index.ts';
import type { JobDesk, JobMessage } from '../jobs/index.ts';
import { batch } from '../reactive/index.ts';
import { decode, encode, type Store } from '../storage/index.ts';
import type { ComputeService, TaskHost } from '../tasks/index.ts';
import { Fanout, type Target } from './fanout.ts';
import { sharedLimits } from './limits.ts';
import {
  newId,
  type Op,
  rootOf,
  type SharedListener,
  type SharedObject,
  type Snapshot,
  type Subscribed,
  type Subscriber,
} from './wire.ts';
import { Work } from './work.ts';

/** All that a shared object needs from the world around it. */
export interface HubHost {
  /** `signal:progress`, `job:compute`, or a relay of one of these: `signal:progress#3`. */
  readonly name: string;
  readonly clock: Clock;
  readonly store: Store;
  /** Hash of the application's code. */
  readonly build: string;
  /** A session, by a fresh stub. */
  session(name: string): SharedListener;
  /** Another shared object, by a fresh stub. */
  object(name: string): SharedObject;
  service(binding: string): ComputeService | undefined;
  /** Sends a message into the queue of jobs; absent when the application has none. */
  send?(message: JobMessage): Promise<void>;
  keepAlive(promise: Promise<unknown>): void;
  alarm(at: number | null): void;
  log(level: 'info' | 'warning' | 'error', message: string, error?: unknown): void;
}

/** The cells of a shared object, all under one page: `value`, `lease.WHO`, `write.ID`. */
const cells = 'shared';
/** Milliseconds from a change to its commit, where nobody waits for it. */
const commitAfter = 50;
const retryAfter = 1_000;

/**
 * One shared value, or one shared job, or a relay of either: orders the writes, keeps what is to be kept, and tells whoever
 * subscribed. Pure, like a session.
 *
 * ```
 *   session ──write(id, op)──► root: once for each id, next version, durable ──► answer
 *                                │
 *                                ├──► sessions, up to 1,000
 *                                └──► relays ──► 1,000 sessions each
 * ```
 */
export class Hub implements SharedObject {
  readonly #host: HubHost;
  readonly #root: string;
  readonly #isRelay: boolean;
  /** How the names of relays begin. */
  readonly #relays: string;
  readonly #fanout: Fanout;
  readonly #work: Work | undefined;
  readonly #writes = new Map<string, number>();
  readonly #pending = new Map<string, string | null>();
  /** What is due and not committed yet. */
  readonly #due = new Map<string, number | null>();
  #version = 0;
  #text: string | null = null;
  #loaded = false;
  /** Set while somebody may not have the value; the due row `push` says so to the next life of the object. */
  #marked = false;
  #rechecks = 0;
  /** True when the value is newer than what others were told. */
  #unpublished = false;
  /** True when the alarm will look at the leases; undefined before that was looked up. */
  #leaseDue: boolean | undefined;
  #quiet: Timer | undefined;
  #commit: Timer | undefined;
  #commitAt = 0;
  #alarmAt: number | null | undefined;
  /** A relay knows its root's value and has its lease until then. */
  #attachedUntil = 0;
  #attaching: Promise<void> | undefined;
  #ended = false;

  constructor(host: HubHost) {
    this.#host = host;
    this.#root = rootOf(host.name);
    this.#isRelay = this.#root !== host.name;
    this.#relays = `${host.name}#`;
    this.#fanout = new Fanout({
      clock: host.clock,
      deliver: (who) =>
        this.#isRelayName(who)
          ? host.object(who).changed(this.#version, this.#text, host.name)
          : host.session(who).sharedChanged(this.#root, this.#version, this.#text, host.name),
      changed: (target, there) => this.#keepLease(target, there),
      settled: () => this.#unmarkSoon(),
    });
    if (host.name.startsWith('job:') && !this.#isRelay) this.#work = this.#makeWork();
  }

  /** How many sessions it tells, with those of its relays; for tests and tools. */
  get serves(): number {
    this.#load();
    return this.#fanout.serves;
  }

  /** How many it tells itself, and whom. */
  get subscribers(): readonly string[] {
    this.#load();
    return [...this.#fanout.targets].map((target) => target.who);
  }

  /** What keeps the object in memory now. */
  whyAwake(): string[] {
    const reasons: string[] = [];
    if (this.#fanout.busy) reasons.push('pushes that are under way');
    if (this.#quiet !== undefined) reasons.push('a value that has just changed');
    if (this.#commit !== undefined) reasons.push('a commit that is about to be made');
    if (this.#work && this.#work.jobs.running > 0) reasons.push('a running job');
    return reasons;
  }

  async read(known: number): Promise<Snapshot> {
    await this.#ready();
    return this.#snapshot(known);
  }

  async subscribe(subscriber: Subscriber): Promise<Subscribed> {
    await this.#ready();
    const { who, token, known, serves = 1, full } = subscriber;
    const { name } = this.#host;
    const there = this.#fanout.get(who) !== undefined;
    if (!there && !this.#isRelayName(who) && this.#sessions >= sharedLimits.subscribers) {
      return this.#isRelay ? { full: true } : { relay: this.#relayFor(full) };
    }
    if (this.#isRelay) {
      await this.#attach();
      if (this.#fanout.get(who) === undefined && this.#sessions >= sharedLimits.subscribers) return { full: true };
    }
    // What the answer carries needs no push.
    this.#fanout.add(who, token, this.#version, serves);
    this.#commitNow();
    return { ...this.#snapshot(known), at: name };
  }

  async unsubscribe(who: string, token: string): Promise<void> {
    this.#load();
    if (this.#fanout.remove(who, token)) this.#commitIn(commitAfter);
  }

  async write(id: string, op: Op): Promise<Snapshot> {
    await this.#ready();
    if (!this.#writes.has(id)) {
      this.#remember(id);
      if ('set' in op) this.#put(op.set);
      else if ('add' in op) this.#add(op.add, op.from);
      else this.#work?.command(op);
    }
    // Also for one that was done before: its commit may have failed.
    this.#commitNow();
    return this.#snapshot(-1);
  }

  async changed(version: number, text: string | null, from: string): Promise<number> {
    this.#load();
    if (from !== this.#root || this.#fanout.size === 0) return 0;
    this.#attachedUntil = this.#host.clock.now() + sharedLimits.lease;
    if (version > this.#version) this.#show(version, text);
    this.#commitIn(commitAfter);
    return this.#fanout.size;
  }

  /** The desk for who runs the job from the queue. */
  async desk(): Promise<JobDesk> {
    await this.#ready();
    if (!this.#work) throw new Error(`${this.#host.name} is no shared job.`);
    return this.#work.jobs.desk;
  }

  async alarm(): Promise<void> {
    this.#alarmAt = undefined;
    await this.#ready();
    const { clock, store } = this.#host;
    for (const row of store.due(clock.now())) {
      this.#due.set(row.key, null);
      if (row.key === 'jobs') this.#work?.jobs.check();
      else if (row.key === 'push') await this.#recheck();
      else if (row.key === 'lease') {
        this.#leaseDue = false;
        await this.#askLeases();
      }
    }
    this.#commitNow();
  }

  /** Stops without a word, as an object does whose memory is taken away. */
  abandon(): void {
    this.#ended = true;
    this.#fanout.abandon();
    this.#work?.abandon();
    for (const timer of [this.#quiet, this.#commit]) if (timer !== undefined) this.#host.clock.clear(timer);
  }

  // ---- the value

  #put(text: string): void {
    if (text === this.#text) return;
    const version = this.#version + 1;
    this.#pending.set('value', JSON.stringify([version, text]));
    this.#show(version, text);
  }

  #add(amount: number, from: number): void {
    const value = this.#text === null ? from : decode(this.#text);
    if (typeof value === 'number') this.#put(encode(value + amount, 'A shared number'));
    else this.#host.log('error', `${this.#host.name} is no number: nothing was added.`);
  }

  #show(version: number, text: string | null): void {
    this.#version = version;
    this.#text = text;
    if (this.#quiet !== undefined) this.#host.clock.clear(this.#quiet);
    this.#quiet = undefined;
    // What a job shows is written down when it is quiet; the mark says that there are versions which are not.
    if (this.#fanout.size > 0 || this.#work) this.#mark();
    // Nobody is told what could be forgotten: another value would get the same version.
    this.#unpublished = true;
    if (this.#pending.size === 0 && this.#due.size === 0) this.#publish();
    else this.#commitIn(0);
  }

  #publish(): void {
    if (!this.#unpublished) return;
    this.#unpublished = false;
    this.#fanout.publish(this.#version);
    if (this.#fanout.size === 0) this.#unmarkSoon();
  }

  #snapshot(known: number): Snapshot {
    const version = this.#version;
    return { version, text: known === version ? null : this.#text };
  }

  /** A write that was done is not done again when it is sent again. */
  #remember(id: string): void {
    this.#writes.set(id, this.#version);
    this.#pending.set(`write.${id}`, `${this.#version}`);
    if (this.#writes.size <= sharedLimits.writes) return;
    let left = sharedLimits.writes / 2;
    for (const old of this.#writes.keys()) {
      if (left-- <= 0) break;
      this.#writes.delete(old);
      this.#pending.set(`write.${old}`, null);
    }
  }

  #makeWork(): Work {
    const { clock, store, build, name } = this.#host;
    const tasks: TaskHost = {
      clock,
      keepAlive: (promise) => this.#host.keepAlive(promise),
      turn: (fn) => batch(fn),
      service: (binding) => this.#host.service(binding),
      log: (level, message, error) => this.#host.log(level === 'warn' ? 'warning' : level, message, error),
    };
    return new Work({
      clock,
      store,
      build,
      tasks,
      session: `shared:${name}`,
      service: (binding) => this.#host.service(binding),
      send: this.#host.send?.bind(this.#host),
      commit: (when) => this.#commitIn(when === 'now' ? 0 : commitAfter),
      due: (at) => void this.#due.set('jobs', at),
      show: (text) => {
        if (text !== this.#text) this.#show(this.#version + 1, text);
      },
    });
  }

  // ---- relays

  get #sessions(): number {
    let relays = 0;
    if (!this.#isRelay) for (const { who } of this.#fanout.targets) if (this.#isRelayName(who)) relays++;
    return this.#fanout.size - relays;
  }

  #isRelayName(who: string): boolean {
    return who.startsWith(this.#relays);
  }

  /** The first relay with room, as far as it is known here: a relay that is full says so. */
  #relayFor(full: string | undefined): string {
    const { name } = this.#host;
    const known = full === undefined ? undefined : this.#fanout.get(full);
    if (known) known.serves = sharedLimits.subscribers;
    for (let number = 1; ; number++) {
      const relay = `${name}#${number}`;
      const target = this.#fanout.get(relay);
      if (relay === full || (target && target.serves >= sharedLimits.subscribers)) continue;
      if (target) target.serves++;
      return relay;
    }
  }

  /** A relay subscribes to its root, for all of its sessions, and learns the value. */
  #attach(): Promise<void> {
    const { clock, name } = this.#host;
    if (this.#attachedUntil - clock.now() > sharedLimits.lease / 2) return Promise.resolve();
    this.#attaching ??= (async () => {
      try {
        const answer = await this.#host.object(this.#root).subscribe({
          who: name,
          token: newId(),
          known: this.#version,
          serves: Math.max(1, this.#fanout.size),
        });
        if (!('at' in answer)) throw new Error(`${this.#root} does not take ${name} as its relay.`);
        this.#attachedUntil = clock.now() + sharedLimits.lease;
        if (answer.version > this.#version) this.#show(answer.version, answer.text);
      } finally {
        this.#attaching = undefined;
      }
    })();
    return this.#attaching;
  }

  // ---- what outlives the object

  async #ready(): Promise<void> {
    this.#load();
    await this.#work?.load();
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const { store, clock } = this.#host;
    const writes: [string, number][] = [];
    const leases: [string, string][] = [];
    for (const { key, value } of store.cells(cells)) {
      if (key === 'value') [this.#version, this.#text] = JSON.parse(value) as [number, string];
      else if (key.startsWith('write.')) writes.push([key.slice(6), Number(value)]);
      else if (key.startsWith('lease.')) leases.push([key.slice(6), value]);
    }
    for (const [id, version] of writes.sort((a, b) => a[1] - b[1])) this.#writes.set(id, version);
    const due = store.due();
    // A mark that is still there: the object died before everybody had the value.
    this.#marked = due.some((row) => row.key === 'push');
    // Versions of a job's progress are not written down: a life that follows such a one goes on far above.
    if (this.#work && this.#marked) this.#version = (Math.floor(this.#version / 1e9) + 1) * 1e9;
    for (const [who, value] of leases) {
      const [token, until, serves] = JSON.parse(value) as [string, number, number];
      this.#fanout.restore(who, token, until, serves, this.#marked ? -1 : this.#version);
    }
    this.#fanout.begin(this.#version);
    if (this.#marked && !this.#isRelay) clock.after(0, () => !this.#ended && this.#fanout.retry());
  }

  #keepLease(target: Target, there: boolean): void {
    const { who, token, until, serves } = target;
    this.#pending.set(`lease.${who}`, there ? JSON.stringify([token, until, serves]) : null);
    this.#commitIn(commitAfter);
  }

  /** Pushes are about to begin: should the object die, its alarm finishes them. */
  #mark(): void {
    if (this.#marked) return;
    this.#marked = true;
    this.#due.set('push', this.#host.clock.now() + sharedLimits.recheck);
    this.#commitIn(0);
  }

  #unmarkSoon(): void {
    if (!this.#marked || this.#quiet !== undefined) return;
    this.#quiet = this.#host.clock.after(sharedLimits.quiet, () => {
      this.#quiet = undefined;
      this.#marked = false;
      this.#rechecks = 0;
      this.#due.set('push', null);
      if (this.#work) this.#pending.set('value', JSON.stringify([this.#version, this.#text]));
      this.#commitIn(commitAfter);
    });
  }

  async #recheck(): Promise<void> {
    if (!this.#marked) return;
    const pause = Math.min(sharedLimits.recheck * 2 ** this.#rechecks++, sharedLimits.recheckMost);
    this.#due.set('push', this.#host.clock.now() + pause);
    await this.#attached();
    this.#fanout.retry();
  }

  async #askLeases(): Promise<void> {
    await this.#attached();
    this.#fanout.ask();
  }

  /** A relay without its root goes on with what it has. */
  async #attached(): Promise<void> {
    if (!this.#isRelay || this.#fanout.size === 0) return;
    await this.#attach().catch((error: unknown) => {
      this.#host.log('warning', `The relay ${this.#host.name} did not reach its root; it tries again.`, error);
    });
  }

  #commitIn(ms: number): void {
    if (this.#ended) return;
    const { clock } = this.#host;
    const at = clock.now() + ms;
    if (this.#commit !== undefined) {
      if (at >= this.#commitAt) return;
      clock.clear(this.#commit);
    }
    this.#commitAt = at;
    this.#commit = clock.after(ms, () => {
      this.#commit = undefined;
      try {
        this.#commitNow();
      } catch (error) {
        this.#host.log('error', 'A commit failed; it is tried again.', error);
        this.#commitIn(retryAfter);
      }
    });
  }

  /** @throws what the store throws; what waited then still waits. */
  #commitNow(): void {
    const { store, clock } = this.#host;
    if (this.#commit !== undefined) clock.clear(this.#commit);
    this.#commit = undefined;
    this.#dueLeases();
    const jobs = this.#work?.jobs;
    if (this.#pending.size === 0 && this.#due.size === 0 && !jobs?.dirty) {
      this.#publish();
      return;
    }
    store.transaction(() => {
      for (const [key, value] of this.#pending) {
        if (value === null) store.deleteCell(cells, key);
        else store.writeCell(cells, key, value);
      }
      jobs?.persist(store);
      for (const [key, at] of this.#due) {
        if (at === null) store.deleteDue('', key);
        else store.writeDue({ page: '', key, at });
      }
    });
    this.#pending.clear();
    this.#due.clear();
    this.#setAlarm();
    jobs?.persisted();
    this.#publish();
  }

  /** The alarm asks those whose lease ended. Leases only get longer, so a row that is there serves until it rings. */
  #dueLeases(): void {
    const { clock, store } = this.#host;
    if (this.#leaseDue === undefined) this.#leaseDue = store.due().some(({ key }) => key === 'lease');
    if (this.#leaseDue === this.#fanout.size > 0) return;
    this.#leaseDue = this.#fanout.size > 0;
    const first = this.#fanout.leaseEnds;
    if (first === null) {
      this.#due.set('lease', null);
      return;
    }
    const { lease, recheck } = sharedLimits;
    const now = clock.now();
    // A relay must renew its own lease in time; whoever was just asked has a while to answer.
    this.#due.set(
      'lease',
      this.#isRelay ? Math.max(first - lease / 2, now + lease / 8) : Math.max(first, now + recheck),
    );
  }

  #setAlarm(): void {
    const at = this.#host.store.due()[0]?.at ?? null;
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    this.#host.alarm(at);
  }
}
