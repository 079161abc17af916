import { hydrate, options } from 'preact';
import { systemTiming } from '../src/clock/index.ts';
import { ComponentLoader, loadChunk, Renderer } from './components/index.ts';
import { historyEntry, lastPage, lockPage, tabStorage } from './connection/index.ts';
import { keepFocus } from './focus.ts';
import { holdLinks } from './held-links.ts';
import { type DocumentData, ShownPage, type Surroundings } from './shown-page.ts';
import { Replica } from './tree/index.ts';

export {
  type ClientFunctions,
  type ComponentContext,
  type ComponentDefinition,
  type ComponentMount,
  defineComponent,
  expose,
  type MountedComponent,
} from './components/index.ts';

declare global {
  interface Window {
    edgewiseClicks?: MouseEvent[] | undefined;
  }
}

options.debounceRendering = (render) => queueMicrotask(() => keepFocus(render));

/**
 * Takes over the page from the server's HTML, which changes nothing visible, and connects it. What keeps the page over time is a chunk
 * that is asked for when both are done, because it would delay them. A tab that has shown a page before needs it first: the tab may
 * return to that page, or be the duplicate of another tab.
 */
async function start(root: HTMLElement, data: DocumentData): Promise<void> {
  const { page, tree } = data.paint;
  const releaseLinks = holdLinks();
  const loader = new ComponentLoader();
  const store = new Replica(tree, systemTiming);
  let asked: ReturnType<Surroundings['lifecycle']> | undefined;
  const lifecycle = () => {
    // Without it, nothing else says that the server is away.
    const failing = () => document.documentElement.classList.add('edgewise-offline');
    asked ??= loadChunk(() => import('./lifecycle.ts'), failing);
    return asked;
  };
  const around: Surroundings = { root, loader, owned: new Set(), lifecycle };
  const returns = data.returned || lastPage(tabStorage) || historyEntry.read().page;
  const claimed = returns ? lifecycle().then(({ claim }) => claim(data)) : lockPage(page);

  await Promise.all([loader.ready(tree), asked]);
  hydrate(new Renderer(store, loader).vnodeFor(store.root), root);
  // The styles show until then that buttons do nothing yet.
  document.body.dataset.ready = '';
  repeatClicks();

  const tab = await claimed;
  if (!tab) return;
  const shown = new ShownPage(data, store, tab, around).start();
  addEventListener('pagehide', () => store.flush());
  const { keep } = await lifecycle();
  keep(shown, around);
  releaseLinks();
}

/** Repeats the clicks that the document has noted, because nothing heard them; see `src/app/early-clicks.ts`. */
function repeatClicks(): void {
  const clicks = window.edgewiseClicks ?? [];
  window.edgewiseClicks = undefined;
  // Copies, because Chromium does nothing by itself for an event that it has handled, such as to submit a form.
  for (const click of clicks) click.target?.dispatchEvent(new MouseEvent('click', click));
}

const root = document.getElementById('edgewise');
const data = document.getElementById('edgewise-paint')?.textContent;
if (root && data) void start(root, JSON.parse(data) as DocumentData);
