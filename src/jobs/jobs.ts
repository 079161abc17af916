import { newId, type Timer } from '../clock/index.ts';
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
import { dueOf } from './schedule.ts';
import { ServiceLane } from './service-lane.ts';

/**
 * The jobs of a session. Each is a row that is durable before any work starts, and gets one outcome that is durable before
 * anybody is told.
 *
 * ```
 *            commit                place                report, answer (with the epoch)
 *  start ──► waiting ───────────► running(attempt, epoch) ──► done | failed | timedOut
 *               ▲                    │        ├── lost (object or compute died) ──► again, at most `lost` times ──► exhausted
 *               └──── pausing ◄──────┘        └── compute is away ──► again, for `away` milliseconds ─────────────► exhausted
 *                   (backoff)                                         cancel, at any time ──► cancelled
 * ```
 *
 * Whoever reports names the epoch of the attempt; an older one is stale and changes nothing. One `due` row, written before
 * work starts, brings the object back when nothing else does.
 *
 * This class is the book: which jobs there are, and what waits for its commit. {@link JobLifecycle} knows what happens to one.
 */
export class Jobs {
  readonly #host: JobsHost;
  readonly #lives = new Map<string, LiveJob>();
  readonly #dirty = new Set<LiveJob>();
  readonly #gone = new Set<string>();
  /** Answers to consumers that wait for a commit. */
  readonly #unanswered = new Set<() => void>();
  readonly #course: JobLifecycle;
  readonly #lanes: { readonly service: ServiceLane; readonly queue: QueueLane };
  readonly #changes = signal(0);
  #loaded = false;
  /** When the newest job was created. */
  #newest = 0;
  #dueAt: number | null = null;
  #later: Timer | undefined;
  #ended = false;

