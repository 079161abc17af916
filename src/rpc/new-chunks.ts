import type { Report } from './contract.ts';

/** What a report adds to what came before. */
export interface NewChunks {
  /** The chunks that are new. */
  readonly fresh: readonly unknown[];
  /** The new checkpoint, and how many chunks come before it, of all attempts. */
  readonly checkpoint?: { readonly value: unknown; readonly chunks: number };
}

/**
 * An attempt begins where the last checkpoint was, or at the start, and yields again what an earlier one has yielded: chunks
 * that are there already are not new.
 *
 * @param came how many chunks came, of all attempts.
 * @param base the number that the first chunk of this attempt has.
 * @returns undefined when chunks are missing before those of the report.
 */
export function newChunksIn({ chunks, from, checkpoint }: Report, came: number, base: number): NewChunks | undefined {
  const first = from === undefined ? came : base + from;
  if (first > came) return undefined;
  return {
    fresh: chunks.slice(came - first),
    ...(checkpoint && { checkpoint: { value: checkpoint.value, chunks: first + checkpoint.after } }),
  };
}
