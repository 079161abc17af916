import { decode, encode, type PartRow } from '../storage/index.ts';
import { jobLimits } from './limits.ts';

/** What is too large for the row of a job, as it waits for its commit. */
export interface Part {
  readonly sort: PartRow['sort'];
  readonly n: number;
  readonly value: string;
}

/** More parts than one chunk can have: a message of 32 MiB, in parts of half a megabyte. */
export const pieces = 1_024;

/** A text as parts, each below the row cap. */
export function partsOf(sort: PartRow['sort'], text: string, first = 0): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + jobLimits.part);
    // SQLite keeps UTF-8, in which half a surrogate pair is nothing.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    parts.push({ sort, n: first + parts.length, value: text.slice(at, end) });
    at = end;
  }
  return parts;
}

/** The text again; undefined when there are no parts. */
export function joined(parts: readonly { readonly value: string }[]): string | undefined {
  return parts.length === 0 ? undefined : parts.map((part) => part.value).join('');
}

/** Chunks as parts that name the number of their first one; a chunk above the row cap takes several. */
export function partsOfChunks(chunks: readonly unknown[], first: number, what: string): Part[] {
  const text = encode(chunks, what);
  if (text.length <= jobLimits.part || chunks.length === 1) return partsOf('chunk', text, first * pieces);
  const half = chunks.length >> 1;
  return [
    ...partsOfChunks(chunks.slice(0, half), first, what),
    ...partsOfChunks(chunks.slice(half), first + half, what),
  ];
}

/** The number of the first chunk in a part. */
export function firstChunk(part: { readonly n: number }): number {
  return Math.floor(part.n / pieces);
}

/** The part that a chunk begins, for deleting all before it. */
export function partOfChunk(chunk: number): number {
  return chunk * pieces;
}

/** The chunks in parts, oldest first. */
export function chunksIn(parts: readonly { readonly n: number; readonly value: string }[]): unknown[] {
  const texts = new Map<number, string>();
  for (const part of parts) texts.set(firstChunk(part), (texts.get(firstChunk(part)) ?? '') + part.value);
  return [...texts.values()].flatMap((text) => decode(text) as unknown[]);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
