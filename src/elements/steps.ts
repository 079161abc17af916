/** Options of an element with numbers on a line. */
export interface StepOptions {
  /** The least value, in the unit of the value. @default 0 */
  readonly min: number;
  /** The greatest value, in the unit of the value. @default depends on the element */
  readonly max: number;
  /** The distance between two values, in the unit of the value. @default depends on the element */
  readonly step: number;
}

/**
 * Returns the bounds and the step with their defaults.
 *
 * @param what the name of the function for errors, such as `ui.slider`.
 * @throws {RangeError} for bounds or a step between which there is no value.
 */
export function stepProps(what: string, given: Partial<StepOptions>, defaults: StepOptions): StepOptions {
  const { min = defaults.min, max = defaults.max, step = defaults.step } = given;
  if (!(min < max)) throw new RangeError(`${what} has min ${min} and max ${max}; min has to be below max.`);
  if (!(step > 0)) throw new RangeError(`${what} has the step ${step}; a step is above 0.`);
  return { min, max, step };
}
