/** Round numbers that contain all values, with their lines: at most about five. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** Returns a scale from 0, or from a round number below the smallest value. */
export function scaleOf(values: readonly (number | null)[]): Scale {
  let min = 0;
  let max = 0;
  for (const value of values) {
    min = Math.min(min, value ?? 0);
    max = Math.max(max, value ?? 0);
  }
  if (min === max) max = 1;
  const rough = (max - min) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10);
  const first = Math.floor(min / step);
  const last = Math.ceil(max / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { min: first * step, max: last * step, ticks };
}

/** Returns a coordinate without the noise of floating point, because it is part of the page's HTML. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Returns the path through all points that are there; a gap begins a new line. */
export function pathOf(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let path = '';
  let pen = 'M';
  for (const point of points) {
    if (point) path += `${pen}${round(point[0])} ${round(point[1])}`;
    pen = point ? 'L' : 'M';
  }
  return path;
}
