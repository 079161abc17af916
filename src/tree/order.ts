// How a list of children comes into another order with the fewest moves.

/** Returns the positions of a longest increasing subsequence, ignoring -1: the children that need not move. */
export function staying(indices: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: number[] = new Array<number>(indices.length).fill(-1);
  indices.forEach((value, position) => {
    if (value < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((indices[tails[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[position] = tails[low - 1] as number;
    tails[low] = position;
  });
  const run = new Set<number>();
  for (let position = tails.at(-1) ?? -1; position >= 0; position = previous[position] as number) run.add(position);
  return run;
}

/**
 * Returns the moves that bring children into an order, one after the other. An index counts after the child was taken out.
 *
 * @param from the position that each has before.
 * @param stay the positions in the order of those that need not move, see {@link staying}.
 */
export function movesOf(
  from: readonly number[],
  stay: ReadonlySet<number>,
): { readonly at: number; readonly index: number }[] {
  const waits = new Array<boolean>(from.length).fill(false);
  from.forEach((place, at) => {
    if (!stay.has(at)) waits[place] = true;
  });
  const moves: { readonly at: number; readonly index: number }[] = [];
  /** The number of children before the last one in place that still have to move. */
  let before = 0;
  let passed = 0;
  from.forEach((place, at) => {
    if (stay.has(at)) {
      for (; passed < place; passed++) if (waits[passed]) before++;
      passed = place + 1;
      return;
    }
    if (place < passed) before--;
    waits[place] = false;
    moves.push({ at, index: at + before });
  });
  return moves;
}
