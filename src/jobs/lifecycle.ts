import { inWords, jitteredBackoff } from '../clock/index.ts';
import {
  type CancelledError,
  ExhaustedError,
  newChunksIn,
  type Outcome,
  outOfTime,
  type RemoteError,
  type Report,
} from '../rpc/index.ts';
import type { JobsHost, Verdict } from './api.ts';
import { errorOf, errorSummary, storableError, storableErrorFrom } from './job-errors.ts';
import { jobLimits } from './limits.ts';
import type { LiveJob } from './live-job.ts';
import { pauseEnds } from './pause.ts';
import type { EndState, Lane } from './record.ts';

/** Why an attempt has no outcome. */
export type Loss = 'died' | 'restart';

/** Runs the attempts of a lane. */
export interface JobRunner {
  /** Starts the next attempt of a job that has a place, or sends a message to a consumer that does. */
  run(live: LiveJob): void;
}

/** What {@link JobLifecycle} needs of {@link Jobs}. */
export interface LifecycleHost extends Pick<JobsHost, 'clock' | 'tasks' | 'service' | 'ended' | 'ending'> {
  readonly jobs: ReadonlyMap<string, LiveJob>;
  /** The jobs without an outcome, in the order of their starts. */
  readonly open: Iterable<LiveJob>;
  /** Passes a job to the runner of its lane. */
  carry(live: LiveJob): void;
  /** Requests a commit of a changed record. */
  write(live: LiveJob, when: 'soon' | 'now' | 'later'): void;
  /** Called when a job has its outcome. */
  closed(live: LiveJob): void;
}

const places: { readonly [L in Lane]: number } = { service: jobLimits.running, queue: jobLimits.queued };

/** The state machine of a job, from attempt to attempt to its one outcome. {@link Jobs} shows the diagram. */
export class JobLifecycle {
  readonly #host: LifecycleHost;
  /** Tasks with a logged warning, because one warning per task is enough. */
  readonly #advised = new Set<string>();

  constructor(host: LifecycleHost) {
    this.#host = host;
  }

  /** Assigns free places to waiting jobs in the order of their starts, and updates the position of the others. */
  next(): void {
    const taken: { [L in Lane]: number } = { service: 0, queue: 0 };
    const waiting: [live: LiveJob, ahead: number][] = [];
    /** Number of open jobs of each name before the current one. */
    const ahead = new Map<string, number>();
    const line: [live: LiveJob, ahead: number][] = [];
    /** Services on which a suspect job runs. */
    const suspected = new Set<string>();
    for (const live of this.#host.open) {
      const { name, policy, lane, state, lost, service } = live.record;
      const before = name === '' ? 0 : (ahead.get(name) ?? 0);
      if (name !== '') ahead.set(name, before + 1);
      if (state.status === 'running' || (state.status === 'waiting' && state.sent !== undefined)) {
        taken[lane]++;
        if (lost >= jobLimits.suspect) suspected.add(service);
      } else if (state.status === 'waiting') line.push([live, policy === 'queue' ? before : 0]);
    }
    for (const [live, before] of line) {
      const { lane, lost, service } = live.record;
      const suspect = lost >= jobLimits.suspect;
      if (before > 0 || taken[lane] >= places[lane] || (suspect && suspected.has(service))) {
        waiting.push([live, before]);
        continue;
      }
      if (suspect) suspected.add(service);
      taken[lane]++;
      live.place(0);
      this.#host.carry(live);
    }
    const position: { [L in Lane]: number } = { service: 0, queue: 0 };
    for (const [live, before] of waiting) {
      live.place(before > 0 ? before : ++position[live.record.lane]);
    }
  }

  /** Begins an attempt with a new epoch, which fences all earlier attempts. */
  begin(live: LiveJob): void {
    const { attempt, epoch, timeout, checkpoint, checkpointProgress } = live.record;
    const now = this.#host.clock.now();
    this.#stopTimer(live);
    live.set({
      attempt: attempt + 1,
      epoch: epoch + 1,
      progress: checkpointProgress,
      base: checkpoint ?? 0,
      state: { status: 'running', started: now, beat: now, until: timeout === null ? null : now + timeout },
    });
    live.control?.begin(attempt + 1, checkpointProgress);
    this.#host.write(live, 'now');
  }

  /** Returns whether an attempt of this epoch still counts. */
  verdict(live: LiveJob | undefined, epoch: number): Verdict {
    if (!live || live.record.epoch !== epoch) return 'stale';
    const { status } = live.record.state;
    return status === 'running' ? 'go' : status === 'cancelled' ? 'cancelled' : 'stale';
  }

