import { backoff, type Clock, systemClock, type Timer, TokenBucket } from '../clock/index.ts';
import { type Fault, jobLimits } from '../jobs/index.ts';
import {
  type ComputeService,
  callService,
  capture,
  isPermanent,
  type Outcome,
  outOfTime,
  type Report,
  StopSignal,
  TimeoutError,
} from '../rpc/index.ts';
import type { JobMessage, SessionObject } from '../session/index.ts';
import { callSession } from './session-stub.ts';

/** Milliseconds between two tries to tell a session something that it has to know. */
const pauses = [100, 500, 2_000, 4_000];
/** Seconds until a message comes again whose session could not be reached: the first time, and at most. */
const retryAfter = { first: 5, most: 600 };

/**
 * How often one invocation may call. The platform allows 10,000 subrequests; what is left here is for the calls of the compute service and
 * for what nobody thought of. Each job of a batch has its share, so no job can use up what another one needs to end.
 */
const calls = { most: 8_000, reservedForTheEnd: 20 };
/** Milliseconds that an invocation lasts at most: the platform ends it after 15 minutes, and the last words of each job take a while. */
const lifetime = 15 * 60_000 - 20_000;
/** Milliseconds between two signs of life at most: two of them fit into the time after which the session gives the attempt up. */
const slowestBeat = 9_000;

/** How the owner of a shared job is named in messages; no session is named so. */
const ofShared = 'shared:';

type Environment = Readonly<Record<string, unknown>>;
type Reach = <R>(call: (session: SessionObject) => Promise<R>) => Promise<R>;

/**
 * Handles a batch of the queue of jobs: runs each job on its compute service and tells its session. A message is acknowledged when its
 * session has recorded the outcome, or has nothing to run; it comes again only when the session could not be reached.
 */
export async function consume(
  batch: MessageBatch<unknown>,
  env: Environment,
  binding: string,
  clock: Clock = systemClock,
  shared = 'SHARED',
): Promise<void> {
  const dead = batch.queue.endsWith('-dead');
  const ends = clock.now() + lifetime;
  const share = Math.floor(calls.most / batch.messages.length);
  await Promise.all(
    batch.messages.map(async (message) => {
      const ids = read(message.body);
      if (!ids) {
        console.warn(`Dropped a message of the queue ${batch.queue} that names no job.`);
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
          ? callSession(env, shared, ids.session.slice(ofShared.length), counted)
          : callSession(env, binding, ids.session, counted);
      };
      try {
        if (dead) await reach((session) => session.deadJob(ids.job, ids.epoch));
        else await runJob(ids.job, env, reach, budget, clock, ends);
        message.ack();
      } catch (error) {
        console.warn(`The session of job ${ids.job} could not be reached; its message comes again.`, error);
        message.retry({ delaySeconds: backoff(message.attempts, retryAfter) });
      }
    }),
  );
}

/** The calls of its session that a job may have made in one invocation. */
class CallBudget {
  /** Paces the reports: many at first, then as many as fit into the rest of the invocation. */
  readonly reports: TokenBucket;
  /** Milliseconds between two signs of life. */
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

  /** True when what is left is for the end of the attempt only. */
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
): Promise<void> {
  const claim = await insist(reach, clock, (session) => session.claimJob(id));
  if (!claim) return;
  const { epoch, service: binding, call, timeout, heartbeat } = claim;
  const stop = new StopSignal();
  /** Why this invocation ends the attempt, although its task could go on. */
  const end = Promise.withResolvers<{ readonly error: unknown; readonly fault: Fault }>();
  const endAttempt = (error: Error, fault: Fault) => {
    if (stop.reason) return;
    stop.stop(error);
    // At once: a task that does not yield would use up the time to say so.
    end.resolve({ error, fault });
  };
  /** Counted by timers: a clock may be put wrong. */
  let elapsed = 0;
  /** True when the session was told something since the last sign of life. */
  let told = false;
  const tell = async (report?: Report) => {
    if (budget.spent) {
      endAttempt(new Error('Its consumer has made as many calls as it may, and another one goes on.'), 'spent');
      return;
    }
    told = true;
    const left = timeout === null ? undefined : timeout - elapsed;
    const send = (session: SessionObject) => session.reportJob(id, epoch, report, left);
    // A sign of life may get lost; a report may not, its chunks would be missing.
    const verdict = await (report ? insist(reach, clock, send) : reach(send));
    if (verdict !== 'go') stop.stop(new Error(`The job was ${verdict === 'cancelled' ? 'cancelled' : 'taken over'}.`));
  };
  let beating: Timer;
  const beat = () => {
    elapsed += budget.beat;
    if (!told) tell().catch((error: unknown) => console.warn(`A sign of life of job ${id} got lost.`, error));
    told = false;
    beating = clock.after(budget.beat, beat);
  };
  beating = clock.after(budget.beat, beat);
  // A report that may not leave yet is not answered, so the task gathers what follows, and waits when that is much.
  const reported = async (report: Report) => {
    while (!stop.reason) {
      const wait = budget.reports.take(clock.now());
      if (wait === 0) break;
      await pause(clock, Math.min(wait, 1_000));
    }
    if (!stop.reason) await tell(report);
  };
  const over = clock.after(Math.max(0, ends - clock.now()), () =>
    endAttempt(outOfTime.attempt(`Task "${call.task}"`, timeout ?? lifetime), 'silent'),
  );
  // The session decides about time; this only makes sure that nothing runs on for a session that is gone.
  const limit =
    timeout === null
      ? undefined
      : clock.after(timeout + jobLimits.silence, () => stop.stop(new Error('Its time is over.')));
  const service = env[binding] as ComputeService | undefined;
  const answered = callService({ service, binding, call, clock, heartbeat, ask: epoch > 1, stop, reported }).then(
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

/** What the session is told of an attempt that is over. */
type Answer = { readonly outcome: Outcome } | { readonly error: unknown; readonly fault: Fault };

/** What became of an attempt that was stopped: how this invocation ended it, or nothing when the session did. */
function unlessEnded(end: Promise<Answer>): Promise<Answer | undefined> {
  return Promise.race([end, Promise.resolve(undefined)]);
}

function faultOf(error: unknown): Fault {
  return error instanceof TimeoutError ? 'silent' : isPermanent(error) ? 'permanent' : 'died';
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Calls the session, again and again for a while: it may be about to restart. Each of its methods may be called twice. */
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

/** What a message says, when it is one of ours. */
function read(body: unknown): JobMessage | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { session, job, epoch } = body as Partial<Record<keyof JobMessage, unknown>>;
  const isId = (id: unknown, longest: number): id is string =>
    typeof id === 'string' && id !== '' && id.length <= longest;
  if (!isId(session, 512) || !isId(job, 64)) return undefined;
  return typeof epoch === 'number' ? { session, job, epoch } : { session, job };
}
