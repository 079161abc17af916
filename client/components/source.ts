import { safeUrl } from '../../src/protocol/index.ts';

/** Returns an address that cannot run code; of another version, one that the browser has not loaded yet. */
export function sourceOf(src: string, version?: number): string | undefined {
  const address = safeUrl(src, true);
  if (!address || !version || address.startsWith('data:')) return address;
  return `${address}${address.includes('?') ? '&' : '?'}v=${version}`;
}

/** Milliseconds before a picture that could not be loaded is loaded again. */
const pauses = [1_000, 3_000, 9_000];
/** The pictures that could not be loaded: of which address, and how often it was tried again. */
const failed = new WeakMap<HTMLImageElement, { readonly src: string; readonly tries: number }>();

/** Loads a picture again after an error, because its server may have been away. A browser itself never does. */
export function loadAgain({ currentTarget: picture }: { readonly currentTarget: HTMLImageElement }): void {
  // As the server wrote it: the property has the address of the page before it.
  const src = picture.getAttribute('src');
  if (src === null) return;
  const last = failed.get(picture);
  const tries = last?.src === src ? last.tries : 0;
  const pause = pauses[tries];
  if (pause === undefined) return;
  failed.set(picture, { src, tries: tries + 1 });
  setTimeout(() => {
    if (picture.isConnected && picture.getAttribute('src') === src) picture.setAttribute('src', src);
  }, pause);
}