  /**
   * Records a heartbeat of the attempt.
   *
   * @param left remaining milliseconds by the clock of its consumer, because the session's clock may have changed since.
   */
  beat(live: LiveJob, left?: number): void {
    const { state, lane } = live.record;
    if (state.status !== 'running') return;
    const now = this.#host.clock.now();
    live.set({ state: { ...state, beat: now, ...(left !== undefined && { until: now + left }) } });
    // Only for the queue lane, because an attempt of the service lane dies with this object.
    if (lane === 'queue' && Math.abs(now - live.heartbeatStored) >= jobLimits.beat) this.#host.write(live, 'later');
  }

  /** Takes a report of the attempt. Resolves when there is room for the next report. */
  async report(live: LiveJob, report: Report): Promise<void> {
    this.#found(live);
    const { record } = live;
    const { progress, size, advice } = report;
    this.beat(live);
    if (advice !== undefined) this.#advise(record.task, advice);
    const added = newChunksIn(report, record.chunks, record.base);
    if (!added) {
      this.attemptLost(live, new Error('A report of the attempt was lost between its Worker and the session.'), 'died');
      return;
    }
    const { fresh, checkpoint } = added;
    try {
      if (fresh.length > 0) live.storeChunks(fresh);
      if (checkpoint) live.storeCheckpoint(checkpoint.value, checkpoint.chunks, progress ?? record.progress);
    } catch (error) {
      this.#fail(live, storableErrorFrom(error), 'task');
      return;
    }
    if (progress !== undefined && progress > (record.progress ?? -1)) {
      live.set({ progress });
      this.#host.write(live, 'later');
    }
    if (fresh.length > 0 || checkpoint) this.#host.write(live, 'soon');
    await live.control?.report({ ...(progress !== undefined && { progress }), chunks: fresh, size });
  }

  #advise(task: string, advice: string): void {
    if (this.#advised.has(task)) return;
    this.#advised.add(task);
    this.#host.tasks.log('warn', advice);
  }

