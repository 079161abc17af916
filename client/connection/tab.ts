import type { ConnectionStorage } from './connection.ts';

/** Locks shared by the tabs of a browser; the shape of `navigator.locks`. */
export interface Locks {
  /** Locks the name until the document goes. Returns whether it was free within `ms`. */
  take(name: string, ms: number): Promise<boolean>;
}

/** What the tab knows about itself when a document starts. */
export interface TabStart {
  /** The page the document was made for. */
  readonly page: string;
  /** Path and query the document was made for: a tab remembers one page for each. */
  readonly path: string;
  /** True when the document was reloaded or reached by back and forward: then the remembered page is the one to show. */
  readonly returning: boolean;
}

export interface TabPage {
  readonly page: string;
  /** True when another tab shows this page; ask the session for a fresh one. */
  readonly fork: boolean;
}

/** Milliseconds that the document which was just left may still have its lock. */
const lockWait = 1_000;

/**
 * Decides which page this tab shows. A page belongs to one tab: the tab that holds its lock. The page remembered for the
 * path comes first when the person returned to it; a page that another tab holds is left to that tab.
 */
export async function claimPage(start: TabStart, storage: ConnectionStorage, locks: Locks): Promise<TabPage> {
  const remembered = read(storage, pageKey(start.path));
  if (
    start.returning &&
    remembered &&
    remembered !== start.page &&
    (await locks.take(lockName(remembered), lockWait))
  ) {
    return { page: remembered, fork: false };
  }
  const free = await locks.take(lockName(start.page), lockWait);
  if (free) rememberPage(storage, start.path, start.page);
  return { page: start.page, fork: !free };
}

/** Remembers the page of a path for the tab's next document. */
export function rememberPage(storage: ConnectionStorage, path: string, page: string | undefined): void {
  try {
    if (page === undefined) storage.remove(pageKey(path));
    else storage.set(pageKey(path), page);
  } catch {
    // Without storage, the cookie set at `beforeunload` still brings a reload back to its page.
  }
}

/** Returns whether a forced reload is allowed, and records it: one a minute, so that two incompatible halves cannot loop. */
export function mayReload(storage: ConnectionStorage, now: number): boolean {
  const last = Number(read(storage, 'edgewise:reloaded') ?? Number.NaN);
  if (now - last < 60_000) return false;
  try {
    storage.set('edgewise:reloaded', String(now));
    return true;
  } catch {
    return false; // Without storage there is no guard, so the person decides.
  }
}

export function lockName(page: string): string {
  return `edgewise:${page}`;
}

function pageKey(path: string): string {
  return `edgewise:page:${path}`;
}

function read(storage: ConnectionStorage, key: string): string | undefined {
  try {
    return storage.get(key) ?? undefined;
  } catch {
    return undefined;
  }
}
