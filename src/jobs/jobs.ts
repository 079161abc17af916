import type { Clock, Timer } from '../clock/index.ts';
import { type ReadonlySignal, signal } from '../reactive/index.ts';
import { decode, encode, type Store } from '../storage/index.ts';
import {
  CancelledError,
  type ComputeService,
  callService,
  capture,
  ExhaustedError,
  isPermanent,
  Job,
  JobControl,
  type NamePolicy,
  type Outcome,
  type RemoteError,
  type Report,
  revive,
  Stop,
  type TaskCall,
  TaskError,
  type TaskHost,
  TimeoutError,
  timeoutAdvice,
} from '../tasks/index.ts';
import { jobLimits } from './limits.ts';
import { type CancelledBy, type EndState, isNamedIn, isOpen, type JobRecord, type Lane } from './record.ts';

/** What a queue message says: ids only, everything else is in the row. */
export interface JobMessage {
  readonly session: string;
  readonly job: string;
}

/** What a job is started with. */
export interface JobRequest {
  readonly page: string;
  readonly name?: string;
  /** What this start does while a job of the name has not ended. Default `parallel`. */
  readonly policy?: NamePolicy;
  readonly key?: string;
  readonly task: string;
  readonly service: string;
  readonly lane: Lane;
  readonly args: readonly unknown[];
  readonly retries: number;
  /** Milliseconds an attempt may take; Infinity for no limit. */
  readonly timeout: number;
  /** Milliseconds the whole job may take; Infinity for no limit. */
  readonly total: number;
  /** Milliseconds after its page is left that it is cancelled; null to go on. */
  readonly leave: number | null;
}

/** What the jobs of a session need from it. */
export interface JobsHost {
  readonly clock: Clock;
  readonly store: Store;
  readonly build: string;
  readonly session: string;
  readonly tasks: TaskHost;
  service(binding: string): ComputeService | undefined;
  /** Sends a message into the queue of jobs; undefined when the application has none. */
  readonly send: ((message: JobMessage) => Promise<void>) | undefined;
  /** Has {@link Jobs.persist} called in a transaction: within 50 ms, or at the end of the running turn. */
  commit(when: 'soon' | 'now'): void;
  /** Has {@link Jobs.check} called at a time, also when the object sleeps or dies before; null for never. Durable with the commit. */
  due(at: number | null): void;
  /** A job of the page has its outcome, durably. */
  ended(page: string): void;
  /** True while a browser is connected to the page. */
  watched(page: string): boolean;
}

/** What a consumer of the queue needs to run an attempt. */
export interface Claim {
  readonly epoch: number;
  readonly service: string;
  readonly call: TaskCall;
  /** Milliseconds the attempt may take; null for no limit. */
  readonly timeout: number | null;
}

/** What a consumer is told of a report: go on, stop because the job was cancelled, or stop because another attempt has taken over. */
export type Verdict = 'go' | 'cancelled' | 'stale';

/** A job in memory. */
interface Live {
  record: JobRecord;
  readonly control: JobControl<unknown, unknown>;
  readonly job: Job<unknown, unknown>;
  args: readonly unknown[] | undefined;
  /** The last checkpoint, for the next attempt. */
  checkpoint: unknown;
  /** Rows to write with the next commit. */
  readonly parts: { sort: 'args' | 'result' | 'chunk'; n: number; value: string }[];
  /** Chunks that were dropped with the next commit. */
  dropBefore: number | undefined;
  /** What to do when the record is durable. */
  after: (() => void)[];
  /** Ends the attempt that runs here. */
  stop: Stop | undefined;
  timer: Timer | undefined;
  /** Runs while the page that it belongs to has no watcher. */
  leaving: Timer | undefined;
  /** How many look at it who must find it again: open handlers, named jobs. */
  held: number;
}

