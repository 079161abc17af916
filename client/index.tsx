import { hydrate, options } from 'preact';
import { systemTiming } from '../src/clock/index.ts';
import { ComponentLoader, partsOf, Renderer } from './components/index.ts';
import { connect, type DocumentData } from './connected.ts';
import { keepFocus } from './focus.ts';
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

options.debounceRendering = (render) => queueMicrotask(() => keepFocus(render));

/** Takes over the page from the server's HTML, which changes nothing visible, and connects it. */
function start(root: HTMLElement, data: DocumentData): Promise<void> {
  const repeatClicks = earlyClicks(root);
  const loader = new ComponentLoader();
  const store = new Replica(data.paint.tree, systemTiming);
  const takenOver = loader.ready(partsOf(data.paint.tree)).then(() => {
    hydrate(new Renderer(store, loader).vnodeFor(store.root), root);
    // The styles show until then that buttons do nothing yet.
    document.body.dataset.ready = '';
    repeatClicks();
  });
  return connect(data, store, takenOver, root, loader);
}

/**
 * Notes clicks on buttons that nothing hears yet. What a button does by itself, such as to open a menu, it has done.
 *
 * @returns a function that repeats them.
 */
function earlyClicks(root: HTMLElement): () => void {
  const clicked: HTMLElement[] = [];
  const note = ({ target }: Event): void => {
    const button = (target as Element).closest<HTMLElement>('button:not([popovertarget])');
    if (button) clicked.push(button);
  };
  root.addEventListener('click', note, true);
  return () => {
    root.removeEventListener('click', note, true);
    for (const button of clicked) button.click();
  };
}

const root = document.getElementById('edgewise');
const data = document.getElementById('edgewise-paint')?.textContent;
if (root && data) void start(root, JSON.parse(data) as DocumentData);
