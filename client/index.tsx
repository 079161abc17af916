import { hydrate, options } from 'preact';
import { systemClock } from '../src/clock/index.ts';
import type { EndReason, NodeLiteral, Paint } from '../src/protocol/index.ts';
import { ComponentLoader, Renderer } from './components/index.ts';
import {
  Connection,
  claimPage,
  isReturn,
  lockName,
  mayReload,
  noteReturn,
  openSocket,
  rememberPage,
  tabLocks,
  tabStorage,
} from './connection/index.ts';
import { StatusLine } from './status.ts';
import { Replica } from './tree/index.ts';

/** What the document carries in `<script type="application/json" id="edgewise-paint">`. */
interface Document {
  readonly paint: Paint;
  readonly build: string;
  /** See `reconnectSpread` of the application. */
  readonly spread?: number;
}

/** Moving an element among its siblings takes the focus from it; it gets it back in the same moment. */
options.debounceRendering = (render) => {
  queueMicrotask(() => {
    const focused = document.activeElement;
    render();
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
  });
};

/** Takes the page over from the server's HTML, then connects. Changes nothing that is shown. */
async function start(root: HTMLElement, { paint, build, spread }: Document): Promise<void> {
  // With its query: two addresses that differ in it only are two pages.
  const { path } = paint;
  const store = new Replica(paint.tree, systemClock);
  const loader = new ComponentLoader();
  const status = new StatusLine();

  const [tab] = await Promise.all([
    claimPage({ page: paint.page, path, returning: isReturn() }, tabStorage, tabLocks),
    loader.ready(kindsOf(paint.tree)).then(() => hydrate(new Renderer(store, loader).vnodeFor(store.root), root)),
  ]);

  // A page that was remembered is not the one in the document: epoch 0 asks for all of it.
  const same = tab.page === paint.page && !tab.fork;
  let owned = !tab.fork;
  let leaving = false;
  const link = new Connection(
    {
      page: tab.page,
      fork: tab.fork,
      epoch: same ? paint.epoch : 0,
      frame: same ? paint.frame : 0,
      event: same ? paint.event : 0,
      build,
      ...(spread !== undefined && { spread }),
    },
    {
      clock: systemClock,
      storage: tabStorage,
      replica: store,
      connect: (target, events) => openSocket(target, paint.path, events),
      changed: (now) => {
        status.show(now);
        if (now.state === 'live' && !same) attach();
      },
      notice: (text) => status.notice(text),
      owns: () => owned,
      moved: async (page) => {
        rememberPage(tabStorage, path, page);
        owned = await tabLocks.take(lockName(page), 1_000);
      },
      ended,
    },
  );
  let attached = false;
  if (same) attach();
  if (document.hidden) link.visible(false);
  link.start();

  /** Before its own tree has come, a page that is not the document's sends nothing. */
  function attach(): void {
    if (!attached) store.attach(link, link.pending, link.handled, !same);
    attached = true;
  }

  function ended(reason: EndReason, message: string): void {
    store.flush();
    if (reason === 'replaced') {
      status.notice('This page is open in another tab.', true);
      return;
    }
    if (reason === 'gone' || reason === 'revoked') {
      // The next document is to be a fresh page.
      leaving = true;
      rememberPage(tabStorage, path, undefined);
      noteReturn(undefined);
    }
    if (mayReload(tabStorage, Date.now())) location.reload();
    else status.notice(`${message || 'This page cannot continue.'} Please reload it.`, true);
  }

  document.addEventListener('visibilitychange', () => link.visible(!document.hidden));
  addEventListener('online', () => link.wake());
  // A socket does not notice by itself; and what the machine calls offline may still reach a server on it.
  addEventListener('offline', () => link.wake());
  addEventListener('pageshow', (event) => {
    if (event.persisted) link.wake();
  });
  addEventListener('pagehide', () => store.flush());
  // Not at `pagehide`: that comes after the next document was asked for.
  addEventListener('beforeunload', () => {
    store.flush();
    if (!leaving) noteReturn(link.page);
  });
}

function kindsOf([, kind, , children = []]: NodeLiteral, into = new Set<string>()): Set<string> {
  into.add(kind);
  for (const child of children) kindsOf(child, into);
  return into;
}

const root = document.getElementById('edgewise');
const data = document.getElementById('edgewise-paint')?.textContent;
if (root && data) void start(root, JSON.parse(data) as Document);
