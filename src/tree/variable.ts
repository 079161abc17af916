// The name of the variable that an element or a state is assigned to. `edgewise/vite` reads it in the author's source.

let pending: string | undefined;

/**
 * Returns the function, which then knows the name of the variable that its result is assigned to. `edgewise/vite` writes
 * this call into modules that it builds.
 *
 * @internal
 */
export function named<Args extends unknown[], Result>(
  name: string,
  make: (...args: Args) => Result,
): (...args: Args) => Result {
  if (!make) throw new TypeError(`The variable "${name}" is made by a function that ui does not have.`);
  // Its arguments were evaluated before this runs, so what they make does not take the name.
  return (...args) => {
    pending = name;
    try {
      return make(...args);
    } finally {
      pending = undefined;
    }
  };
}

/** Returns the name of the variable that what is made now is assigned to. What is made inside of it has no part in the name. */
export function takeVariable(): string | undefined {
  const name = pending;
  pending = undefined;
  return name;
}
