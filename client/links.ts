import { loadChunk } from './components/index.ts';
import { isFollowed } from './held-links.ts';
import type { Navigator, NavigatorHost } from './navigator.ts';
import type { ShownPage, Surroundings } from './shown-page.ts';

/**
 * Follows links, back and forward within the document, by the Navigation API. What shows other pages is a chunk that comes when it
 * is needed first.
 *
 * @returns a function that returns the page that is shown.
 */
export function followLinks(
  first: ShownPage,
  around: Surroundings,
  host: Omit<NavigatorHost, 'load'>,
): () => ShownPage {
  let navigator: Navigator | undefined;
  /** True once the browser loads a document. */
  let loading = false;
  // A reload would not do, because its entries would count as those of this document.
  const load = (url: URL, history: 'push' | 'replace'): void => {
    loading = true;
    if (history === 'push') location.assign(url);
    else location.replace(url);
  };
  // Without a server, the page waits for it. A document would show the browser's own error.
  const ready = async (): Promise<Navigator> => {
    const { Navigator } = await loadChunk(() => import('./navigator.ts'));
    navigator ??= new Navigator(first, around, { ...host, load });
    return navigator;
  };
  window.navigation?.addEventListener('navigate', (event) => {
    if (loading || !isFollowed(event) || navigator?.arrives(event)) return;
    const { destination, navigationType } = event;
    const url = new URL(destination.url);
    if (navigationType === 'traverse') {
      // Entries from before a reload count as those of this document: the browser loads none of them.
      navigator?.leave();
      event.intercept({
        focusReset: 'manual',
        scroll: 'manual',
        handler: () => ready().then((one) => one.return(event)),
      });
      return;
    }
    // An author's module has changed the address where nothing is loaded, or the client is loaded anew, too.
    if (destination.sameDocument || navigationType === 'reload') return;
    event.preventDefault();
    void ready().then((one) => one.follow(url, navigationType));
  });
  return () => navigator?.shown ?? first;
}
