// What a series of measurements says.

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Returns the median of the rounds' own ratios. A disturbance in a round slows both sides, so the ratio is hardly affected. */
export function ratio(
  ours: readonly number[],
  theirs: readonly number[],
): { value: number; spread: readonly [number, number] } {
  const ratios = ours.map((value, round) => value / (theirs[round] as number));
  return { value: median(ratios), spread: range(ratios) };
}

/**
 * Returns the exponent of growth: the slope of a line through the points, both axes in logarithms.
 * 0 is constant, 1 linear, 2 quadratic.
 */
export function exponent(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (axis: 0 | 1) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const rise = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const run = logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return rise / run;
}
