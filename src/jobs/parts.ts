import { decode, encode, type PartRow, splitText } from '../storage/index.ts';
import { jobLimits } from './limits.ts';

/** A piece of a job's data that is too large for its row, and waits for its commit. */
export interface Part {
  readonly type: PartRow['type'];
  readonly n: number;
  readonly value: string;
}

/** More parts than one chunk can have, which is at most 32 MiB in parts of half a mebibyte. */
export const pieces = 1_024;

/** Splits a text into parts below the row cap. */
export function partsOf(type: PartRow['type'], text: string, first = 0): Part[] {
  return splitText(text, jobLimits.part).map((value, index) => ({ type, n: first + index, value }));
}

/** Joins parts to their text; undefined without parts. */
export function joined(parts: readonly { readonly value: string }[]): string | undefined {
  return parts.length === 0 ? undefined : parts.map((part) => part.value).join('');
}

/** Serialises chunks into parts, numbered by their first chunk. A chunk above the row cap takes several parts. */
export function partsOfChunks(chunks: readonly unknown[], first: number, what: string): Part[] {
  const text = encode(chunks, what);
  if (text.length <= jobLimits.part || chunks.length === 1) return partsOf('chunk', text, first * pieces);
  const half = chunks.length >> 1;
  return [
    ...partsOfChunks(chunks.slice(0, half), first, what),
    ...partsOfChunks(chunks.slice(half), first + half, what),
  ];
}

/** Returns the number of the first chunk in a part. */
export function firstChunk(part: { readonly n: number }): number {
  return Math.floor(part.n / pieces);
}

/** Returns the number of the part that starts with a chunk, for deleting earlier parts. */
export function partOfChunk(chunk: number): number {
  return chunk * pieces;
}

/** Returns the chunks in parts, oldest first. */
export function chunksIn(parts: readonly { readonly n: number; readonly value: string }[]): unknown[] {
  const texts = new Map<number, string>();
  for (const part of parts) texts.set(firstChunk(part), (texts.get(firstChunk(part)) ?? '') + part.value);
  return [...texts.values()].flatMap((text) => decode(text) as unknown[]);
}
