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

/** The data of the document's `<script type="application/json" id="edgewise-paint">`. */
interface Document {
  readonly paint: Paint;
  readonly build: string;
  /** See `reconnectSpread` of the application. */
  readonly spread?: number;
}

/** Restores the focus at once after a move, because a moved element loses it. */
options.debounceRendering = (render) => {
  queueMicrotask(() => {
    const focused = document.activeElement;
    render();
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
  });
};

/** Takes over the page from the server's HTML, then connects. The takeover changes nothing visible. */
async function start(root: HTMLElement, { paint, build, spread }: Document): Promise<void> {
  // The query is included, because two addresses that differ only in it are two pages.
  const { path } = paint;
  const store = new Replica(paint.tree, systemClock);
  const loader = new ComponentLoader();
  const status = new StatusLine();

  const [tab] = await Promise.all([
    claimPage({ page: paint.page, path, returning: isReturn() }, tabStorage, tabLocks),
    loader.ready(kindsOf(paint.tree)).then(() => hydrate(new Renderer(store, loader).vnodeFor(store.root), root)),
  ]);

  // A remembered page is not the document's page, so epoch 0 requests all of it.
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

  /** Attaches the connection as the sender of events. A page that is not the document's first waits for its own tree. */
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
      // The next document should be a fresh page.
      leaving = true;
      rememberPage(tabStorage, path, undefined);
      noteReturn(undefined);
    }
    if (mayReload(tabStorage, Date.now())) location.reload();
    else status.notice(`${message || 'This page cannot continue.'} Please reload it.`, true);
  }

  document.addEventListener('visibilitychange', () => link.visible(!document.hidden));
  addEventListener('online', () => link.wake());
  // The socket itself does not detect these changes. An offline machine may still reach a server on itself.
  addEventListener('offline', () => link.wake());
  addEventListener('pageshow', (event) => {
    if (event.persisted) link.wake();
  });
  addEventListener('pagehide', () => store.flush());
  // Not at `pagehide`, because that event comes after the request of the next document.
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
