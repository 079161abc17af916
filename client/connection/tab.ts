import type { ConnectionStorage } from './connection.ts';

/** Locks shared by the tabs of a browser; the shape of `navigator.locks`. */
export interface Locks {
  /** Locks the name until the document is unloaded. Returns true when it became free within `ms`. */
  take(name: string, ms: number): Promise<boolean>;
}

/** The tab's state when a document starts. */
export interface TabStart {
  /** The page of the document. */
  readonly page: string;
  /** Path and query of the document. A tab remembers one page for each. */
  readonly path: string;
  /** True when the document was opened by reload, back or forward. The tab then shows the remembered page. */
  readonly returning: boolean;
}

export interface TabPage {
  readonly page: string;
  /** True when another tab shows this page, so the session makes a fresh one. */
  readonly fork: boolean;
}

/** Milliseconds for which the previous document may still have its lock. */
const lockWait = 1_000;

/**
 * Decides which page this tab shows. A page belongs to the tab that has its lock. When the person returned to the path, the
 * remembered page comes first, unless another tab has its lock.
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

/** Returns true when a forced reload is allowed, and records it. One a minute is, so that incompatible versions cannot loop. */
export function mayReload(storage: ConnectionStorage, now: number): boolean {
  const last = Number(read(storage, 'edgewise:reloaded') ?? Number.NaN);
  if (now - last < 60_000) return false;
  try {
    storage.set('edgewise:reloaded', String(now));
    return true;
  } catch {
    return false; // Because no storage can guard against a loop, the person decides.
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
