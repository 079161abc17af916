import type { Timer } from '../clock/index.ts';
import { type ReadonlySignal, signal } from '../reactive/index.ts';
import { decode, type Store } from '../storage/index.ts';
import type { Job, JobInfo } from '../tasks/index.ts';
import type { JobConsumerApi, JobRequest, JobsHost } from './api.ts';
import { infoOf } from './info.ts';
import { storableErrorFrom } from './job-errors.ts';
import { JobLifecycle } from './lifecycle.ts';
import { jobLimits } from './limits.ts';
import { LiveJob } from './live-job.ts';
import { chunksIn, firstChunk, partOfChunk } from './parts.ts';
import { pauseEnds } from './pause.ts';
import { QueueLane } from './queue-lane.ts';
import { type CancelledBy, type EndState, isNamedIn, type JobRecord } from './record.ts';
import { forgetAt, forgettable } from './retention.ts';
import { dueOf, jobsDue } from './schedule.ts';
import { ServiceLane } from './service-lane.ts';

/**
 * The jobs of a session. Each job is a row that is durable before any work starts. It gets one outcome, which is durable
 * before anyone is notified.
 *
 * ```
 *            commit                place                report, outcome (with the epoch)
 *  start ──► waiting ───────────► running(attempt, epoch) ──► done | failed | timedOut
 *               ▲                    │        ├── lost (object or compute died) ──► retry, at most `lost` times ──► exhausted
 *               └──── pausing ◄──────┘        └── compute is away ──► retry, for `away` milliseconds ─────────────► exhausted
 *                   (backoff)                                         cancel, at any time ──► cancelled
 * ```
 *
 * Each report names the epoch of its attempt; one with an older epoch is stale and changes nothing. One `due` row, written
 * before work starts, wakes the object when nothing else does.
 *
 * This class stores the set of jobs and commits their changes. {@link JobLifecycle} decides what happens to one job.
 */
export class Jobs {
  readonly #host: JobsHost;
  readonly #jobs = new Map<string, LiveJob>();
  /** Those without an outcome, in the order of their starts. */
  readonly #open = new Set<LiveJob>();
  /** The others, in the order of their outcomes, and the characters that they store. */
  readonly #closed = new Set<LiveJob>();
  #closedSize = 0;
  readonly #dirty = new Set<LiveJob>();
  readonly #deleted = new Set<string>();
  /** Pending answers to consumers, which wait for a commit. */
  readonly #unanswered = new Set<() => void>();
  readonly #lifecycle: JobLifecycle;
  readonly #lanes: { readonly service: ServiceLane; readonly queue: QueueLane };
  readonly #changes = signal(0);
  #loaded = false;
  /** Creation time of the newest job. */
  #newest = 0;
  /** The time of the due row; undefined when it is unknown and the next commit writes it. */
  #dueAt: number | null | undefined = null;
  /** The same after the running transaction. */
  #nextDueAt: number | null = null;
  /** True when the next commit has an outcome. */
  #outcome = false;
  /** True when the next commit has to look at the due row. */
  #unscheduled = false;
  #later: Timer | undefined;
  #ended = false;

