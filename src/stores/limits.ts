/** The caps of `storage.tab` and `storage.user`, each with its reason. */
export const storeLimits = {
  /** Values, lists and maps of one user or tab, because an activation reads all of them. */
  names: 1_000,
  /** Characters of a name, because it is part of a row's name. */
  name: 128,
  /** Characters of one value, or of one item. */
  value: 256 * 1024,
  /** Items of all lists and maps. */
  items: 20_000,
  /** Characters of everything that a session stores in this way. */
  size: 8 * 1024 * 1024,
} as const;
