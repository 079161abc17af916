import { type Clock, systemClock, type Timer } from '../clock/index.ts';
import { jobLimits } from '../jobs/index.ts';
import {
  type ComputeService,
  callService,
  capture,
  isPermanent,
  type Outcome,
  type Report,
  StopSignal,
  TimeoutError,
} from '../rpc/index.ts';
import type { JobMessage, SessionObject } from '../session/index.ts';
import { callSession } from './session-stub.ts';

/** Milliseconds between two tries to tell a session something that it has to know. */
const pauses = [100, 500, 2_000, 4_000];
/** Seconds until a message comes again whose session could not be reached; each following time twice as long. */
const retryAfter = 5;

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
  await Promise.all(
    batch.messages.map(async (message) => {
      const ids = read(message.body);
      if (!ids) {
        console.warn(`Dropped a message of the queue ${batch.queue} that names no job.`);
        message.ack();
        return;
      }
      const reach: Reach = (call) =>
        ids.session.startsWith(ofShared)
          ? callSession(env, shared, ids.session.slice(ofShared.length), call)
          : callSession(env, binding, ids.session, call);
      try {
        if (dead) await reach((session) => session.deadJob(ids.job, ids.epoch));
        else await runJob(ids.job, env, reach, clock);
        message.ack();
      } catch (error) {
        console.warn(`The session of job ${ids.job} could not be reached; its message comes again.`, error);
        message.retry({ delaySeconds: Math.min(600, retryAfter * 2 ** (message.attempts - 1)) });
      }
    }),
  );
}

/** Runs the job's next attempt, if it has one. Throws when its session cannot be reached. */
async function runJob(id: string, env: Environment, reach: Reach, clock: Clock): Promise<void> {
  const claim = await insist(reach, clock, (session) => session.claimJob(id));
  if (!claim) return;
  const { epoch, service: binding, call, timeout, heartbeat } = claim;
  const stop = new StopSignal();
  /** Counted by timers: a clock may be put wrong. */
  let elapsed = 0;
  const tell = async (report?: Report) => {
    const left = timeout === null ? undefined : timeout - elapsed;
    const send = (session: SessionObject) => session.reportJob(id, epoch, report, left);
    // A sign of life may get lost; a report may not, its chunks would be missing.
    const verdict = await (report ? insist(reach, clock, send) : reach(send));
    if (verdict !== 'go') stop.stop(new Error(`The job was ${verdict === 'cancelled' ? 'cancelled' : 'taken over'}.`));
  };
  let beating: Timer;
  const beat = () => {
    elapsed += jobLimits.beat;
    tell().catch((error: unknown) => console.warn(`A sign of life of job ${id} got lost.`, error));
    beating = clock.after(jobLimits.beat, beat);
  };
  beating = clock.after(jobLimits.beat, beat);
  // The session decides about time; this only makes sure that nothing runs on for a session that is gone.
  const limit =
    timeout === null
      ? undefined
      : clock.after(timeout + jobLimits.silence, () => stop.stop(new Error('Its time is over.')));
  let outcome: Outcome;
  try {
    const service = env[binding] as ComputeService | undefined;
    outcome = await callService({ service, binding, call, clock, heartbeat, ask: epoch > 1, stop, reported: tell });
  } catch (error) {
    const fault = error instanceof TimeoutError ? 'silent' : isPermanent(error) ? 'permanent' : 'died';
    if (!stop.reason) await insist(reach, clock, (session) => session.failJob(id, epoch, capture(error), fault));
    return;
  } finally {
    clock.clear(beating);
    if (limit !== undefined) clock.clear(limit);
  }
  if (!stop.reason) await insist(reach, clock, (session) => session.completeJob(id, epoch, outcome));
}

/** Calls the session, again and again for a while: it may be about to restart. Each of its methods may be called twice. */
async function insist<R>(reach: Reach, clock: Clock, call: (session: SessionObject) => Promise<R>): Promise<R> {
  for (const pause of pauses) {
    try {
      return await reach(call);
    } catch (error) {
      if ((error as { overloaded?: boolean }).overloaded) throw error;
      await new Promise<void>((resolve) => clock.after(pause * (0.5 + clock.random()), resolve));
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
