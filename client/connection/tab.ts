import type { ConnectionStorage } from './connection.ts';
import { lastPage, lastPath, lockName } from './tab-memory.ts';

/** Locks shared by the tabs of a browser; the shape of `navigator.locks`. */
export interface Locks {
  /** Locks the name until the document is unloaded. Returns true when it became free within `ms`. */
  take(name: string, ms: number): Promise<boolean>;
}

/** The tab's state when a document starts. */
export interface TabStart {
  /** The page of the document. */
  readonly page: string;
  /** The page that the tab returns to: that of its entry in the history, or {@link pageOfAddress}. */
  readonly remembered: string | undefined;
  /** True when the person has reloaded, which is not how a duplicate of a tab begins in Chromium. @default false */
  readonly reloaded?: boolean;
}

export interface TabPage {
  readonly page: string;
  /** True when another tab shows this page, so the session makes a fresh one. */
  readonly fork: boolean;
  /** The page that the tab showed before, whose values this one continues. */
  readonly before?: string | undefined;
}

/** Milliseconds for which the previous document may still have its lock ... */
const lockWait = 1_000;
/** ... and after a reload, on a busy machine: hardly ever has another tab the lock then. */
const reloadWait = 5_000;
/** Milliseconds for which the previous document may still have its lock, while nothing but stored values depends on it. */
const unloadWait = 250;

/**
 * Decides which page this tab shows. A page belongs to the tab that has its lock. When the person returned to an entry of the
 * history or to an address, its page comes first, unless another tab has its lock.
 */
export async function claimPage({ page, remembered, reloaded }: TabStart, locks: Locks): Promise<TabPage> {
  const take = (name: string) => locks.take(lockName(name), reloaded ? reloadWait : lockWait);
  if (remembered && remembered !== page && (await take(remembered))) return { page: remembered, fork: false };
  return { page, fork: !(await take(page)) };
}

/**
 * Returns true for a document with a page that another tab has left: a cookie names that page for a reload, and a new tab may be
 * quicker. A new tab gets a page of its own.
 *
 * @param returning true when the document was opened by reload, back or forward.
 */
export function isForeign(page: string, returning: boolean, storage: ConnectionStorage): boolean {
  return !returning && lastPage(storage) !== page;
}

/**
 * Returns the page that the tab showed last, when it was at this address. A reload that finds no server leaves an error of the
 * browser, and what is loaded after it counts neither as a reload nor as a return.
 *
 * @param path the path and query of the document.
 */
export function pageOfAddress(path: string, storage: ConnectionStorage): string | undefined {
  return lastPath(storage) === path ? lastPage(storage) : undefined;
}

/**
 * Returns the page that the tab showed before an address was typed, whose values the new page continues. Its lock becomes this
 * document's. A tab that another one has opened has a copy of the storage; the other one has the lock.
 */
export async function pageBefore(page: string, storage: ConnectionStorage, locks: Locks): Promise<string | undefined> {
  const before = lastPage(storage);
  if (before === undefined || before === page) return undefined;
  return (await locks.take(lockName(before), unloadWait)) ? before : undefined;
}
