import type { Report } from './contract.ts';

/** The new part of a report. */
export interface NewChunks {
  /** Chunks that no earlier attempt reported. */
  readonly fresh: readonly unknown[];
  /** The new checkpoint, and how many chunks of all attempts precede it. */
  readonly checkpoint?: { readonly value: unknown; readonly chunks: number };
}

/**
 * Returns the new part of a report. An attempt starts at the last checkpoint, or at the beginning, and yields some chunks
 * of an earlier attempt a second time; these are skipped.
 *
 * @param came number of chunks so far, of all attempts.
 * @param base number of the first chunk of this attempt.
 * @returns undefined when chunks before those of the report are missing.
 */
export function newChunksIn({ chunks, from, checkpoint }: Report, came: number, base: number): NewChunks | undefined {
  const first = from === undefined ? came : base + from;
  if (first > came) return undefined;
  return {
    fresh: chunks.slice(came - first),
    ...(checkpoint && { checkpoint: { value: checkpoint.value, chunks: first + checkpoint.after } }),
  };
}