  /** Takes the outcome of the attempt. */
  settle(live: LiveJob, outcome: Outcome): void {
    this.#found(live);
    const { record } = live;
    if (outcome.ok) {
      try {
        live.storeResult(outcome.value);
      } catch (error) {
        this.#fail(live, storableErrorFrom(error), 'task');
        return;
      }
      this.end(live, { status: 'done', ended: this.#host.clock.now() }, () => live.control?.succeed(outcome.value));
      return;
    }
    const retry = !outcome.permanent && outcome.error.own.retryable !== false && this.#answered(live) <= record.retries;
    if (retry) this.#pause(live, outcome.error, this.#backoff(live));
    else this.#fail(live, outcome.error, 'task');
  }

  /** Ends a job whose attempt can never run. */
  refuse(live: LiveJob, error: RemoteError): void {
    this.#fail(live, error, 'service');
  }

  /** Handles an attempt that ended without an outcome. */
  attemptLost(live: LiveJob, error: unknown, loss: Loss): void {
    const { task, lost, restarts, attempt } = live.record;
    const message = messageOf(error);
    if (loss === 'restart') live.set({ restarts: restarts + 1 });
    else if ((error as { absent?: unknown } | undefined)?.absent === true) {
      this.#absent(live, error);
      return;
    } else {
      this.#found(live);
      live.set({ lost: lost + 1 });
      this.#host.tasks.log('warn', `Attempt ${attempt} of task "${task}" was lost: ${message}`);
    }
    const after = live.record;
    if (after.lost <= jobLimits.lost && after.restarts <= jobLimits.restarts)
      this.#pause(live, storableErrorFrom(error), this.#backoff(live));
    else
      this.exhaust(live, `${after.lost + after.restarts} attempts were lost, the last one because: ${message}`, error);
  }

  /** Pauses a job whose service was not reachable. The attempt never began, so it costs only time. */
  #absent(live: LiveJob, error: unknown): void {
    const { task, service, attempt, away } = live.record;
    const message = messageOf(error);
    live.set({ attempt: attempt - 1 });
    if (away === 0) this.#host.tasks.log('warn', `Task "${task}" waits for its compute service. ${message}`);
    const { otherBuild } = error as { readonly otherBuild?: boolean };
    const most = otherBuild ? jobLimits.otherBuild : this.#known(service) ? jobLimits.away : jobLimits.missing;
    if (away >= most) {
      const why = otherBuild ? 'lacked the task' : 'was not reachable';
      this.exhaust(live, `its compute service ${why} for ${inWords(away)}. ${message}`, error);
      return;
    }
    // Full jitter below the time away so far, so pauses about double.
    const longest = otherBuild ? jobLimits.backoff.most : jobLimits.awayPause;
    const bound = Math.min(longest, Math.max(jobLimits.backoff.first, away));
    const pause = Math.min(most - away, 1 + Math.floor(this.#host.clock.random() * bound));
    live.set({ away: away + pause });
    this.#pause(live, storableErrorFrom(error), pause);
  }

  /** Records that the attempt reached its service. */
  #found(live: LiveJob): void {
    const { reached, away } = live.record;
    if (!reached || away > 0) live.set({ reached: true, away: 0 });
  }

  /**
   * True for a service that the application was built with, or that a stored job has reached. Such a service is away; any
   * other may never have existed.
   */
  #known(service: string): boolean {
    // `true` itself, because a service binding has something for each name.
    if (this.#host.service(service)?.expected === true) return true;
    return [...this.#host.jobs.values()].some(({ record }) => record.reached && record.service === service);
  }

  /** Ends a job without a further attempt. */
  exhaust(live: LiveJob, why: string, cause?: unknown): void {
    const error = new ExhaustedError(`Task "${live.record.task}"`, why, cause === undefined ? undefined : { cause });
    this.end(live, { status: 'exhausted', ended: this.#host.clock.now(), error: storableErrorFrom(error) });
  }

  /** Handles an attempt that exceeded its `timeout`. */
  attemptTimedOut(live: LiveJob): void {
    const { task, timeout, state } = live.record;
    if (state.status !== 'running' || timeout === null) return;
    this.heartbeatMissed(live, storableErrorFrom(outOfTime.attempt(`Task "${task}"`, timeout)));
  }

  /** Handles an attempt without a heartbeat in time. It counts as a timeout, so `retries` applies. */
  heartbeatMissed(live: LiveJob, error: RemoteError): void {
    if (this.#answered(live) <= live.record.retries) this.#pause(live, error, this.#backoff(live));
    else this.#timeOut(live, error);
  }

  /** Ends a job that exceeded its `totalTimeout`. */
  jobTimedOut(live: LiveJob): void {
    const { task, created, deadline } = live.record;
    this.#timeOut(live, storableErrorFrom(outOfTime.total(`Task "${task}"`, (deadline ?? created) - created)));
  }

  /** Ends a job that exceeded its `startTimeout`. */
  startTimedOut(live: LiveJob): void {
    const { task, created, begin } = live.record;
    this.#timeOut(live, storableErrorFrom(outOfTime.wait(`Task "${task}"`, (begin ?? created) - created)));
  }

  /** Queues a job for a place after its pause. */
  resume(live: LiveJob): void {
    if (live.record.state.status !== 'pausing') return;
    this.#stopTimer(live);
    live.set({ state: { status: 'waiting' } });
    this.#host.write(live, 'soon');
    this.next();
  }

  /** Sets the timer that resumes a pausing job. If the object dies before, the alarm does. */
  wakeLater(live: LiveJob): void {
    const { state } = live.record;
    if (state.status !== 'pausing') return;
    const { clock } = this.#host;
    this.#stopTimer(live);
    const now = clock.now();
    live.timer = clock.after(Math.max(0, pauseEnds(state.until, now) - now), () => {
      live.timer = undefined;
      this.resume(live);
    });
  }

  /** Gives a job its outcome; of several the first counts. Awaiters are settled when it is durable. */
  end(live: LiveJob, state: EndState, notify?: () => void): void {
    if (!live.open) return;
    this.#release(live);
    this.#host.ending?.();
    live.dropCheckpoint();
    live.set({ state, ...(state.status === 'done' && { progress: 1 }) });
    live.after.push(() => {
      this.#host.tasks.turn(() => {
        if (notify) notify();
        else live.control?.fail(errorOf(live.record.task, state) as CancelledError, state.status);
      });
      live.releaseHandle();
      if (live.record.page) this.#host.ended(live.record.page);
    });
    this.#host.write(live, 'now');
    this.#host.closed(live);
    this.next();
  }

  #fail(live: LiveJob, error: RemoteError, source: 'task' | 'service'): void {
    this.end(live, { status: 'failed', ended: this.#host.clock.now(), error: storableError(error), source });
  }

  #timeOut(live: LiveJob, error: RemoteError): void {
    this.end(live, { status: 'timedOut', ended: this.#host.clock.now(), error: storableError(error) });
  }

  #backoff({ record }: LiveJob): number {
    return jitteredBackoff(this.#host.clock, record.attempt, jobLimits.backoff);
  }

  #pause(live: LiveJob, error: RemoteError, ms: number): void {
    this.#release(live);
    const until = Math.ceil(this.#host.clock.now() + ms); // because rows store whole milliseconds
    live.set({ state: { status: 'pausing', until, error: errorSummary(error) } });
    live.control?.pause(live.record.attempt);
    this.wakeLater(live);
    this.#host.write(live, 'now');
    this.next();
  }

  /** Number of attempts with an outcome, which `retries` limits. */
  #answered(live: LiveJob): number {
    const { attempt, lost, restarts } = live.record;
    return attempt - lost - restarts;
  }

  /** Stops the running attempt, if any; its outcome would be stale. */
  #release(live: LiveJob): void {
    this.#stopTimer(live);
    const { stop } = live;
    live.stop = undefined;
    stop?.stop(new Error('The attempt has ended.'));
  }

  #stopTimer(live: LiveJob): void {
    if (live.timer !== undefined) this.#host.clock.clear(live.timer);
    live.timer = undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