/**
 * The jobs of a session. Each is a row that is durable before any work starts, and gets one outcome that is durable before
 * anybody is told.
 *
 * ```
 *            commit                place                report, complete (with the epoch)
 *  start ──► waiting ───────────► running(attempt, epoch) ──► done | failed | timedOut
 *               ▲                    │        │
 *               └──── pausing ◄──────┘        └── lost (object or compute died) ──► again, at most `lost` times ──► exhausted
 *                   (backoff)                                         cancel, at any time ──► cancelled
 * ```
 *
 * Whoever reports names the epoch of the attempt; an older one is stale and changes nothing. One `due` row, written before
 * work starts, brings the object back when nothing else does.
 */
export class Jobs {
  readonly #host: JobsHost;
  readonly #live = new Map<string, Live>();
  readonly #dirty = new Set<Live>();
  readonly #gone = new Set<string>();
  #loaded = false;
  #running = 0;
  #dueAt: number | null = null;
  #progressTimer: Timer | undefined;
  #ended = false;
  /** When the newest job was created. */
  #newest = 0;
  readonly #changes = signal(0);

  constructor(host: JobsHost) {
    this.#host = host;
  }

  get dirty(): boolean {
    return this.#dirty.size > 0 || this.#gone.size > 0;
  }

  /** Number of attempts that run in this object now: they keep it in memory. */
  get running(): number {
    return [...this.#live.values()].filter((live) => live.stop !== undefined).length;
  }

  /** Changes when a job was started, and when a change of a job is durable: for who shows them. */
  get changes(): ReadonlySignal<number> {
    return this.#changes;
  }

  /** Starts a job, or joins the open one with the same key, or does with the open ones of its name what the policy says. */
  start(request: JobRequest): Job<unknown, unknown> {
    this.load();
    const { clock, build } = this.#host;
    if (request.key) {
      const same = [...this.#live.values()].find(({ record }) => record.key === request.key && isOpen(record));
      if (same) return same.job;
    }
    const { policy = 'parallel' } = request;
    if (request.name) {
      const same = this.open(request.name);
      const newest = same.at(-1);
      if (policy === 'ignore' && newest) return newest.job;
      if (policy === 'restart') for (const { id } of same) this.cancel(id, 'author', 'it was started again');
    }
    const open = [...this.#live.values()].filter(({ record }) => isOpen(record)).length;
    if (open >= jobLimits.open) {
      throw new RangeError(
        `A session has at most ${jobLimits.open} jobs that have not ended. Wait for some, or do more in each.`,
      );
    }
    const now = clock.now();
    // Jobs of one millisecond keep their order.
    this.#newest = Math.max(now, this.#newest + 1);
    const record: JobRecord = {
      id: newId(),
      page: request.page,
      name: request.name ?? '',
      policy,
      key: request.key ?? '',
      task: request.task,
      service: request.service,
      lane: request.lane,
      build,
      created: this.#newest,
      attempt: 0,
      epoch: 0,
      lost: 0,
      retries: request.retries,
      timeout: request.timeout === Number.POSITIVE_INFINITY ? null : request.timeout,
      deadline: request.total === Number.POSITIVE_INFINITY ? null : now + request.total,
      leave: request.leave,
      progress: null,
      chunks: 0,
      dropped: 0,
      checkpoint: '',
      state: { status: 'waiting' },
    };
    const live = this.#admit(record);
    live.args = request.args;
    const text = encode(request.args, `The arguments of task "${request.task}"`);
    live.parts.push(...pieces(text).map((value, n) => ({ sort: 'args' as const, n, value })));
    this.#next();
    if (live.record.state.status === 'waiting') this.#write(live, 'now');
    this.#changed();
    return live.job;
  }

  /** A job by its id, also one that has ended. */
  get(id: string): Job<unknown, unknown> | undefined {
    return this.#find(id)?.job;
  }

  /** The newest job with a name. */
  named(name: string): { readonly id: string; readonly job: Job<unknown, unknown> } | undefined {
    this.load();
    let newest: Live | undefined;
    for (const live of this.#live.values()) {
      if (live.record.name === name && (!newest || live.record.created >= newest.record.created)) newest = live;
    }
    return newest && { id: newest.record.id, job: newest.job };
  }

  /** The jobs with a name that have not ended, oldest first. */
  open(name: string): readonly { readonly id: string; readonly job: Job<unknown, unknown> }[] {
    this.load();
    const found: { readonly id: string; readonly job: Job<unknown, unknown> }[] = [];
    for (const { record, job } of this.#live.values()) {
      if (record.name === name && isOpen(record)) found.push({ id: record.id, job });
    }
    return found;
  }

  /** All jobs, newest first. */
  list(): readonly JobRecord[] {
    this.load();
    return [...this.#live.values()].map(({ record }) => record).sort((a, b) => b.created - a.created);
  }

  /** Starts an ended job again, as a new job with the same arguments. */
  retry(id: string): Job<unknown, unknown> | undefined {
    const live = this.#find(id);
    if (!live || isOpen(live.record)) return live?.job;
    const { record } = live;
    return this.start({
      ...record,
      lane: record.lane,
      args: this.#argsOf(live),
      timeout: record.timeout ?? Number.POSITIVE_INFINITY,
      total: record.deadline === null ? Number.POSITIVE_INFINITY : record.deadline - record.created,
    });
  }

  /** Keeps an ended job from being forgotten while somebody may ask for it; returns how to let go. */
  hold(id: string): () => void {
    const live = this.#find(id);
    if (!live) return () => {};
    live.held++;
    return () => {
      live.held--;
    };
  }

  cancel(id: string, by: CancelledBy, reason?: string): void {
    const live = this.#find(id);
    if (!live || !isOpen(live.record)) return;
    const state: EndState = { status: 'cancelled', ended: this.#host.clock.now(), by, ...(reason && { reason }) };
    this.#end(live, state, () => live.control.cancelled(reason));
    // Whoever waits is told at once: nothing that happens now can give the job another outcome.
    live.control.cancelled(reason);
  }

  /** The page lost its watcher. */
  left(page: string): void {
    for (const live of this.#live.values()) {
      const { record } = live;
      if (record.page === page && record.leave !== null && isOpen(record)) this.#leaveLater(live, record.leave);
    }
  }

  /** The page is no longer kept: what only it could show ends with it. */
  pageEnded(page: string): void {
    this.load();
    for (const { record } of [...this.#live.values()]) {
      if (record.page !== page) continue;
      if (record.name === '' || isNamedIn(page, record.name)) this.cancel(record.id, 'page', 'its page was closed');
    }
  }

  // ---- the queue's side

  /** A consumer wants to run the job. Undefined when there is nothing to run (any more): the message is done with. */
  async claim(id: string): Promise<Claim | undefined> {
    const live = this.#find(id);
    if (!live || live.record.lane !== 'queue') return undefined;
    const { state } = live.record;
    const now = this.#host.clock.now();
    const silent = state.status === 'running' && now - state.beat >= jobLimits.silence;
    if (state.status !== 'waiting' && !silent) return undefined;
    if (silent && this.#lose(live, new Error('The attempt was not heard of again.'))) return undefined;
    this.#begin(live);
    await this.#durable(live);
    const { epoch, attempt, task, service, timeout } = live.record;
    const call = { id, attempt, task, args: this.#argsOf(live), ...this.#resumed(live) };
    return { epoch, service, call, timeout };
  }

  /** A consumer tells how it goes. */
  async report(id: string, epoch: number, report: Report | undefined): Promise<Verdict> {
    const live = this.#find(id);
    const verdict = this.#verdict(live, epoch);
    if (!live || verdict !== 'go') return verdict;
    this.#beat(live);
    if (report) await this.#reported(live, report);
    return this.#verdict(live, epoch);
  }

  /** A consumer has the outcome. Settles when it is durable: only then may the message be acknowledged. */
  async complete(id: string, epoch: number, outcome: Outcome): Promise<Verdict> {
    const live = this.#find(id);
    const verdict = this.#verdict(live, epoch);
    if (!live || verdict !== 'go') return verdict;
    this.#settled(live, outcome);
    await this.#durable(live);
    return 'go';
  }

  /** A consumer lost the compute service on the way. */
  async fail(id: string, epoch: number, error: RemoteError, permanent: boolean): Promise<Verdict> {
    const live = this.#find(id);
    const verdict = this.#verdict(live, epoch);
    if (!live || verdict !== 'go') return verdict;
    if (permanent) this.#settled(live, { ok: false, error, permanent });
    else this.#lose(live, revive(error));
    await this.#durable(live);
    return 'go';
  }

  /** The queue gave the message up. */
  async dead(id: string): Promise<void> {
    const live = this.#find(id);
    if (!live || !isOpen(live.record)) return;
    const error = capture(new ExhaustedError(`Task "${live.record.task}"`, 'its queue gave its message up'));
    this.#end(live, { status: 'exhausted', ended: this.#host.clock.now(), error });
    await this.#durable(live);
  }

  #verdict(live: Live | undefined, epoch: number): Verdict {
    if (!live || live.record.epoch !== epoch) return 'stale';
    if (live.record.state.status === 'cancelled') return 'cancelled';
    return live.record.state.status === 'running' ? 'go' : 'stale';
  }

  // ---- coming back

  /** Reads the jobs of an earlier life of the object; those that ran in it are lost and start again. */
  load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const row of this.#host.store.jobs('all')) {
      const record = decode(row.state) as JobRecord;
      const live = this.#admit(record, true);
      this.#newest = Math.max(this.#newest, record.created);
      if (isOpen(record)) {
        this.#restore(live);
        if (record.state.status === 'running') {
          this.#running++;
          if (record.lane === 'service') this.#lose(live, new Error('The session was restarted while the task ran.'));
        } else if (record.state.status === 'pausing') {
          this.#pause(live, record.state.until);
        }
      } else {
        this.#restore(live);
        this.#tell(live, record.state as EndState);
      }
    }
    this.#next();
    this.check();
  }

  /** Looks after what no event looks after: leases, silence, lost messages, deadlines, pages that were left. */
  check(): void {
    if (this.#ended) return;
    this.load();
    const now = this.#host.clock.now();
    for (const live of [...this.#live.values()]) {
      const { record } = live;
      const { state } = record;
      if (!isOpen(record)) continue;
      if (record.deadline !== null && now >= record.deadline) {
        this.#timeOut(live, record.deadline - record.created);
      } else if (state.status === 'running' && state.until !== null && now >= state.until) {
        this.#attemptLate(live);
      } else if (state.status === 'running' && record.lane === 'queue' && now - state.beat >= jobLimits.silence) {
        this.#lose(live, new Error('The attempt was not heard of again.'));
      } else if (state.status === 'pausing' && now >= state.until && live.timer === undefined) {
        this.#again(live);
      } else if (state.status === 'waiting' && state.sent !== undefined && now - state.sent >= jobLimits.unclaimed) {
        this.#enqueue(live);
      }
      if (record.leave !== null && isOpen(live.record) && !this.#host.watched(record.page)) {
        this.#leaveLater(live, record.leave);
      }
    }
    this.#prune(now);
    this.#schedule();
  }

  /** Stops without a word, as an object does whose memory is taken away. */
  abandon(): void {
    this.#ended = true;
    for (const live of this.#live.values()) {
      live.stop?.stop(new Error('The session is gone.'));
      for (const timer of [live.timer, live.leaving]) if (timer !== undefined) this.#host.clock.clear(timer);
    }
    if (this.#progressTimer !== undefined) this.#host.clock.clear(this.#progressTimer);
  }

  // ---- durability

  /** Writes what waits into the running transaction. */
  persist(store: Store): void {
    for (const id of this.#gone) store.deleteJob(id);
    for (const live of this.#dirty) {
      const { record } = live;
      store.writeJob({
        job: record.id,
        open: isOpen(record) ? 1 : 0,
        created: record.created,
        state: encode(record, 'A job'),
      });
      for (const part of live.parts) store.writePart({ job: record.id, ...part });
      if (live.dropBefore !== undefined) store.deleteParts(record.id, 'chunk', live.dropBefore);
    }
  }

  /** The transaction succeeded: what waited for it goes on. */
  persisted(): void {
    if (!this.dirty) return;
    this.#gone.clear();
    const lives = [...this.#dirty];
    this.#dirty.clear();
    for (const live of lives) {
      live.parts.length = 0;
      live.dropBefore = undefined;
      const after = live.after;
      live.after = [];
      for (const fn of after) fn();
    }
    this.#changed();
  }

  #changed(): void {
    this.#host.tasks.turn(() => {
      this.#changes.value = this.#changes.peek() + 1;
    });
  }

  #write(live: Live, when: 'soon' | 'now'): void {
    this.#dirty.add(live);
    this.#schedule();
    this.#host.commit(when);
  }

  #durable(live: Live): Promise<void> {
    if (!this.#dirty.has(live)) return Promise.resolve();
    return new Promise((resolve) => live.after.push(resolve));
  }

  // ---- attempts

  #admit(record: JobRecord, quiet = false): Live {
    const { id, task } = record;
    const control = new JobControl<unknown, unknown>(this.#host.tasks, `Task "${task}"`, {
      cancel: (reason) => this.cancel(id, 'author', reason),
      quiet,
    });
    const live: Live = {
      record,
      control,
      job: new Job(control, id),
      args: undefined,
      checkpoint: undefined,
      parts: [],
      dropBefore: undefined,
      after: [],
      stop: undefined,
      timer: undefined,
      leaving: undefined,
      held: 0,
    };
    this.#live.set(id, live);
    return live;
  }

  #restore(live: Live): void {
    const { record, control } = live;
    const chunks = record.chunks > 0 ? this.#host.store.parts(record.id, 'chunk') : [];
    control.restore(
      record.progress,
      record.attempt,
      chunks.flatMap((part) => decode(part.value) as unknown[]),
    );
    if (record.checkpoint) live.checkpoint = decode(record.checkpoint);
  }

  #find(id: string): Live | undefined {
    this.load();
    return this.#live.get(id);
  }

  #set(live: Live, change: Partial<JobRecord>): void {
    live.record = { ...live.record, ...change };
  }

  /** Lets waiting jobs run, as far as there are places. */
  #next(): void {
    const waiting = [...this.#live.values()].filter(({ record }) => record.state.status === 'waiting');
    waiting.forEach((live) => {
      if (this.#ahead(live) > 0) return;
      if (live.record.lane === 'queue') {
        if ((live.record.state as { sent?: number }).sent === undefined) this.#enqueue(live);
      } else if (this.#running < jobLimits.running) {
        this.#begin(live);
        const { epoch } = live.record;
        live.after.push(() => {
          if (live.record.epoch === epoch) this.#run(live);
        });
      }
    });
    let position = 0;
    for (const live of waiting) {
      if (live.record.state.status !== 'waiting') continue;
      const ahead = this.#ahead(live);
      live.control.place(ahead > 0 ? ahead : ++position);
    }
  }

  /** How many jobs of its name a job waits for. */
  #ahead({ record }: Live): number {
    if (record.policy !== 'queue' || record.name === '') return 0;
    let ahead = 0;
    for (const { record: other } of this.#live.values()) {
      if (other.id === record.id) break;
      if (other.name === record.name && isOpen(other)) ahead++;
    }
    return ahead;
  }

  #enqueue(live: Live): void {
    this.#set(live, { state: { status: 'waiting', sent: this.#host.clock.now() } });
    const { id } = live.record;
    live.after.push(() => {
      const { send, session } = this.#host;
      if (!send) {
        const error = new Error(
          'There is no queue for jobs. Add a producer with binding = "JOBS" and a consumer to wrangler.toml, ' +
            "or leave `via: 'queue'` out.",
        );
        this.#settled(live, { ok: false, error: capture(error), permanent: true });
        return;
      }
      send({ session, job: id }).catch((error: unknown) => {
        this.#host.tasks.log('warn', `The message of job ${id} could not be sent; it is tried again.`, error);
        this.#set(live, { state: { status: 'waiting', sent: this.#host.clock.now() - jobLimits.unclaimed + 1_000 } });
        if (isOpen(live.record)) this.#write(live, 'soon');
      });
    });
    this.#write(live, 'now');
  }

