import type { EndReason } from '../src/protocol/index.ts';
import { noteReturn } from './connection/browser-tab.ts';
import { historyEntry, rememberPage, tabStorage } from './connection/index.ts';
import { mayReload } from './dom/index.ts';
import type { StatusLine } from './status.ts';

/** Handles the end of a page's connection for good: another document follows, or a message says what helps. */
export function ended(reason: EndReason, message: string, status: StatusLine): void {
  if (reason === 'replaced') {
    status.notice('This page is open in another tab.', true);
    return;
  }
  if (reason === 'gone' || reason === 'revoked') {
    rememberPage(tabStorage, undefined);
    historyEntry.write({ page: undefined });
    noteReturn(undefined);
  }
  if (reason === 'revoked' && !navigator.cookieEnabled) {
    // Another document would have another session, and end the same way.
    status.notice('This page needs cookies. Allow them for this site in your browser, then load the page again.', true);
    return;
  }
  const reload = (): void => {
    if (mayReload(Date.now())) location.reload();
    else status.notice(`${message || 'This page cannot continue.'} Please reload it.`, true);
  };
  // The answer to who signs out takes the cookie away a moment later. A reload before it would cancel it, and sign in again.
  if (reason === 'revoked') setTimeout(reload, 3_000);
  else reload();
}
