import { ContextKey } from '../context/index.ts';
import { setReplayHooks } from '../reactive/index.ts';
import type { SettledResult, StopSignal } from '../rpc/index.ts';

/** The journal entry of a call from before a restart. */
export interface Before {
  /** The id of the job that a `cpuBound` call started. A replay finds this job and starts no other. */
  readonly job: string | undefined;
  /** The end of any other call; undefined when it had not ended or could not be stored. */
  readonly outcome: SettledResult | undefined;
  /** True when the handler had received the result. */
  readonly consumed: boolean;
  /** Number of the job's chunks that the handler had received. */
  readonly chunks: number;
  /** True when the handler had received the end of the chunks. */
  readonly ended: boolean;
  /** True when the call was still made although the handler had its result, see {@link Step.completes}. */
  readonly unfinished: boolean;
  /** The error with which the chunks ended. */
  readonly failure: SettledResult | undefined;
}

/** The kind of a wait for people or for time. */
export type WaitType = 'sleep' | 'event' | 'dialog' | 'confirm' | 'prompt' | 'clicked' | 'call';

/** The kind of a step. */
export type StepType = 'cpu' | 'io' | 'now' | 'random' | WaitType;

/** An answer that a step waits for. */
export interface Expected {
  /** The channel of the answer; '' when only time can end the wait. */
  readonly channel: string;
  /** Deadline in milliseconds since the epoch. A step from before a restart has its original deadline. */
  readonly until: number;
  /** False when nobody can answer any more. */
  readonly there: boolean;
  /** The end of the wait when nobody can answer any more, when another run replaces the handler, and after its time. */
  readonly gone: SettledResult;
  readonly superseded: SettledResult;
  readonly expired: SettledResult;
  /** Shows the question again. Called when the handler waits again after a restart: a deploy may have given it another place. */
  readonly resumed: (() => void) | undefined;
}

/** One `run.*` call of a handler, in its journal. */
export interface Step {
  /** The name of the call, unique in the handler. */
  readonly name: string;
  /** The entry from before a restart; undefined for a new call. */
  readonly before: Before | undefined;
  /** Rejects when the handler cannot continue; undefined when that cannot happen. */
  readonly interrupted: Promise<never> | undefined;
  /** Registers a waiter of the call, without which a returned handler counts as ended. Call the result when the wait is over. */
  waits(): () => void;
  /** Resolves with the answer or another end of the wait, which is stored by then. Called once. */
  expect(expected: Expected): Promise<SettledResult>;
  /**
   * Returns undefined when the next chunk, the end or the result may be delivered now, or else a promise of that time. One is
   * delivered at a time, so the handler's reaction precedes the next one. A replay delivers recorded results in their recorded
   * order, and new ones after all of them.
   *
   * @throws {InterruptedError} (rejects) when the handler cannot continue.
   */
  ready(what: 'chunk' | 'end' | 'result'): Promise<void> | undefined;
  /**
   * Returns undefined when the results that the call waits for are stored, or else a promise of that time. The call leaves the session
   * after it, so a replay repeats it with the same arguments. A passing call does not wait for the results of other passing calls,
   * except when there is much to store.
   */
  stored(): Promise<void> | undefined;
  /** Records the job that the call started. */
  issued(job: string): void;
  /**
   * Records as text the result that the handler receives.
   *
   * @param persisted true for a value with a row of its own, such as a job's; then only an error is recorded. @default false
   * @returns a copy made of the text for the handler, or the value itself when it cannot be serialised.
   * @throws {InterruptedError} when a repeated call ended differently than before.
   */
  consumed(outcome: SettledResult, persisted?: boolean): SettledResult;
  /** Records that the handler receives one more chunk. */
  chunk(): void;
  /** Records that the handler receives the end of the chunks or their error. Returns the error for the handler. */
  ended(failure?: SettledResult): SettledResult | undefined;
  /**
   * Records that the call is made to its end although the handler has its CancelledError already, so a replay makes it again.
   *
   * @returns the function to call at its end.
   */
  completes(): () => void;
  /** Records that the handler read more than the result, so a replay must repeat the call. */
  repeatOnReplay(): void;
}

/**
 * The journal of one handler run: its `run` calls in order, with their results, for a replay after a restart. The session
 * implements it; code outside of a durable handler has none.
 */
export interface Journal {
  /** Fires when the handler must stop, which cancels its calls. */
  readonly stop: StopSignal | undefined;
  /** True during a replay, in which effects must not happen a second time. */
  readonly replaying: boolean;
  /** True while writes go to the handler's overlay: during a replay, and after another run replaced the handler. */
  readonly isolated: boolean;
  /** True after the handler was interrupted. Its further calls neither start nor settle. */
  readonly interrupted: boolean;
  /** Reads and records a value that the handler cannot write. A replay returns the recorded value. */
  recordRead(name: string, read: () => unknown): unknown;
  /**
   * Returns the next step.
   *
   * @param code the author's function that the call runs, if any. The journal identifies a call by its code and its name.
   * @param passing true for a call with `durable: false`. @default false
   * @returns undefined for a call by code that is not the handler's own, see `unrecorded`.
   * @throws {InterruptedError} when the journal has a different call, different code or different arguments here.
   */
  step(
    type: StepType,
    name: string,
    args?: readonly unknown[],
    code?: (...args: never) => unknown,
    passing?: boolean,
  ): Step | undefined;
  /** Returns whether the handler runs the changed code of a patch, see `run.patched`. A replay returns the recorded answer. */
  patched(name: string): boolean;
  /** Calls `fn` when the handler has ended. A replay asks for it again. */
  atEnd(fn: () => void): void;
}

/** The reason with which the calls of a handler are cancelled whose place another run has taken. */
export class HandlerSuperseded extends Error {
  constructor() {
    super('The handler was started again.');
  }
}

/** The journal of the running handler. */
export const journal = new ContextKey<Journal>('handler');

/** Returns the promise of a call, which rejects as soon as the handler is interrupted. */
export function unlessInterrupted<T>({ interrupted }: Pick<Step, 'interrupted'>, promise: Promise<T>): Promise<T> {
  return interrupted ? Promise.race([promise, interrupted]) : promise;
}

/** Runs code that is no part of the running handler. The journal records neither its calls nor its writes. */
export function unjournaled<R>(fn: () => R): R {
  return journal.has() ? journal.run(undefined as unknown as Journal, fn) : fn();
}

setReplayHooks({
  isHandler: () => journal.has(),
  isReplaying: () => journal.get()?.isolated === true,
  unowned: unjournaled,
});