  constructor(host: JobsHost) {
    this.#host = host;
    const { clock, tasks, session, send } = host;
    const write = (live: LiveJob, when: 'soon' | 'now' | 'later') => this.#write(live, when);
    this.#course = new JobLifecycle({
      clock,
      tasks,
      write,
      jobs: this.#lives,
      carry: (live) => this.#lanes[live.record.lane].run(live),
      ended: (page) => host.ended(page),
      ending: () => host.ending?.(),
      forget: () => this.#forget(),
    });
    const find = (id: string) => this.#find(id);
    const durable = (live: LiveJob, when: 'soon' | 'now') => this.#durable(live, when);
    this.#lanes = {
      service: new ServiceLane(host, this.#course),
      queue: new QueueLane({ clock, tasks, session, send, write, find, durable }, this.#course),
    };
  }

  get dirty(): boolean {
    return this.#dirty.size > 0 || this.#gone.size > 0;
  }

  /** Number of attempts that run in this object now: they keep it in memory. */
  get running(): number {
    return [...this.#lives.values()].filter((live) => live.stop !== undefined).length;
  }

  /** Changes when a job was started, and when a change of a job is durable: for who shows them. */
  get changes(): ReadonlySignal<number> {
    return this.#changes;
  }

  /** Where consumers of the queue ask and tell. */
  get consumer(): JobConsumerApi {
    return this.#lanes.queue;
  }

  // ---- the author's side

  /**
   * Starts a job, or joins the open one of the same task with the same key, or does with the open ones of its name what the policy says.
   *
   * @throws {RangeError} when the session has too many, or too large ones, or for a name or a key that is too long.
   * @throws {TypeError} when the arguments cannot be kept.
   */
  start(request: JobRequest): Job<unknown, unknown> {
    this.load();
    const { policy = 'parallel', key = '', name = '', page } = request;
    for (const [what, text] of Object.entries({ name, key, task: request.task })) checkText(what, text);
    if (key) {
      const { task, service } = request;
      for (const live of this.#lives.values()) {
        const { record } = live;
        if (live.open && record.key === key && record.task === task && record.service === service) return live.handle;
      }
    }
    if (name) {
      const same = this.open(name);
      const newest = same.at(-1);
      if (policy === 'ignore' && newest) return newest.job;
      if (policy === 'restart') for (const { id } of same) this.cancel(id, 'author', 'it was started again');
    }
    this.#checkRoom();
    const now = this.#host.clock.now();
    const leave = page === '' ? null : request.leave; // what no page has started, no page leaves
    // Jobs of one millisecond keep their order.
    const created = Math.max(now, this.#newest + 1);
    const live = this.#live({
      id: newId(),
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
      size: 0,
      state: { status: 'waiting' },
    });
    live.storeArgs(request.args); // may throw: only now is it one of the jobs
    this.#checkSize(live.record.size);
    this.#newest = created;
    this.#lives.set(live.record.id, live);
    const { handle } = live; // so that it is logged when nobody awaits its failure
    this.#write(live, 'now');
    this.#course.next();
    this.#changed();
    return handle;
  }

  /** A job by its id, also one that has ended. */
  get(id: string): Job<unknown, unknown> | undefined {
    return this.#find(id)?.handle;
  }

  /** What a list of jobs shows of one. */
  info(id: string): JobInfo | undefined {
    const live = this.#find(id);
    return live && infoOf(live.record);
  }

  /** The chunks of a job that are durable and were not dropped, from a number on that began a report, and the number of the first of them. */
  chunks(id: string, from: number): { readonly first: number; readonly chunks: readonly unknown[] } {
    const parts = this.#host.store.parts(id, 'chunk', partOfChunk(from)).filter(({ n }) => n >= partOfChunk(from));
    const [part] = parts;
    return { first: part ? firstChunk(part) : from, chunks: chunksIn(parts) };
  }

  /** The newest job with a name. */
  named(name: string): { readonly id: string; readonly job: Job<unknown, unknown> } | undefined {
    this.load();
    let newest: LiveJob | undefined;
    for (const live of this.#lives.values()) {
      if (live.record.name === name && (!newest || live.record.created >= newest.record.created)) newest = live;
    }
    return newest && { id: newest.record.id, job: newest.handle };
  }

  /** The jobs with a name that have not ended, oldest first. */
  open(name: string): readonly { readonly id: string; readonly job: Job<unknown, unknown> }[] {
    this.load();
    return [...this.#lives.values()]
      .filter((live) => live.record.name === name && live.open)
      .map((live) => ({ id: live.record.id, job: live.handle }));
  }

  /** All jobs, newest first. */
  list(): readonly JobRecord[] {
    this.load();
    return [...this.#lives.values()].map(({ record }) => record).sort((a, b) => b.created - a.created);
  }

  /** Starts an ended job again, as a new job with the same arguments. */
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

  /** True while a job has not ended, or has ended and can still be asked for by the name that it has in the session. */
  get wanted(): boolean {
    this.load();
    return [...this.#lives.values()].some(({ open, record: { name, page } }) => {
      return open || (name !== '' && !isNamedIn(page, name));
    });
  }

  /** Keeps an ended job from being forgotten while somebody may ask for it; returns how to let go. */
  hold(id: string): () => void {
    const live = this.#find(id);
    if (!live) return () => {};
    live.retained++;
    return () => {
      live.retained--;
    };
  }

  /** Ends a job that has not ended. Whoever awaits it is told at once: nothing can give it another outcome any more. */
  cancel(id: string, by: CancelledBy, why?: string, cause?: unknown): void {
    const live = this.#find(id);
    if (!live?.open) return;
    const { control } = live;
    // A reason may come from anywhere: what the row cannot keep would stop every commit of the session.
    const reason = why === undefined ? undefined : String(why).slice(0, jobLimits.text);
    const state: EndState = { status: 'cancelled', ended: this.#host.clock.now(), by, ...(reason && { reason }) };
    this.#course.end(live, state, () => {});
    control?.cancelled(reason, cause === undefined ? undefined : { cause });
  }

  /** The page lost its watcher. */
  left(page: string): void {
    const now = this.#host.clock.now();
    for (const live of this.#lives.values()) {
      const { record } = live;
      if (record.page !== page || record.leave === null || !live.open) continue;
      live.set({ left: now + record.leave });
      this.#write(live, 'soon');
    }
  }

  /** The page is no longer kept: what only it could show ends with it. */
  pageEnded(page: string): void {
    this.load();
    for (const { record } of [...this.#lives.values()]) {
      if (record.page !== page || record.key !== '') continue;
      if (record.name === '' || isNamedIn(page, record.name)) this.cancel(record.id, 'page', 'its page was closed');
    }
  }

  // ---- coming back

  /** Reads the jobs of an earlier life of the object; those that ran in it are lost and start again. */
  load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    const { store, tasks } = this.#host;
    for (const row of store.jobs('all')) {
      try {
        // What a row of an earlier build does not say.
        const record = { heartbeat: null, checkpointSize: 0, ...(decode(row.state) as EarlierRecord) };
        const live = this.#live(record, true);
        this.#lives.set(row.job, live);
        this.#newest = Math.max(this.#newest, live.record.created);
      } catch (error) {
        tasks.log('error', `Job ${row.job} cannot be read and is dropped.`, error);
        this.#host.ending?.();
        this.#gone.add(row.job);
      }
    }
    const open = [...this.#lives.values()].filter((live) => live.open);
    // Known before any of them is touched: the place of one that is lost goes to another, which runs in this life.
    const cut = open.filter(({ record }) => record.state.status === 'running' && record.lane === 'service');
    for (const live of open) this.#resume(live);
    for (const live of cut) {
      this.#course.attemptLost(live, new Error('The session was restarted while the task ran.'), 'restart');
    }
    this.check();
    this.#course.next();
  }

  #resume(live: LiveJob): void {
    const { leave, left, page } = live.record;
    if (leave !== null && left === null && !this.#host.watched(page)) {
      live.set({ left: this.#host.clock.now() + leave });
      this.#write(live, 'soon');
    }
    this.#course.wakeLater(live);
  }

  /** Looks after what no event looks after: leases, silence, lost messages, deadlines, pages that were left. */
  check(): void {
    if (this.#ended) return;
    this.load();
    const now = this.#host.clock.now();
    for (const live of [...this.#lives.values()]) this.#look(live, now);
    this.#forget();
    this.#dueAt = null; // whoever asked may have used up what was due
    this.#schedule(true);
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
    if (deadline !== null && now >= deadline) this.#course.jobTimedOut(live);
    else if (attempt === 0 && begin !== null && now >= begin) this.#course.startTimedOut(live);
    else if (state.status === 'waiting') {
      if (state.sent !== undefined && now >= QueueLane.resendAt(state.sent, state.sends)) this.#lanes.queue.send(live);
    } else if (state.status === 'pausing') {
      if (now >= pauseEnds(state.until, now)) this.#course.resume(live);
    } else if (state.status === 'running' && lane === 'queue') {
      // What runs here has a timer of its own, which no clock put wrong can mislead.
      const over = state.until === null ? -1 : now - state.until;
      // The alarm rings when time is up. Long after that it was the clock that was put wrong: the attempt is lost, not late.
      if (Math.abs(now - state.beat) >= jobLimits.silence || over >= jobLimits.silence) {
        this.#course.attemptLost(live, new Error('It was not heard of again.'), 'died');
      } else if (over >= 0) this.#course.attemptTimedOut(live);
    }
  }

  /** Stops without a word, as an object does whose memory is taken away. */
  abandon(): void {
    this.#ended = true;
    for (const live of this.#lives.values()) {
      live.stop?.stop(new Error('The session is gone.'));
      if (live.timer !== undefined) this.#host.clock.clear(live.timer);
    }
    if (this.#later !== undefined) this.#host.clock.clear(this.#later);
  }

  /** The session has ended for good, and with it every attempt: whoever waits for an answer of it gets one, and is stale. */
  dismiss(): void {
    this.abandon();
    for (const live of this.#lives.values()) live.set({ epoch: live.record.epoch + 1 });
    for (const answer of this.#unanswered) answer();
  }

  // ---- durability

  /** Writes what waits into the running transaction. */
  persist(store: Store): void {
    for (const id of this.#gone) store.deleteJob(id);
    for (const live of this.#dirty) live.persist(store);
  }

  /** The transaction succeeded: what waited for it goes on. */
  persisted(): void {
    if (!this.dirty) return;
    this.#gone.clear();
    const lives = [...this.#dirty];
    this.#dirty.clear();
    for (const live of lives) live.persisted();
    for (const live of lives) {
      const { after } = live;
      live.after = [];
      for (const fn of after) {
        try {
          fn();
        } catch (error) {
          this.#host.tasks.log('error', `Job ${live.record.id} could not go on after its commit.`, error);
          this.#course.refuse(live, storableErrorFrom(error)); // nobody else would ever end it
        }
      }
    }
    this.#changed();
  }

  /** `later` is for signs of life and mere progress, of which the last one is on the screen long before. */
  #write(live: LiveJob, when: 'soon' | 'now' | 'later'): void {
    if (this.#ended) return;
    this.#dirty.add(live);
    if (when === 'later') {
      this.#later ??= this.#host.clock.after(jobLimits.progress, () => {
        this.#later = undefined;
        if (!this.dirty) return;
        this.#schedule(); // a clock that was put back has moved what is due
        this.#host.commit('soon');
      });
      return;
    }
    this.#schedule();
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

  // ---- the book

  #live(record: JobRecord, restored = false): LiveJob {
    const { store, tasks, largest = Number.POSITIVE_INFINITY } = this.#host;
    const cancel = (live: LiveJob, reason: string | undefined) => this.cancel(live.record.id, 'author', reason);
    return new LiveJob({ store, tasks, largest, cancel }, record, restored);
  }

  #find(id: string): LiveJob | undefined {
    this.load();
    return this.#lives.get(id);
  }

  #checkRoom(): void {
    let open = 0;
    for (const live of this.#lives.values()) if (live.open) open++;
    if (open < jobLimits.open) return;
    throw new RangeError(
      `A session has at most ${jobLimits.open} jobs that have not ended. Wait for some, or do more in each.`,
    );
  }

  #checkSize(more: number): void {
    let sum = more;
    for (const { open, record } of this.#lives.values()) {
      if (open) sum += record.size + record.chunkSize + record.checkpointSize;
    }
    if (sum <= jobLimits.openSize) return;
    const mebibytes = Math.ceil(sum / 1024 / 1024);
    throw new RangeError(
      `The jobs of a session that have not ended keep at most ${jobLimits.openSize / 1024 / 1024} Mi characters of arguments, ` +
        `chunks and checkpoints, and with this one it were ${mebibytes}. Wait for some, or put the data into R2 and pass its key.`,
    );
  }

  /** @param whole also says again what was said: the row may be gone. */
  #schedule(whole = false): void {
    const now = this.#host.clock.now();
    const records = [...this.#lives.values()].map(({ record }) => record);
    const open = dueOf(records, now);
    const at = open ?? forgetAt(records, now);
    // A look that comes a little early does no harm; moving it with each report would write a row each time.
    if (!whole && open !== null && this.#dueAt !== null && this.#dueAt > now && this.#dueAt <= open) return;
    if (!whole && at === this.#dueAt) return;
    this.#dueAt = at;
    this.#host.due(at);
  }

  #forget(): void {
    // What a handler of an earlier life still holds is known when it has been continued.
    if (this.#host.continued?.() === false) return;
    const ids = forgettable(this.#lives.values(), this.#host.clock.now(), (live) => this.#dirty.has(live));
    for (const id of ids) {
      this.#lives.delete(id);
      this.#gone.add(id);
    }
    if (ids.length > 0) this.#host.commit('soon');
  }
}

/** A record as an earlier build has written it. */
type EarlierRecord = Omit<JobRecord, 'heartbeat' | 'checkpointSize'>;

function finite(value: number): number | null {
  return value === Number.POSITIVE_INFINITY ? null : value;
}

/** The row of a job is rewritten often, and one that is too large would stop every commit of its session. */
function checkText(what: string, text: string): void {
  if (text.length <= jobLimits.text) return;
  throw new RangeError(
    `The ${what} of a job has ${text.length} characters and can have ${jobLimits.text}. Give it a short one, for example a hash.`,
  );
}
