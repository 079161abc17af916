import { ContextKey } from '../context/index.ts';
import { setReplayHooks } from '../reactive/index.ts';
import type { SettledResult } from '../rpc/index.ts';

/** What a call gave before a restart. */
export interface Before {
  /** The job that a `cpuBound` call started; it is found again instead of started again. */
  readonly job: string | undefined;
  /** What another call gave; absent while it had not ended, or could not be kept. */
  readonly outcome: SettledResult | undefined;
  /** True when the handler had gone on with the result. */
  readonly consumed: boolean;
  /** Chunks of the job that the handler had taken. */
  readonly chunks: number;
  /** True when the handler had gone on after the last chunk. */
  readonly ended: boolean;
  /** The error with which the chunks ended. */
  readonly failure: SettledResult | undefined;
}

/** What a handler waits for that no code computes. */
export type WaitSort = 'sleep' | 'event' | 'dialog' | 'confirm' | 'prompt' | 'clicked';

/** What a step of a journal is. */
export type StepSort = 'cpu' | 'io' | 'now' | 'random' | WaitSort;

/** An answer that a step waits for. */
export interface Expected {
  /** Names who answers; '' when only time can end the wait. */
  readonly channel: string;
  /** Milliseconds since the epoch at which the wait ends by itself; a step that began before a restart keeps the time of then. */
  readonly until: number;
  /** False when nobody can answer any more. */
  readonly there: boolean;
  /** How it ends when nobody can answer any more, another run takes the handler's place, or its time is over. */
  readonly gone: SettledResult;
  readonly superseded: SettledResult;
  readonly expired: SettledResult;
}

/** One `run.*` call of a handler, in its journal. */
export interface Step {
  /** Names the call among those of the handler. */
  readonly name: string;
  /** Undefined for a call that is made for the first time. */
  readonly before: Before | undefined;
  /** Rejects when the handler cannot go on any more; undefined when that cannot be. */
  readonly interrupted: Promise<never> | undefined;
  /** Somebody waits for the call: the handler has not ended before that is over, also when it has returned. Returns how to say so. */
  waits(): () => void;
  /** Settles when somebody has answered, or the wait has ended without; what was answered is kept from then on. Called once. */
  expect(expected: Expected): Promise<SettledResult>;
  /**
   * Undefined when the next chunk, their end, or the result may be handed over; otherwise settles when it may. One is handed over at
   * a time, so that what follows it is done before the next one; in a replay, what had happened before comes in the order in which
   * it happened, and what is new when all that was passed.
   *
   * @throws {InterruptedError} (rejects) when the handler cannot go on.
   */
  ready(what: 'chunk' | 'end' | 'result'): Promise<void> | undefined;
  /** The call started this job. */
  issued(job: string): void;
  /**
   * The handler goes on with the result, which is recorded as text.
   *
   * @param persisted true for a value that has a row of its own, as that of a job: then only an error is recorded. Default false.
   * @returns what the handler is to get: a copy that is made of the text. A value that has no text is handed out as it is.
   * @throws {InterruptedError} when the call had to be made again and ended otherwise than before.
   */
  consumed(outcome: SettledResult, persisted?: boolean): SettledResult;
  /** The handler takes one more chunk. */
  chunk(): void;
  /** The handler goes on after the last chunk, or gets the error with which the chunks ended. Returns that error as the handler is to get it. */
  ended(failure?: SettledResult): SettledResult | undefined;
  /** More than its result was taken from the call: a replay has to make it again. */
  unkept(): void;
}

/**
 * What a handler has done so far, so that it can be continued after a restart: its calls of `run` in order, with their results.
 * The session fills it; calls outside of a durable handler have none.
 */
export interface Journal {
  /** Aborts when the handler is to stop: its calls are then cancelled. */
  readonly signal: AbortSignal | undefined;
  /** True while the handler does again what it did before a restart: what has an effect once must not have it twice. */
  readonly replaying: boolean;
  /** True while what the handler writes is for itself alone: in a replay, and after another run has taken its place. */
  readonly isolated: boolean;
  /** True when the handler could not be continued and was told so: nothing that it calls from there on begins, or ends. */
  readonly interrupted: boolean;
  /** What the handler reads of something that it cannot write; in a replay, what it read there before. */
  recordRead(name: string, read: () => unknown): unknown;
  /**
   * Takes the next step.
   *
   * @param code the author's function that the call runs, when it has one: a call is known by its code and its name.
   * @returns undefined for a call of code that is not the handler's, see `unrecorded`.
   * @throws {InterruptedError} when the journal has another call at this place, other code or other arguments.
   */
  step(sort: StepSort, name: string, args?: readonly unknown[], code?: (...args: never) => unknown): Step | undefined;
  /** Returns whether the handler takes the changed way of a patch, see `run.patched`. A replay returns what was returned before. */
  patched(name: string): boolean;
}

/** The journal of the handler that runs. */
export const journal = new ContextKey<Journal>('handler');

/** Runs what is no part of the handler that starts it: what it calls and writes is not noted as the handler's. */
export function unjournaled<R>(fn: () => R): R {
  return journal.get() ? journal.run(undefined as unknown as Journal, fn) : fn();
}

setReplayHooks({
  isHandler: () => journal.get() !== undefined,
  isReplaying: () => journal.get()?.isolated === true,
  unowned: unjournaled,
});
