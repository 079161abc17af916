import { render } from 'preact';
import { systemTiming } from '../src/clock/index.ts';
import { formatVisit, type Moved, type Visit, visitHeader, visitType } from '../src/protocol/index.ts';
import { Renderer } from './components/index.ts';
import { type EntryMemory, historyEntry, type TabPage } from './connection/index.ts';
import { type PageData, ShownPage, type Surroundings } from './shown-page.ts';
import { Replica } from './tree/index.ts';

/** The answer to a visit: a page with what its document would say, or the page that is shown already. */
type Answer = (PageData & { readonly title: string; readonly theme: string }) | Moved;

/** Milliseconds without an answer before the page shows that it waits. */
const quiet = 400;
/** Number of scrolled elements whose positions an entry of the history remembers. */
const mostScrolled = 50;

/** What keeps the pages, as the navigator uses it. */
export interface NavigatorHost {
  /** Has the browser load a document. */
  load(url: URL, history: 'push' | 'replace'): void;
  /** Locks a page for this tab. */
  claim(page: string): Promise<TabPage>;
  /** Called with each page that follows another one. */
  watch(page: ShownPage): void;
  /** Waits before the server is asked again. */
  pause(attempt: number): Promise<void>;
}

/** What has arrived for an address that is about to become the document's. */
class Arrival {
  readonly answer: Answer;

  constructor(answer: Answer) {
    this.answer = answer;
  }
}

/**
 * Shows other pages of the application in the same document, by the Navigation API. Without it, links load documents, which show
 * the same.
 *
 * ```
 *   link, ui.navigate ──► visit: GET with the page's number ──► another page: its tree replaces the shown one
 *   back, forward ───────────┘           │                 └──► the same page: its parts follow by the socket
 *                                        └──► anything else: the browser loads it as a document
 * ```
 */
export class Navigator {
  readonly #around: Surroundings;
  #shown: ShownPage;
  /** Pages that were left with events on their way. */
  readonly #left = new Map<string, ShownPage>();
  /** The visit that is under way. */
  #visiting = new AbortController();
  readonly #host: NavigatorHost;

  constructor(shown: ShownPage, around: Surroundings, host: NavigatorHost) {
    this.#shown = shown;
    this.#around = around;
    this.#host = host;
    around.applied = applied;
  }

  /** The page that the document shows. */
  get shown(): ShownPage {
    return this.#shown;
  }

  /** Takes over a navigation to what has arrived. @returns false for any other. */
  arrives(event: NavigateEvent): boolean {
    const { info } = event;
    if (!(info instanceof Arrival)) return false;
    event.intercept({
      focusReset: 'manual',
      scroll: 'manual',
      handler: () => this.#arrive(info.answer, {}, () => event.scroll()),
    });
    return true;
  }

  /** Shows the page of a link. The address changes when the page is there. */
  follow(url: URL, history: 'push' | 'replace'): void {
    this.leave();
    this.#visiting = new AbortController();
    void this.#follow(url, history, this.#visiting.signal);
  }

  /** Remembers where the person is on the page, before the address changes. */
  leave(): void {
    historyEntry.write(positions());
    this.#visiting.abort();
  }

