// What a page does while Vite serves it: it follows the author's saves. No build has this module; see src/vite/saves.ts.

declare global {
  interface ImportMeta {
    readonly hot?: { on(event: string, heard: (data: unknown) => void): void };
  }
}

/** Vite's panel with a mistake, as Vite's client exports it. */
type Panel = new (mistake: unknown) => HTMLElement;

/**
 * The panel under another name. Vite removes its own at each update of a style, or loads the page again for it, though
 * the mistake is there.
 */
const tag = 'edgewise-mistake';
/** Rises with each message of the server, because a panel takes a moment to load. */
let heard = 0;

async function show(mistake: unknown): Promise<void> {
  const mine = ++heard;
  const client = '/@vite/client';
  const { ErrorOverlay } = (await import(/* @vite-ignore */ client)) as { readonly ErrorOverlay: Panel };
  if (mine !== heard) return;
  if (!customElements.get(tag)) customElements.define(tag, class extends ErrorOverlay {});
  hide();
  document.body.append(new (customElements.get(tag) as unknown as Panel)(mistake));
}

function hide(): void {
  for (const panel of document.querySelectorAll(tag)) panel.remove();
}

import.meta.hot?.on('edgewise:mistake', (mistake) => void show(mistake));

import.meta.hot?.on('edgewise:saved', () => {
  heard++;
  hide();
  if (document.getElementById('edgewise')) dispatchEvent(new Event('edgewise:saved'));
  else location.reload(); // Because this document only says what was wrong.
});

export {};