  constructor(host: JobsHost) {
    this.#host = host;
    const { clock, tasks, session, send } = host;
    const write = (live: LiveJob, when: 'soon' | 'now' | 'later') => this.#write(live, when);
    this.#lifecycle = new JobLifecycle({
      clock,
      tasks,
      write,
      jobs: this.#jobs,
      open: this.#open,
      carry: (live) => this.#lanes[live.record.lane].run(live),
      service: (binding) => host.service(binding),
      ended: (page) => host.ended(page),
      ending: () => host.ending?.(),
      closed: (live) => {
        this.#open.delete(live);
        this.#close(live);
        this.#outcome = true;
        this.#forget();
      },
    });
    const find = (id: string) => this.#find(id);
    const durable = (live: LiveJob, when: 'soon' | 'now') => this.#durable(live, when);
    this.#lanes = {
      service: new ServiceLane(host, this.#lifecycle),
      queue: new QueueLane({ clock, tasks, session, send, write, find, durable }, this.#lifecycle),
    };
  }

  get dirty(): boolean {
    return this.moved || this.#unscheduled;
  }

  /** True when a change of a job waits for its commit. */
  get moved(): boolean {
    return this.#dirty.size > 0 || this.#deleted.size > 0;
  }

  /** Number of attempts that run in this object now and so retain it in memory. */
  get running(): number {
    return [...this.#open].filter(({ stop }) => stop).length;
  }

  /** Changes on each start of a job and each durable change, so that pages update their lists. */
  get changes(): ReadonlySignal<number> {
    return this.#changes;
  }

  /** The calls of queue consumers. */
  get consumer(): JobConsumerApi {
    return this.#lanes.queue;
  }

  // ---- the author's calls

  /**
   * Starts a job, joins the open job of the same task and key, or applies the policy to the open jobs of its name.
   *
   * @throws {RangeError} when the session has too many or too large open jobs, or the name or the key is too long.
   * @throws {TypeError} when the arguments cannot be serialised.
   */
  start(request: JobRequest): Job<unknown, unknown> {
    this.load();
    const { policy = 'parallel', key = '', name = '', page } = request;
    for (const [what, text] of Object.entries({ name, key, task: request.task })) checkText(what, text);
    if (key) {
      const { task, service } = request;
      for (const live of this.#open) {
        const { record } = live;
        if (record.key === key && record.task === task && record.service === service) return live.handle;
      }
    }
    if (name) {
      const same = this.open(name);
      const newest = same.at(-1);
      if (policy === 'ignore' && newest) return newest.job;
      if (policy === 'restart' && newest) {
        for (const { id } of same) this.cancel(id, 'author', 'another start replaced it');
        this.#host.replaced?.(same.map(({ id }) => id));
      }
    }
    this.#checkRoom();
    const now = this.#host.clock.now();
    const leave = page === '' ? null : request.leave; // a job without a page has no viewers to lose
    // Because jobs of one millisecond must stay in order.
    const created = Math.max(now, this.#newest + 1);
    const live = this.#live({
      id: this.#host.clock.newId(),
      page,
      name,
      policy,
      key,
      task: request.task,
      service: request.service,
      lane: request.lane,
      build: this.#host.build,
      created,
      attempt: 0,
      epoch: 0,
      lost: 0,
      restarts: 0,
      reached: false,
      away: 0,
      retries: request.retries,
      timeout: finite(request.timeout),
      heartbeat: finite(request.heartbeat ?? Number.POSITIVE_INFINITY),
      deadline: finite(created + request.totalTimeout),
      begin: finite(created + (request.startTimeout ?? Number.POSITIVE_INFINITY)),
      leave,
      left: leave !== null && !this.#host.watched(page) ? now + leave : null,
      progress: null,
      chunks: 0,
      dropped: 0,
      chunkSize: 0,
      base: 0,
      checkpoint: null,
      checkpointSize: 0,
      checkpointProgress: null,
      size: 0,
      state: { status: 'waiting' },
    });
    live.storeArgs(request.args); // before the job is added, because it may throw
    this.#checkSize(live.record.size);
    this.#newest = created;
    this.#jobs.set(live.record.id, live);
    this.#open.add(live);
    const { handle } = live; // creates the handle, which logs a failure that nobody awaits
    this.#write(live, 'now');
    this.#lifecycle.next();
    this.#changed();
    return handle;
  }

  /** Returns a job by its id, also an ended one. */
  get(id: string): Job<unknown, unknown> | undefined {
    return this.#find(id)?.handle;
  }

  /** Returns the entry of a job for a list of jobs. */
  info(id: string): JobInfo | undefined {
    const live = this.#find(id);
    return live && infoOf(live.record);
  }

  /** Returns a job's durable chunks from a number on that began a report, and the number of the first. Dropped ones are missing. */
  chunks(id: string, from: number): { readonly first: number; readonly chunks: readonly unknown[] } {
    const parts = this.#host.store.parts(id, 'chunk', partOfChunk(from)).filter(({ n }) => n >= partOfChunk(from));
    const [part] = parts;
    return { first: part ? firstChunk(part) : from, chunks: chunksIn(parts) };
  }

  /** Returns the newest job of a name. */
  named(name: string): { readonly id: string; readonly job: Job<unknown, unknown> } | undefined {
    this.load();
    let newest: LiveJob | undefined;
    for (const live of this.#jobs.values()) {
      if (live.record.name === name && (!newest || live.record.created >= newest.record.created)) newest = live;
    }
    return newest && { id: newest.record.id, job: newest.handle };
  }

  /** Returns the open jobs of a name, oldest first. */
  open(name: string): readonly { readonly id: string; readonly job: Job<unknown, unknown> }[] {
    this.load();
    return [...this.#open]
      .filter((live) => live.record.name === name)
      .map((live) => ({ id: live.record.id, job: live.handle }));
  }

  /** Returns all jobs, newest first. */
  list(): readonly JobRecord[] {
    this.load();
    return [...this.#jobs.values()].map(({ record }) => record).sort((a, b) => b.created - a.created);
  }

  /** Starts a new job with the arguments of an ended one. */
  retry(id: string): Job<unknown, unknown> | undefined {
    const live = this.#find(id);
    if (!live || live.open) return live?.handle;
    const { record } = live;
    const { created, begin, timeout, heartbeat, deadline } = record;
    return this.start({
      ...record,
      args: live.args,
      startTimeout: begin === null ? Number.POSITIVE_INFINITY : begin - created,
      timeout: timeout ?? Number.POSITIVE_INFINITY,
      heartbeat: heartbeat ?? Number.POSITIVE_INFINITY,
      totalTimeout: deadline === null ? Number.POSITIVE_INFINITY : deadline - created,
    });
  }

  /** True while a job is open, or has ended and can still be found by its name in the session. */
  get wanted(): boolean {
    this.load();
    const isFound = ({ record: { name, page } }: LiveJob) => name !== '' && !isNamedIn(page, name);
    return this.#open.size > 0 || [...this.#closed].some(isFound);
  }

  /** Retains an ended job's row until the returned function is called. */
  hold(id: string): () => void {
    const live = this.#find(id);
    if (!live) return () => {};
    live.retained++;
    return () => {
      live.retained--;
    };
  }

  /** Cancels an open job. Its awaiters are rejected at once, because no other outcome can follow. */
  cancel(id: string, by: CancelledBy, why?: string, cause?: unknown): void {
    const live = this.#find(id);
    if (!live?.open) return;
    const { control } = live;
    // Because a reason may come from anywhere, and one that the row cannot store would fail every commit of the session.
    const reason = why === undefined ? undefined : String(why).slice(0, jobLimits.text);
    const state: EndState = { status: 'cancelled', ended: this.#host.clock.now(), by, ...(reason && { reason }) };
    this.#lifecycle.end(live, state, () => {});
    control?.cancelled(reason, cause === undefined ? undefined : { cause });
  }

  /** Starts the `cancelOnLeave` time of a page's jobs after its last viewer left. */
  left(page: string): void {
    const now = this.#host.clock.now();
    for (const live of this.#open) {
      const { record } = live;
      if (record.page !== page || record.leave === null) continue;
      live.set({ left: now + record.leave });
      this.#write(live, 'soon');
    }
  }

  /** Cancels the jobs that only this page could show, because the page was removed. */
  pageEnded(page: string): void {
    this.load();
    for (const { record } of [...this.#open]) {
      if (record.page !== page || record.key !== '') continue;
      if (record.name === '' || isNamedIn(page, record.name)) this.cancel(record.id, 'page', 'its page was closed');
    }
  }

  // ---- activation

  /** Loads the jobs of an earlier activation. Attempts that ran in it are lost, and their jobs start another. */
  load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const { store, tasks } = this.#host;
    const ended: LiveJob[] = [];
    for (const row of store.jobs('all')) {
      try {
        // Defaults for a row of an earlier build.
        const record = {
          heartbeat: null,
          checkpointSize: 0,
          checkpointProgress: null,
          ...(decode(row.state) as EarlierRecord),
        };
        const live = this.#live(record, true);
        this.#jobs.set(row.job, live);
        if (live.open) this.#open.add(live);
        else ended.push(live);
        this.#newest = Math.max(this.#newest, live.record.created);
      } catch (error) {
        tasks.log('error', `The row of job ${row.job} cannot be read. The session drops the job.`, error);
        this.#host.ending?.();
        this.#deleted.add(row.job);
      }
    }
    for (const live of ended.sort((a, b) => endOf(a) - endOf(b))) this.#close(live);
    const open = [...this.#open];
    // Because the place of a lost attempt goes to another job at once, all jobs must be known before.
    const cut = open.filter(({ record }) => record.state.status === 'running' && record.lane === 'service');
    for (const live of open) this.#resume(live);
    for (const live of cut) {
      this.#lifecycle.attemptLost(live, new Error('The session was restarted while the task ran.'), 'restart');
    }
    this.check();
    this.#lifecycle.next();
  }

  #resume(live: LiveJob): void {
    const { leave, left, page } = live.record;
    if (leave !== null && left === null && !this.#host.watched(page)) {
      live.set({ left: this.#host.clock.now() + leave });
      this.#write(live, 'soon');
    }
    this.#lifecycle.wakeLater(live);
  }

  /** Checks leases, heartbeats, lost messages, deadlines and left pages, which no event reports. */
  check(): void {
    if (this.#ended) return;
    this.load();
    const now = this.#host.clock.now();
    for (const live of [...this.#open]) this.#look(live, now);
    this.#forget();
    this.#dueAt = undefined; // because the caller may have deleted the due row
    this.#unscheduled = true;
  }

  #look(live: LiveJob, now: number): void {
    const { state, deadline, begin, lane, left, page, attempt } = live.record;
    if (!live.open) return;
    if (left !== null && now >= left) {
      if (!this.#host.watched(page)) {
        this.cancel(live.record.id, 'page', 'its page was left');
        return;
      }
      live.set({ left: null });
      this.#write(live, 'soon');
    }
    if (deadline !== null && now >= deadline) this.#lifecycle.jobTimedOut(live);
    else if (attempt === 0 && begin !== null && now >= begin) this.#lifecycle.startTimedOut(live);
    else if (state.status === 'waiting') {
      if (state.sent !== undefined && now >= QueueLane.resendAt(state.sent, state.sends)) this.#lanes.queue.send(live);
    } else if (state.status === 'pausing') {
      if (now >= pauseEnds(state.until, now)) this.#lifecycle.resume(live);
    } else if (state.status === 'running' && lane === 'queue') {
      // An attempt in this object has a timer, which a wrong clock does not affect.
      const over = state.until === null ? -1 : now - state.until;
      // The alarm fires on time. A much later time means that the clock was changed, so the attempt is lost, not late.
      if (Math.abs(now - state.beat) >= jobLimits.silence || over >= jobLimits.silence) {
        this.#lifecycle.attemptLost(
          live,
          new Error(`It sent no heartbeat for ${jobLimits.silence / 1_000} s.`),
          'died',
        );
      } else if (over >= 0) this.#lifecycle.attemptTimedOut(live);
    }
  }

  /** Stops without a message to anyone, like an object that is evicted. */
  abandon(): void {
    this.#ended = true;
    for (const live of this.#jobs.values()) {
      live.stop?.stop(new Error('The session was evicted.'));
      if (live.timer !== undefined) this.#host.clock.clear(live.timer);
    }
    if (this.#later !== undefined) this.#host.clock.clear(this.#later);
  }

  /** Makes every attempt stale and answers all waiting consumers, because the session was deleted. */
  dismiss(): void {
    this.abandon();
    for (const live of this.#jobs.values()) live.set({ epoch: live.record.epoch + 1 });
    for (const answer of this.#unanswered) answer();
  }

  // ---- durability

  /** Writes all pending changes and the due row into the running transaction. */
  persist(store: Store): void {
    for (const id of this.#deleted) store.deleteJob(id);
    for (const live of this.#dirty) live.persist(store);
    const at = this.#nextCheck();
    this.#nextDueAt = at;
    if (at === this.#dueAt) return;
    if (at === null) store.deleteDue('', jobsDue);
    else store.writeDue({ page: '', key: jobsDue, at });
  }

  /** Runs what waited for the transaction, after it succeeded. */
  persisted(): void {
    this.#dueAt = this.#nextDueAt;
    this.#unscheduled = false;
    if (!this.moved) return;
    this.#deleted.clear();
    const changed = [...this.#dirty];
    this.#dirty.clear();
    if (this.#outcome) {
      this.#outcome = false;
      this.#unscheduled = true;
      this.#host.commit('soon');
    }
    for (const live of changed) live.persisted();
    for (const live of changed) {
      const { after } = live;
      live.after = [];
      for (const fn of after) {
        try {
          fn();
        } catch (error) {
          this.#host.tasks.log('error', `Job ${live.record.id} could not continue after its commit, and fails.`, error);
          this.#lifecycle.refuse(live, storableErrorFrom(error)); // because nothing else would end it
        }
      }
    }
    this.#changed();
  }

  /** Requests a commit. `later` is for heartbeats and progress, which pages show before the commit. */
  #write(live: LiveJob, when: 'soon' | 'now' | 'later'): void {
    if (this.#ended) return;
    this.#dirty.add(live);
    if (when === 'later') {
      this.#later ??= this.#host.clock.after(jobLimits.progress, () => {
        this.#later = undefined;
        if (this.dirty) this.#host.commit('soon');
      });
      return;
    }
    this.#host.commit(when);
  }

  #durable(live: LiveJob, when: 'soon' | 'now'): Promise<void> {
    if (!this.#dirty.has(live)) return Promise.resolve();
    return new Promise((resolve) => {
      const answer = () => {
        this.#unanswered.delete(answer);
        resolve();
      };
      this.#unanswered.add(answer);
      live.after.push(answer);
      this.#host.commit(when);
    });
  }

  #changed(): void {
    this.#host.tasks.turn(() => {
      this.#changes.value = this.#changes.peek() + 1;
    });
  }

  // ---- the set of jobs

  #live(record: JobRecord, restored = false): LiveJob {
    const { store, tasks, largest = Number.POSITIVE_INFINITY } = this.#host;
    const cancel = (live: LiveJob, reason: string | undefined) => this.cancel(live.record.id, 'author', reason);
    return new LiveJob({ store, tasks, largest, cancel }, record, restored);
  }

  #close(live: LiveJob): void {
    this.#closed.add(live);
    this.#closedSize += live.stored;
  }

  #find(id: string): LiveJob | undefined {
    this.load();
    return this.#jobs.get(id);
  }

  #checkRoom(): void {
    if (this.#open.size < jobLimits.open) return;
    throw new RangeError(
      `The session has ${jobLimits.open} open jobs, the most that it can have. Await some of them first, or do more work in each.`,
    );
  }

  #checkSize(more: number): void {
    let sum = more;
    for (const { record } of this.#open) sum += record.size + record.chunkSize + record.checkpointSize;
    if (sum <= jobLimits.openSize) return;
    const mebibytes = Math.ceil(sum / 1024 / 1024);
    throw new RangeError(
      `The open jobs of a session store at most ${jobLimits.openSize / 1024 / 1024} Mi characters of arguments, chunks and checkpoints; ` +
        `this job would bring the total to ${mebibytes} Mi. Await some jobs first, or put the data into R2 and pass its key.`,
    );
  }

  /** Returns the time for the due row. */
  #nextCheck(): number | null {
    const now = this.#host.clock.now();
    const open = dueOf(this.#open, now);
    const at = this.#dueAt;
    // Because moving the check with each report would write a row each time, an early check is accepted.
    if (open !== null && at != null && at > now && at <= open) return at;
    // The commit after it writes the row, because until then the awaiting handler may have started the next job.
    if (open === null && this.#outcome && at !== undefined) return at;
    return open ?? forgetAt(this.#closed, now);
  }

  #forget(): void {
    // Because a handler of an earlier activation may need any job until its replay has ended.
    if (this.#host.continued?.() === false) return;
    const now = this.#host.clock.now();
    const gone = forgettable(this.#closed, this.#closedSize, now, (live) => this.#dirty.has(live));
    for (const live of gone) {
      const { id } = live.record;
      this.#jobs.delete(id);
      this.#closed.delete(live);
      this.#closedSize -= live.stored;
      this.#deleted.add(id);
    }
    if (gone.length > 0) this.#host.commit('soon');
  }
}

/** A record that an earlier build wrote. */
type EarlierRecord = Omit<JobRecord, 'heartbeat' | 'checkpointSize' | 'checkpointProgress'>;

function endOf({ record }: LiveJob): number {
  return (record.state as EndState).ended;
}

function finite(value: number): number | null {
  return value === Number.POSITIVE_INFINITY ? null : value;
}

/** Throws when a text is too long for a job's row, because an oversized row would fail every commit of the session. */
function checkText(what: string, text: string): void {
  if (text.length <= jobLimits.text) return;
  throw new RangeError(
    `The ${what} of a job has ${text.length} characters; the limit is ${jobLimits.text}. Use a shorter one, for example a hash.`,
  );
}