  async #follow(url: URL, history: 'push' | 'replace', signal: AbortSignal): Promise<void> {
    const answer = await this.#visit(url, undefined, signal);
    if (signal.aborted) return;
    if (!answer) {
      this.#host.load(url, history);
      return;
    }
    // A redirect may have led elsewhere.
    const path = pathOf(answer);
    const to = path === url.pathname + url.search ? url : new URL(path, url);
    navigation.navigate(to.href, { history, info: new Arrival(answer) });
  }

  /** Shows the page of another entry of the history, whose address the document has already. */
  async return(event: NavigateEvent): Promise<void> {
    const { destination, signal } = event;
    const url = new URL(destination.url);
    const entry = historyEntry.read(destination.getState());
    const answer = await this.#visit(url, entry.page, signal);
    if (signal.aborted) return;
    if (answer && pathOf(answer) === url.pathname + url.search) await this.#arrive(answer, entry, () => event.scroll());
    else this.#host.load(url, 'replace');
  }

  /** Asks for an address. @returns undefined when it is no page that this client can show. */
  async #visit(url: URL, page: string | undefined, signal: AbortSignal): Promise<Answer | undefined> {
    const { link, store, build } = this.#shown;
    // Before the request, because the page that is left needs what was typed.
    store.flush();
    const shown = page === undefined || page === link.page;
    const { classList } = document.documentElement;
    const late = systemTiming.after(quiet, () => classList.add('edgewise-pending'));
    try {
      const asked = this.#ask(url, { page: page ?? link.page, shown, event: shown ? link.newest : 0 }, signal);
      const path = url.pathname + url.search;
      const moves = shown && store.root.props.path !== path;
      // The patch may be here before the answer.
      const answer = await (moves ? Promise.race([asked, movesTo(this.#shown, path, signal)]) : asked);
      // A page of another version belongs to another version of the client.
      return answer && 'paint' in answer && answer.build !== build ? undefined : answer;
    } finally {
      systemTiming.clear(late);
      if (!signal.aborted) classList.remove('edgewise-pending');
    }
  }

  /** Returns the answer to a visit; undefined when the address is no page that this client can show. */
  async #ask(url: URL, visit: Visit, signal: AbortSignal): Promise<Answer | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        const headers = { Accept: 'text/html', [visitHeader]: formatVisit(visit) };
        const response = await fetch(url, { headers, signal });
        if (!response.ok && response.status !== 404) return undefined;
        return response.headers.get('Content-Type') === visitType ? await response.json() : undefined;
      } catch {
        // The page that is shown stays until the network is back.
        await this.#host.pause(attempt);
        if (signal.aborted) return undefined;
      }
    }
  }

  /** @param scroll scrolls to the fragment of the address, or to the beginning. */
  async #arrive(answer: Answer, entry: EntryMemory, scroll: () => void): Promise<void> {
    if ('paint' in answer) await this.#show(answer);
    else await this.#moved(answer);
    // After Preact has shown the last changes.
    await Promise.resolve();
    await Promise.resolve();
    if (entry.scroll) scrollTo({ top: entry.scroll[0], left: entry.scroll[1], behavior: 'instant' });
    else scroll();
    restore(entry);
    this.#shown.remember();
  }

  /** Shows another page. */
  async #show(answer: Extract<Answer, PageData>): Promise<void> {
    const { paint, title, theme } = answer;
    const before = this.#shown;
    // What was not acknowledged is stored for the page's return.
    this.#left.get(paint.page)?.link.stop();
    this.#left.delete(paint.page);
    setTheme(theme);
    this.#shown = await replace(before, answer, this.#around, this.#host);
    if (before.link.pending.length > 0) this.#left.set(before.link.page, before);
    document.title = title;
  }

  /** The shown page has changed in place. */
  async #moved({ page, epoch, frame, path }: Moved): Promise<void> {
    const shown = this.#shown;
    if (page !== shown.link.page) return;
    shown.path = path;
    await reached(shown, epoch, frame);
    if (shown.store.root.props.path === path) return;
    // A connection that was made meanwhile has asked for the address before.
    const again = await this.#visit(new URL(path, location.href), undefined, this.#visiting.signal);
    if (again && 'frame' in again) await reached(shown, again.epoch, again.frame);
  }
}

/** Resolve when the next changes of a page were applied, or the page was left. */
const waiting: (() => void)[] = [];

function applied(): void {
  for (const resolve of waiting.splice(0)) resolve();
}

function nextChange(): Promise<void> {
  return new Promise((resolve) => waiting.push(resolve));
}

/** Has the events of a page that are on their way arrive, and then disconnects it. The page stays in the session. */
function leave(page: ShownPage): void {
  const { store, link } = page;
  store.flush();
  page.left = true;
  applied();
  if (link.pending.length === 0) link.stop();
}