  /** The next attempt: a new epoch, so that all earlier ones are fenced. */
  #begin(live: Live): void {
    const { record } = live;
    const now = this.#host.clock.now();
    this.#running++;
    if (live.timer !== undefined) this.#host.clock.clear(live.timer);
    live.timer = undefined;
    this.#set(live, {
      attempt: record.attempt + 1,
      epoch: record.epoch + 1,
      progress: null,
      state: {
        status: 'running',
        started: now,
        beat: now,
        until: record.timeout === null ? null : now + record.timeout,
      },
    });
    live.control.begin(record.attempt + 1);
    this.#write(live, 'now');
  }

  /** Runs an attempt over the service binding. The record is durable already. */
  #run(live: Live): void {
    const { record } = live;
    if (record.state.status !== 'running' || this.#ended) return;
    const { id, epoch, attempt, task, service: binding, timeout } = record;
    const stop = new Stop();
    live.stop = stop;
    if (timeout !== null) live.timer = this.#host.clock.after(timeout, () => this.#attemptLate(live));
    const call = { id, attempt, task, args: this.#argsOf(live), ...this.#resumed(live) };
    const done = callService(this.#host.service(binding), call, binding, stop, async (report) => {
      if (this.#verdict(live, epoch) === 'go') await this.#reported(live, report);
    }).then(
      (outcome) => {
        if (this.#verdict(live, epoch) === 'go') this.#settled(live, outcome);
      },
      (error: unknown) => {
        if (this.#verdict(live, epoch) !== 'go') return;
        if (isPermanent(error)) this.#settled(live, { ok: false, error: capture(error), permanent: true });
        else this.#lose(live, error);
      },
    );
    this.#host.tasks.keepAlive(done);
  }

  #resumed(live: Live): { checkpoint?: unknown } {
    return live.checkpoint === undefined ? {} : { checkpoint: live.checkpoint };
  }

  #argsOf(live: Live): readonly unknown[] {
    live.args ??= decode(join(this.#host.store.parts(live.record.id, 'args'))) as readonly unknown[];
    return live.args;
  }

  async #reported(live: Live, report: Report): Promise<void> {
    const { record } = live;
    this.#beat(live);
    if (report.checkpoint !== undefined) {
      live.checkpoint = report.checkpoint;
      this.#set(live, { checkpoint: encode(report.checkpoint, `A checkpoint of task "${record.task}"`) });
    }
    if (report.progress !== undefined && report.progress > (record.progress ?? -1)) {
      this.#set(live, { progress: report.progress });
    }
    if (report.chunks.length > 0) this.#keepChunks(live, report.chunks);
    if (report.chunks.length > 0 || report.checkpoint !== undefined) this.#write(live, 'soon');
    else this.#progressSoon(live);
    await live.control.report(report);
  }

  #keepChunks(live: Live, chunks: readonly unknown[]): void {
    const { record } = live;
    const text = encode(chunks, `Chunks of task "${record.task}"`);
    live.parts.push({ sort: 'chunk', n: record.chunks, value: text });
    const total = record.chunks + chunks.length;
    this.#set(live, { chunks: total });
    if (total - record.dropped <= jobLimits.chunks * 1.1) return;
    // Whole rows go, so the first one kept may begin before the cap.
    const kept = this.#host.store.parts(record.id, 'chunk').find((part) => part.n >= total - jobLimits.chunks);
    if (!kept) return;
    live.dropBefore = kept.n;
    this.#set(live, { dropped: kept.n });
  }

  /** Mere progress is committed once a second: the last value is on the screen long before. */
  #progressSoon(live: Live): void {
    this.#dirty.add(live);
    this.#progressTimer ??= this.#host.clock.after(jobLimits.progress, () => {
      this.#progressTimer = undefined;
      if (this.dirty) this.#host.commit('soon');
    });
  }

  #beat(live: Live): void {
    const { state } = live.record;
    if (state.status === 'running') this.#set(live, { state: { ...state, beat: this.#host.clock.now() } });
  }

  /** An attempt has its answer. */
  #settled(live: Live, outcome: Outcome): void {
    const { record } = live;
    const now = this.#host.clock.now();
    if (outcome.ok) {
      let text: string;
      try {
        text = encode(outcome.value, `The result of task "${record.task}"`);
      } catch (error) {
        this.#end(live, { status: 'failed', ended: now, error: capture(error) });
        return;
      }
      live.parts.push(...pieces(text).map((value, n) => ({ sort: 'result' as const, n, value })));
      this.#end(live, { status: 'done', ended: now }, () => live.control.succeed(outcome.value));
      return;
    }
    const retryable = !outcome.permanent && outcome.error.own.retryable !== false;
    if (retryable && record.attempt - record.lost <= record.retries) this.#backOff(live, outcome.error);
    else this.#end(live, { status: 'failed', ended: now, error: outcome.error });
  }

  /**
   * An attempt ended without an answer.
   *
   * @returns true when that was the last one.
   */
  #lose(live: Live, error: unknown): boolean {
    const { record } = live;
    const lost = record.lost + 1;
    this.#set(live, { lost });
    if (lost > jobLimits.lost) {
      this.#end(live, {
        status: 'exhausted',
        ended: this.#host.clock.now(),
        error: capture(
          new ExhaustedError(
            `Task "${record.task}"`,
            `${lost} attempts were lost, the last one because: ${messageOf(error)}`,
            {
              cause: error,
            },
          ),
        ),
      });
      return true;
    }
    this.#backOff(live, capture(error));
    return false;
  }

  #backOff(live: Live, error: RemoteError): void {
    const { clock } = this.#host;
    const { attempt } = live.record;
    this.#leavePlace(live);
    // Full jitter: equal pauses would bring everybody back at the same moment.
    const pause = clock.random() * Math.min(jobLimits.backoffMost, jobLimits.backoffFirst * 2 ** (attempt - 1));
    const until = clock.now() + pause;
    this.#set(live, { state: { status: 'pausing', until, error } });
    live.control.pause();
    this.#pause(live, until);
    this.#write(live, 'now');
    this.#next();
  }

  #pause(live: Live, until: number): void {
    const { clock } = this.#host;
    live.timer = clock.after(Math.max(0, until - clock.now()), () => {
      live.timer = undefined;
      this.#again(live);
    });
  }

  #again(live: Live): void {
    if (live.record.state.status !== 'pausing') return;
    this.#set(live, { state: { status: 'waiting' } });
    this.#write(live, 'soon');
    this.#next();
  }

  #attemptLate(live: Live): void {
    const { record } = live;
    if (record.state.status !== 'running' || record.timeout === null) return;
    const error = capture(new TimeoutError(`Task "${record.task}"`, record.timeout, timeoutAdvice(record.timeout)));
    if (record.attempt - record.lost <= record.retries) this.#backOff(live, error);
    else this.#end(live, { status: 'timedOut', ended: this.#host.clock.now(), error });
  }

  #timeOut(live: Live, total: number): void {
    const error = new TimeoutError(
      `Task "${live.record.task}"`,
      total,
      'That is the limit for all its attempts together.',
    );
    this.#end(live, { status: 'timedOut', ended: this.#host.clock.now(), error: capture(error) });
  }

  #leaveLater(live: Live, leave: number): void {
    const { clock } = this.#host;
    const { id, page } = live.record;
    if (live.leaving !== undefined) return;
    live.leaving = clock.after(leave, () => {
      live.leaving = undefined;
      if (!this.#host.watched(page)) this.cancel(id, 'page', 'its page was left');
    });
  }

  /** The attempt that ran, if any, is over for this job: its answer would be stale. */
  #leavePlace(live: Live): void {
    if (live.record.state.status === 'running') this.#running--;
    if (live.timer !== undefined) this.#host.clock.clear(live.timer);
    live.timer = undefined;
    const { stop } = live;
    live.stop = undefined;
    stop?.stop(new CancelledError(`Task "${live.record.task}"`));
  }

  /** The one outcome. Whoever awaits is told when it is durable. */
  #end(live: Live, state: EndState, tell: () => void = () => this.#tell(live, state)): void {
    this.#leavePlace(live);
    this.#set(live, { state, ...(state.status === 'done' && { progress: 1 }) });
    live.after.push(() => {
      this.#host.tasks.turn(tell);
      if (live.record.page) this.#host.ended(live.record.page);
    });
    this.#write(live, 'now');
    this.#next();
  }

  #tell(live: Live, state: EndState): void {
    const { control, record } = live;
    switch (state.status) {
      case 'done':
        control.succeed(decode(join(this.#host.store.parts(record.id, 'result'))));
        return;
      case 'cancelled':
        control.cancelled(state.reason);
        return;
      case 'failed':
        control.fail(new TaskError(record.task, state.error), 'failed');
        return;
      case 'timedOut':
        control.fail(revive(state.error, TimeoutError.prototype), 'timedOut');
        return;
      case 'exhausted':
        control.fail(revive(state.error, ExhaustedError.prototype), 'exhausted');
        return;
    }
  }

  // ---- time

  #schedule(): void {
    let at: number | null = null;
    const now = this.#host.clock.now();
    const sooner = (time: number | null) => {
      if (time !== null && (at === null || time < at)) at = time;
    };
    for (const { record } of this.#live.values()) {
      if (!isOpen(record)) continue;
      const { state } = record;
      sooner(record.deadline);
      if (state.status === 'pausing') sooner(state.until);
      else if (record.lane === 'service') sooner(now + jobLimits.lease);
      else if (state.status === 'running') sooner(state.beat + jobLimits.silence);
      else if (state.status === 'waiting' && state.sent !== undefined) sooner(state.sent + jobLimits.unclaimed);
      if (state.status === 'running') sooner(state.until);
    }
    const due = at as number | null;
    // A lease that is far enough away serves; moving it with each report would write a row each time.
    if (due !== null && this.#dueAt !== null && this.#dueAt > now && this.#dueAt <= due) return;
    if (due === this.#dueAt) return;
    this.#dueAt = due;
    this.#host.due(due);
  }

  #prune(now: number): void {
    const ended = [...this.#live.values()].filter((live) => !isOpen(live.record) && live.held === 0);
    ended.sort((a, b) => b.record.created - a.record.created);
    const newest = new Set<string>();
    ended.forEach((live, index) => {
      const { record } = live;
      const named = record.name !== '' && !newest.has(record.name);
      newest.add(record.name);
      const old = now - (record.state as EndState).ended > jobLimits.keptFor;
      if (this.#dirty.has(live) || (named && !old) || (index < jobLimits.kept && !old)) return;
      this.#live.delete(record.id);
      this.#gone.add(record.id);
    });
    if (this.#gone.size > 0) this.#host.commit('soon');
  }
}

/** The parts of a text, each below the row cap. */
function pieces(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += jobLimits.part) parts.push(text.slice(at, at + jobLimits.part));
  return parts;
}

function join(parts: readonly { readonly value: string }[]): string {
  return parts.map((part) => part.value).join('');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('');
}
