/** Renders nothing, because a timer runs on the server. */
export function Timer(): null {
  return null;
}