/** Shows a page in the place of another one. */
async function replace(
  before: ShownPage,
  data: PageData,
  around: Surroundings,
  host: NavigatorHost,
): Promise<ShownPage> {
  const { paint } = data;
  const store = new Replica(paint.tree, systemTiming);
  const { loader, root, owned } = around;
  const mine = owned.has(paint.page);
  const [tab] = await Promise.all([
    mine ? { page: paint.page, fork: false } : host.claim(paint.page),
    loader.ready(paint.tree),
  ]);
  leave(before);
  // Removed first, because no element of the one page may become one of the other, with its focus or its scroll position.
  render(null, root);
  render(new Renderer(store, loader).vnodeFor(store.root), root);
  // The session may lose the page, and with it whose tab it is in.
  const shown = new ShownPage(data, store, { ...tab, before: before.link.page }, around);
  host.watch(shown);
  return shown.start();
}

/** Resolves when the copy of a page has the change of a patch. */
async function reached(shown: ShownPage, epoch: number, frame: number): Promise<void> {
  while (shown.link.epoch === epoch && shown.link.frame < frame) await nextChange();
}

/** Resolves when a page shows a path in place, which its patch may say before the answer to a visit. */
async function movesTo(shown: ShownPage, path: string, signal: AbortSignal): Promise<Moved> {
  const { link, store } = shown;
  while (!signal.aborted && store.root.props.path !== path) await nextChange();
  return { page: link.page, epoch: link.epoch, frame: link.frame, path };
}

/** Puts focus and scrolled elements where the person left them, or the focus at the beginning. */
function restore({ focus, scrolled = [] }: EntryMemory): void {
  for (const [node, top, left] of scrolled) {
    document.querySelector(`[data-id="${Number(node)}"]`)?.scrollTo({ top, left, behavior: 'instant' });
  }
  const wanted = focus === undefined ? null : document.querySelector<HTMLElement>(focus);
  const target = wanted ?? document.querySelector<HTMLElement>('#edgewise [autofocus]') ?? main();
  target?.focus({ preventScroll: true });
}

/** Returns the element with the content, which then takes the focus: a screen reader goes on from there. */
function main(): HTMLElement | null {
  const element = document.querySelector<HTMLElement>('#edgewise main');
  if (!element) return null;
  element.tabIndex = -1;
  element.style.outline = 'none';
  element.addEventListener(
    'blur',
    () => {
      element.removeAttribute('tabindex');
      element.style.outline = '';
    },
    { once: true },
  );
  return element;
}

function pathOf(answer: Answer): string {
  return 'paint' in answer ? answer.paint.path : answer.path;
}

/** Returns where the person is on the page. */
function positions(): EntryMemory {
  const focused = document.activeElement as HTMLElement | null;
  const { id, dataset } = focused ?? { id: '', dataset: {} as DOMStringMap };
  const focus = id ? `#${CSS.escape(id)}` : dataset.id ? `[data-id="${CSS.escape(dataset.id)}"]` : undefined;
  const scrolled = [...document.querySelectorAll<HTMLElement>('#edgewise [data-id]')]
    .filter((element) => element.scrollTop > 0 || element.scrollLeft > 0)
    .slice(0, mostScrolled)
    .map((element) => [element.dataset.id ?? '', element.scrollTop, element.scrollLeft] as const);
  return { focus, scroll: [scrollY, scrollX], scrolled };
}

/** Sets the theme that the next page's document would have. */
function setTheme(theme: string): void {
  const { dataset } = document.documentElement;
  if (theme === 'auto') delete dataset.theme;
  else dataset.theme = theme;
  const scheme = document.querySelector<HTMLMetaElement>('meta[name=color-scheme]');
  if (scheme) scheme.content = theme === 'light' || theme === 'dark' ? theme : 'light dark';
}
