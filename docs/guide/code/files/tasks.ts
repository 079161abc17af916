import type { FileRef } from 'edgewise';

/** Reads a file of any size while it counts. */
export async function countLines(file: FileRef): Promise<number> {
  let lines = 0;
  for await (const chunk of await file.stream()) for (const byte of chunk) if (byte === 10) lines++;
  return lines;
}
