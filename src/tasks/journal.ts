import { ScopeKey } from '../scope/index.ts';
import type { RemoteError } from './service.ts';

/** What a call gave before a restart. */
export interface Before {
  /** The job that a `cpuBound` call started; it is found again instead of started again. */
  readonly job: string | undefined;
  /** What an `ioBound` call, a clock or a chance gave; absent while it had not ended, or could not be kept. */
  readonly outcome:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly error: RemoteError }
    | undefined;
  /** True when the handler had gone on with the result. */
  readonly consumed: boolean;
  /** Chunks of the job that the handler had taken. */
  readonly chunks: number;
  /** True when the handler had gone on after the last chunk. */
  readonly ended: boolean;
}

/** One `run.*` call of a handler, in its journal. */
export interface Step {
  /** Undefined for a call that is made for the first time. */
  readonly before: Before | undefined;
  /**
   * Undefined when the next chunk, their end, or the result may be handed over; otherwise settles when it may: in a replay, what had happened
   * before comes in the order in which it happened, and what is new when all that was passed.
   */
  ready(what: 'chunk' | 'end' | 'result'): Promise<void> | undefined;
  /** The call started this job. */
  issued(job: string): void;
  /** The handler goes on with the result, which for all but jobs is kept here. */
  consumed(
    outcome?: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: RemoteError },
  ): void;
  /** The handler takes one more chunk. */
  chunk(): void;
  /** The handler goes on after the last chunk. */
  ended(): void;
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
  /**
   * Takes the next step.
   *
   * @throws {InterruptedError} when the journal has another call at this place: the handler's code has changed.
   */
  step(sort: 'cpu' | 'io' | 'now' | 'random', name: string): Step;
}

/** The journal of the handler that runs. */
export const journal = new ScopeKey<Journal>('handler');
