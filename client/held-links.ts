/** Returns true for a navigation that the document can follow itself. */
export function isFollowed({ canIntercept, hashChange, downloadRequest, formData }: NavigateEvent): boolean {
  return canIntercept && !hashChange && downloadRequest === null && !formData;
}

/**
 * Holds links until what follows them in the document is there. Before the page is taken over, the browser follows them.
 *
 * @returns a function that ends it, and follows the link that was clicked last.
 */
export function holdLinks(): () => void {
  let follow = (): void => {};
  const hold = (event: NavigateEvent): void => {
    const { destination, navigationType } = event;
    if (!isFollowed(event) || navigationType === 'reload') return;
    // Entries from before a reload count as those of this document: the browser loads none of them.
    if (navigationType === 'traverse') event.intercept({ handler: async () => location.reload() });
    else if (!destination.sameDocument && 'ready' in document.body.dataset) {
      event.preventDefault();
      follow = () => location[navigationType === 'replace' ? 'replace' : 'assign'](destination.url);
    }
  };
  window.navigation?.addEventListener('navigate', hold);
  return () => {
    window.navigation?.removeEventListener('navigate', hold);
    follow();
  };
}
