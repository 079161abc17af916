/** Runs on the server; there is nothing to see. */
export function Timer(): null {
  return null;
}
