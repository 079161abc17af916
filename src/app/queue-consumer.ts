import { backoff, type Clock, type Timer, TokenBucket } from '../clock/index.ts';
import type { OpenFile } from '../file-ref/index.ts';
import { type Fault, jobLimits } from '../jobs/index.ts';
import {
  callService,
  capture,
  computeStub,
  isPermanent,
  type ObjectBindings,
  type Outcome,
  outOfTime,
  type Report,
  StopSignal,
  TimeoutError,
} from '../rpc/index.ts';
import type { JobMessage, SessionObject } from '../session/index.ts';
import { openFile } from './files.ts';
import { callSession } from './session-stub.ts';

/** Milliseconds between two tries of a call that the session must receive. */
const pauses = [100, 500, 2_000, 4_000];
/** Seconds until the queue redelivers a message whose session did not answer: the first pause and the longest. */
const retryAfter = { first: 5, most: 600 };

/**
 * Calls that one invocation may make.
 * The platform allows 10,000 subrequests. The rest is for the compute service and a reserve. Each job of a
 * batch gets an equal share, so no job can use up the calls that another one needs to end.
 */
const calls = { most: 8_000, reservedForTheEnd: 20 };
/** Longest duration of an invocation in ms. The platform ends it after 15 minutes, and recording the outcomes takes a while. */
const lifetime = 15 * 60_000 - 20_000;
/** Longest pause between two heartbeats in ms. Two heartbeats fit into the time after which the session gives the attempt up. */
const slowestBeat = 9_000;

/** Prefix that names the owner of a shared job in messages. No session's name begins with it. */
const ofShared = 'shared:';

type Environment = Readonly<Record<string, unknown>>;
type Reach = <R>(call: (session: SessionObject) => Promise<R>) => Promise<R>;

/**
 * Handles a batch of the job queue: runs each job on its compute service and reports to its session.
 * Acknowledges a message when the session has recorded the outcome or has nothing to run. The queue
 * redelivers a message only when the session could not be reached.
 */
export async function consume(
  batch: MessageBatch<unknown>,
  env: Environment,
  objects: ObjectBindings,
  clock: Clock,
  bucket?: R2Bucket,
): Promise<void> {
  const dead = batch.queue.endsWith('-dead');
  const ends = clock.now() + lifetime;
  const share = Math.floor(calls.most / batch.messages.length);
  await Promise.all(
    batch.messages.map(async (message) => {
      const ids = read(message.body);
      if (!ids) {
        console.warn(`Dropped a message of the queue ${batch.queue}: it names no job.`);
        message.ack();
        return;
      }
      const budget = new CallBudget(share);
      const reach: Reach = (call) => {
        const counted = (session: SessionObject) => {
          budget.spend();
          return call(session);
        };
        return ids.session.startsWith(ofShared)
          ? callSession(env, objects, ids.session.slice(ofShared.length), counted, clock, 'shared')
          : callSession(env, objects, ids.session, counted, clock);
      };
      try {
        if (dead) await reach((session) => session.deadJob(ids.job, ids.epoch));
        else await runJob(ids.job, env, reach, budget, clock, ends, (id) => openFile(reach, bucket, id));
        message.ack();
      } catch (error) {
        console.warn(
          `The session of job ${ids.job} could not be reached; the queue delivers the message again.`,
          error,
        );
        message.retry({ delaySeconds: backoff(message.attempts, retryAfter) });
      }
    }),
  );
}

/** The calls to its session that a job may make in one invocation. */
class CallBudget {
  /** Paces the reports: a burst at first, then the rate that fits into the rest of the invocation. */
  readonly reports: TokenBucket;
  /** Milliseconds between two heartbeats. */
  readonly beat: number;
  #left: number;

  constructor(share: number) {
    this.#left = share;
    this.reports = new TokenBucket({
      burst: Math.max(1, Math.floor(share / 4)),
      perSecond: share / 2 / (lifetime / 1_000),
    });
    this.beat = Math.min(slowestBeat, Math.max(jobLimits.beat, (lifetime * 8) / share));
  }

  /** True when only the calls reserved for the end of the attempt remain. */
  get spent(): boolean {
    return this.#left <= calls.reservedForTheEnd;
  }

  spend(): void {
    this.#left--;
  }
}

