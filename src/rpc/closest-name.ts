import leven from 'leven';

/** Returns the known name with the fewest edits to `name`; undefined when a typing mistake is unlikely. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  let closest: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = leven(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      closest = candidate;
    }
  }
  return closest;
}
