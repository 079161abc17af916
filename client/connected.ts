import type { ComponentLoader } from './components/index.ts';
import {
  claimPage,
  historyEntry,
  isForeign,
  navigationType,
  pageBefore,
  pageOfAddress,
  tabLocks,
  tabStorage,
} from './connection/index.ts';
import type { Navigator } from './navigator.ts';
import { type PageData, ShownPage, type Surroundings } from './shown-page.ts';
import { StatusLine } from './status.ts';
import type { Replica } from './tree/index.ts';

/** The data of a page in a document. */
export interface DocumentData extends PageData {
  /** True for a page that a tab has left. */
  readonly returned?: boolean;
}

/**
 * Connects the page of the document, and follows links.
 *
 * @param takenOver resolves when the document's elements have their listeners.
 */
export async function connect(
  data: DocumentData,
  store: Replica,
  takenOver: Promise<void>,
  root: HTMLElement,
  loader: ComponentLoader,
): Promise<void> {
  const { paint } = data;
  const type = navigationType();
  const reloaded = type === 'reload';
  const returning = reloaded || type === 'back_forward';
  if (data.returned && isForeign(paint.page, returning, tabStorage)) {
    // The cookie is spent, so the next document has a page of its own.
    location.reload();
    return;
  }
  const around: Surroundings = { root, loader, status: new StatusLine(), owned: new Set() };
  const remembered = returning ? historyEntry.read().page : pageOfAddress(paint.path, tabStorage);
  const first = Promise.all([
    claimPage({ page: paint.page, remembered, reloaded }, tabLocks),
    remembered === undefined ? pageBefore(paint.page, tabStorage, tabLocks) : undefined,
    takenOver,
  ]);
  const shown = await followLinks(
    first.then(([tab, before]) => new ShownPage(data, store, { ...tab, before }, around).start()),
    around,
  );

  document.addEventListener('visibilitychange', () => shown().link.visible(!document.hidden));
  // The socket itself does not detect these changes. An offline machine may still reach a server on itself.
  for (const change of ['online', 'offline']) addEventListener(change, () => shown().link.wake());
  addEventListener('pageshow', (event) => {
    if (event.persisted) shown().link.wake();
  });
  // See development.ts. No build has it.
  if (import.meta.hot) addEventListener('edgewise:saved', () => shown().link.renew());
  addEventListener('pagehide', () => shown().store.flush());
  // Not at `pagehide`, because that event comes after the request of the next document.
  addEventListener('beforeunload', () => shown().unload());
}

/**
 * Follows links, back and forward within the document, by the Navigation API. What shows other pages is a chunk that comes when it
 * is needed first.
 *
 * @returns a function that returns the page that is shown.
 */
async function followLinks(taken: Promise<ShownPage>, around: Surroundings): Promise<() => ShownPage> {
  let navigator: Navigator | undefined;
  let first: ShownPage | undefined;
  /** True once the browser loads a document. */
  let loading = false;
  // A reload would not do, because its entries would count as those of this document.
  const load = (url: URL, history: 'push' | 'replace'): void => {
    loading = true;
    if (history === 'push') location.assign(url);
    else location.replace(url);
  };
  const ready = async (): Promise<Navigator> => {
    const [{ Navigator }, page] = await Promise.all([import('./navigator.ts'), taken]);
    navigator ??= new Navigator(page, around, load);
    return navigator;
  };
  window.navigation?.addEventListener('navigate', (event) => {
    const { destination, navigationType } = event;
    if (loading || !event.canIntercept || event.hashChange || event.downloadRequest !== null || event.formData) return;
    // Because the client is loaded anew, too.
    if (navigationType === 'reload' || navigator?.arrives(event)) return;
    const url = new URL(destination.url);
    if (navigationType === 'traverse') {
      // Entries from before a reload count as those of this document: the browser loads none of them.
      navigator?.leave();
      event.intercept({
        focusReset: 'manual',
        scroll: 'manual',
        handler: () =>
          ready().then(
            (one) => one.return(event),
            () => load(url, 'replace'),
          ),
      });
      return;
    }
    // An author's module has changed the address where nothing is loaded, or the page cannot leave anything behind yet.
    if (destination.sameDocument || !first) return;
    event.preventDefault();
    ready().then(
      (one) => one.follow(url, navigationType),
      () => load(url, navigationType),
    );
  });
  first = await taken;
  return () => navigator?.shown ?? (first as ShownPage);
}