/** Runs the job's next attempt, if it has one. Throws when its session cannot be reached. */
async function runJob(
  id: string,
  env: Environment,
  reach: Reach,
  budget: CallBudget,
  clock: Clock,
  ends: number,
  open: OpenFile,
): Promise<void> {
  const claim = await insist(reach, clock, (session) => session.claimJob(id));
  if (!claim) return;
  const { epoch, service: binding, call, timeout, heartbeat } = claim;
  const stop = new StopSignal();
  /** Resolves with the reason when this invocation ends an attempt whose task could continue. */
  const end = Promise.withResolvers<{ readonly error: unknown; readonly fault: Fault }>();
  const endAttempt = (error: Error, fault: Fault) => {
    if (stop.reason) return;
    stop.stop(error);
    // Resolves at once, because a task that does not yield would use up the remaining time.
    end.resolve({ error, fault });
  };
  /** Counted by timers, because a machine's clock may jump. */
  let elapsed = 0;
  /** True when a call reached the session since the last heartbeat. */
  let notified = false;
  const notify = async (report?: Report) => {
    if (budget.spent) {
      endAttempt(new Error('The consumer reached its limit of calls; another invocation continues the job.'), 'spent');
      return;
    }
    notified = true;
    const left = timeout === null ? undefined : timeout - elapsed;
    const send = (session: SessionObject) => session.reportJob(id, epoch, report, left);
    // A heartbeat may be lost. A report may not, because its chunks would be missing.
    const verdict = await (report ? insist(reach, clock, send) : reach(send));
    if (verdict !== 'go') stop.stop(new Error(`The job was ${verdict === 'cancelled' ? 'cancelled' : 'taken over'}.`));
  };
  let beating: Timer;
  const beat = () => {
    elapsed += budget.beat;
    if (!notified)
      notify().catch((error: unknown) => console.warn(`A heartbeat of job ${id} did not reach the session.`, error));
    notified = false;
    beating = clock.after(budget.beat, beat);
  };
  beating = clock.after(budget.beat, beat);
  // Delays the answer to a report that exceeds the rate. The task buffers what follows, and waits when the
  // buffer is full.
  const reported = async (report: Report) => {
    while (!stop.reason) {
      const wait = budget.reports.take(clock.now());
      if (wait === 0) break;
      await pause(clock, Math.min(wait, 1_000));
    }
    if (!stop.reason) await notify(report);
  };
  const over = clock.after(Math.max(0, ends - clock.now()), () =>
    endAttempt(outOfTime.attempt(`Task "${call.task}"`, timeout ?? lifetime), 'silent'),
  );
  // The session enforces the timeout. This timer only stops a task whose session is gone.
  const limit =
    timeout === null
      ? undefined
      : clock.after(timeout + jobLimits.silence, () => stop.stop(new Error('The timeout of the attempt has passed.')));
  const service = computeStub(env, binding);
  const answered = callService({ service, binding, call, clock, heartbeat, ask: epoch > 1, open, stop, reported }).then(
    (outcome): Answer | undefined => (stop.reason ? undefined : { outcome }),
    (error: unknown): Answer | undefined => (stop.reason ? undefined : { error, fault: faultOf(error) }),
  );
  const answer = await Promise.race([answered.then((given) => given ?? unlessEnded(end.promise)), end.promise]);
  clock.clear(beating);
  clock.clear(over);
  if (limit !== undefined) clock.clear(limit);
  if (!answer) return;
  await insist(reach, clock, (session) =>
    'outcome' in answer
      ? session.completeJob(id, epoch, answer.outcome)
      : session.failJob(id, epoch, capture(answer.error), answer.fault),
  );
}

/** The result of an ended attempt, as the session receives it. */
type Answer = { readonly outcome: Outcome } | { readonly error: unknown; readonly fault: Fault };

/** Returns how this invocation ended a stopped attempt, or undefined when the session stopped it. */
function unlessEnded(end: Promise<Answer>): Promise<Answer | undefined> {
  return Promise.race([end, Promise.resolve(undefined)]);
}

function faultOf(error: unknown): Fault {
  return error instanceof TimeoutError ? 'silent' : isPermanent(error) ? 'permanent' : 'died';
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Calls the session with retries, because it may be about to restart. Its methods may be called twice. */
async function insist<R>(reach: Reach, clock: Clock, call: (session: SessionObject) => Promise<R>): Promise<R> {
  for (const ms of pauses) {
    try {
      return await reach(call);
    } catch (error) {
      if ((error as { overloaded?: boolean }).overloaded) throw error;
      await pause(clock, ms * (0.5 + clock.random()));
    }
  }
  return reach(call);
}

/** Returns the content of a message, or undefined for a message that is not the framework's. */
function read(body: unknown): JobMessage | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { session, job, epoch } = body as Partial<Record<keyof JobMessage, unknown>>;
  const isId = (id: unknown, longest: number): id is string =>
    typeof id === 'string' && id !== '' && id.length <= longest;
  if (!isId(session, 512) || !isId(job, 64)) return undefined;
  return typeof epoch === 'number' ? { session, job, epoch } : { session, job };
}
