import { jitteredBackoff, systemTiming } from '../src/clock/index.ts';
import type { EndReason } from '../src/protocol/index.ts';
import { navigationType, noteReturn, tabLocks } from './connection/browser-tab.ts';
import { historyEntry, lockName, tabStorage } from './connection/index.ts';
import { type Notice, notices } from './connection/notices.ts';
import { claimPage, isForeign, pageBefore, pageOfAddress, type TabPage } from './connection/tab.ts';
import { Watchdog } from './connection/watchdog.ts';
import { ended as end } from './ended.ts';
import { followLinks } from './links.ts';
import type { DocumentData, ShownPage, Surroundings } from './shown-page.ts';
import { StatusLine } from './status.ts';

// What keeps a page over time: a tab that returns to it, a connection that is lost or ends, links, back and forward, and the line
// that says how the connection is. The first seconds of a page need none of it, so it is a chunk; see index.tsx.

const status = new StatusLine();
/** Milliseconds between two attempts to reach the server for another page. */
const visitPauses = { first: 200, most: 5_000 };

/** Tells the person that an action was refused or lost. */
export function notice(reason: Notice): void {
  status.notice(notices[reason]);
}

/**
 * Returns the page that a tab shows which has shown one before; undefined when the document loads again.
 */
export async function claim({ paint, returned }: DocumentData): Promise<TabPage | undefined> {
  const type = navigationType();
  const reloaded = type === 'reload';
  const returning = reloaded || type === 'back_forward';
  if (returned && isForeign(paint.page, returning, tabStorage)) {
    // The cookie is spent, so the next document has a page of its own.
    location.reload();
    return undefined;
  }
  const remembered = returning ? historyEntry.read().page : pageOfAddress(paint.path, tabStorage);
  const [tab, before] = await Promise.all([
    claimPage({ page: paint.page, remembered, reloaded }, tabLocks),
    remembered === undefined ? pageBefore(paint.page, tabStorage, tabLocks) : undefined,
  ]);
  return { ...tab, before };
}

/** Handles the end of a page's connection for good. */
export function ended(reason: EndReason, message: string): void {
  end(reason, message, status);
}

/** Locks a page that the session has given to this tab. */
export async function own(page: string, owned: Set<string>): Promise<void> {
  if (await tabLocks.take(lockName(page), 1_000)) owned.add(page);
}

/** Keeps the page of the document, and each that follows it there. */
export function keep(first: ShownPage, around: Surroundings): void {
  let watchdog: Watchdog;
  const watch = (page: ShownPage): void => {
    watchdog = new Watchdog(page.link, systemTiming, page.spread);
    if (document.hidden) watchdog.visible(false);
  };
  around.status = status;
  status.show(first.link.status);
  watch(first);
  const shown = followLinks(first, around, {
    watch,
    claim: (page) => claimPage({ page, remembered: undefined }, tabLocks),
    pause: (attempt) =>
      new Promise((resolve) => systemTiming.after(jitteredBackoff(systemTiming, attempt, visitPauses), resolve)),
  });

  document.addEventListener('visibilitychange', () => watchdog.visible(!document.hidden));
  // The socket itself does not detect these changes. An offline machine may still reach a server on itself.
  for (const change of ['online', 'offline']) addEventListener(change, () => watchdog.wake());
  addEventListener('pageshow', (event) => {
    if (event.persisted) watchdog.wake();
  });
  // See development.ts. No build has it.
  if (import.meta.hot) addEventListener('edgewise:saved', () => watchdog.renew());
  addEventListener('pagehide', () => shown().store.flush());
  // Not at `pagehide`, because that event comes after the request of the next document.
  addEventListener('beforeunload', () => {
    const { store, link, left } = shown();
    store.flush();
    if (!left) noteReturn(link.page);
  });
}
