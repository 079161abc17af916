/**
 * Returns true when a forced reload is allowed, and records it. One a minute is, so that incompatible versions cannot loop.
 *
 * @param storage returns the tab's storage. It may throw.
 */
export function mayReload(
  now: number,
  storage: () => Pick<Storage, 'getItem' | 'setItem'> = () => sessionStorage,
): boolean {
  try {
    const last = storage().getItem('edgewise:reloaded');
    if (last !== null && now - Number(last) < 60_000) return false;
    storage().setItem('edgewise:reloaded', String(now));
    return true;
  } catch {
    return false; // Because no storage can guard against a loop, the person decides.
  }
}
