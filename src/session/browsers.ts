import { Redirect } from '../elements/index.ts';
import { decodeUp, type HelloFrame, limits, ProtocolError, protocolVersion, type UpFrame } from '../protocol/index.ts';
import { isReset } from '../storage/index.ts';
import type { BuildRetry } from './build-retry.ts';
import type { Connection, Connections } from './connections.ts';
import type { SessionEntry, SessionHost } from './host.ts';
import type { Page } from './page/page.ts';
import type { Pages } from './pages.ts';
import type { Traffic } from './sync/traffic.ts';

/** The parts of a session that its browsers know. */
export interface BrowsersHost {
  readonly host: SessionHost;
  readonly traffic: Traffic;
  readonly retry: BuildRetry;
  /** True once a save has renewed the session. */
  readonly renewed: boolean;
  readonly connections: Connections;
  readonly pages: Pages;
  /** True once the session has ended. */
  readonly ended: boolean;
  /** Resumes the jobs that an earlier activation left running. */
  wakeJobs(): void;
  log(entry: SessionEntry): void;
}

/**
 * Brings browsers and pages together: gives each message to the page of its socket, has a browser
 * wait for a page that cannot be built, and attaches the browsers of a page that wakes.
 */
export class Browsers {
  readonly #session: BrowsersHost;

  constructor(session: BrowsersHost) {
    this.#session = session;
  }

  /** Handles a message of a socket. The promise settles at once, unless the page is being built. */
  message(connection: Connection, data: unknown): Promise<void> | void {
    const { traffic, host, connections } = this.#session;
    // Checked before the frame is read, so that excess frames cost nothing.
    const now = host.clock.now();
    if (!traffic.admit(now, data)) {
      this.#tooFast(connection);
      return;
    }
    // Because promises settle in the order of arrival.
    const asking = connections.askAgain(connection, now);
    return asking ? asking.then(() => this.#receive(connection, data)) : this.#receive(connection, data);
  }

  #receive(connection: Connection, data: unknown): Promise<void> | void {
    const session = this.#session;
    const { link } = connection;
    if (!link.open || session.ended) return;
    let frame: ReturnType<typeof decodeUp>;
    try {
      frame = decodeUp(data);
    } catch (error) {
      this.#refuse(connection, error);
      return;
    }
    if (frame[0] === 'h') {
      session.connections.greeted(connection);
      if (!link.admit(limits.helloCost - 1)) return;
      if (frame[1] !== protocolVersion) {
        link.end('reload', 'The application was updated.');
        return;
      }
    }
    if (frame[0] === 'h' || connection.memory) session.host.store.wake(connection.page, link.socket.rows);
    session.wakeJobs();
    if (!connection.fork && session.retry.waits(connection.page)) {
      if (frame[0] === 'h') this.#hold(connection, undefined, frame);
      return;
    }
    const page = session.pages.of(connection);
    if (!page) {
      this.#end(connection, 'There is no page at this address any more.');
      return;
    }
    // Because promises settle in the order of arrival, so do the messages of a page.
    if (page.build.running) return session.pages.built(page).then((built) => this.#guarded(connection, built, frame));
    this.#guarded(connection, page, frame);
  }

  /** Handles a frame and logs its error, because it must not stop the work for other pages. */
  #guarded(connection: Connection, page: Page, frame: UpFrame): void {
    try {
      this.#handle(connection, page, frame);
    } catch (error) {
      if (isReset(error)) return;
      const message = 'A message of a browser could not be handled.';
      this.#session.log({ level: 'error', fault: 'framework', message, error, page: page.definition.pattern });
    }
  }

  /** Gives a frame to a page whose build has ended. */
  #handle(connection: Connection, page: Page, frame: UpFrame): void {
    const { link } = connection;
    if (!link.open) return;
    if (page.build.failure) {
      this.#hold(connection, page, frame[0] === 'h' ? frame : undefined);
      return;
    }
    if (frame[0] === 'h') {
      if (this.#shows(connection, page)) this.#greet(connection, page, frame);
      else link.end('gone', 'There is no page at this address any more.');
      return;
    }
    // Because the hello of a browser repeats every event that it sent before, and may overtake them during a save.
    if (connection.held || (this.#session.renewed && !link.greeted)) return;
    if (!link.greeted) {
      link.end('refused', 'The first message of a socket must be a hello.');
      return;
    }
    if (this.#misses(connection, page, frame)) return;
    const first = !page.record.persistent;
    this.#attach(connection, page);
    if (first && page.record.persistent) this.#session.pages.becamePersistent(page);
    if (frame[0] === 'a') page.delivery.acknowledge(link, frame[1]);
    else page.receive(link, frame);
  }

  /**
   * Asks a browser for another hello, with all its events, when one is missing: during a save, events may overtake
   * each other, or be lost with a class that does not load.
   */
  #misses(connection: Connection, page: Page, [number]: Exclude<UpFrame, HelloFrame>): boolean {
    if (!this.#session.renewed || typeof number !== 'number' || number <= page.inbox.event + 1) return false;
    this.#hold(connection, undefined);
    return true;
  }

  /** Returns true when the page shows the path of a connection, which the application has admitted to this path only. */
  #shows({ path, number }: Connection, page: Page): boolean {
    try {
      return this.#session.pages.moved(page, path, number) !== undefined;
    } catch (error) {
      if (error instanceof Redirect) return false;
      throw error;
    }
  }

  #greet(connection: Connection, page: Page, hello: HelloFrame): void {
    connection.memory = undefined;
    connection.hello = undefined;
    connection.held = false;
    const first = !page.record.persistent;
    page.greet(connection.link, hello);
    if (first) this.#session.pages.becamePersistent(page);
  }

  #tooFast(connection: Connection): void {
    const message = 'Ended a connection: its frames came faster than the limit of the session.';
    this.#session.log({ level: 'warning', fault: 'network', message });
    connection.link.tooFast();
    this.#session.pages.get(connection.page)?.drop(connection.link);
  }

  #refuse(connection: Connection, error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.#session.log({ level: 'warning', fault: 'network', message: `Refused a frame: ${error.message}` });
    connection.link.end('refused', error.message);
    this.#session.pages.get(connection.page)?.drop(connection.link);
  }

  // ---- pages that cannot be built

  /** Handles the end of a build: answers the browsers that waited for it, or makes them wait. */
  built(page: Page): void {
    for (const connection of this.#session.connections.of(page.id)) {
      const { hello } = connection;
      if (page.build.failure) this.#hold(connection, page);
      else if (hello) this.#guarded(connection, page, hello);
    }
  }

  /** Retries a page that could not be built. */
  buildAgain(id: string): void {
    const { connections, pages, retry } = this.#session;
    const [first] = connections.of(id);
    if (first && pages.of(first)) return;
    retry.clear(id);
    this.gone(id);
  }

  /** Ends the connections of a page that does not exist any more. */
  gone(id: string): void {
    for (const connection of this.#session.connections.of(id)) this.#end(connection, 'This page has expired.');
  }

  /** Has a browser load what there is now. Its tab remembers a page that may return to the address. */
  #end({ link, page, path }: Connection, message: string): void {
    const { pages } = this.#session;
    link.end(pages.isUnrouted(page) && pages.pathOf(page) === path ? 'reload' : 'gone', message);
  }

  /**
   * Makes a browser wait for a page that could not be built. It is notified, retains its events,
   * and is answered after a successful build.
   */
  #hold(connection: Connection, page: Page | undefined, hello?: HelloFrame): void {
    const { retry } = this.#session;
    const { link } = connection;
    connection.hello = hello ?? connection.hello;
    // Because a browser receives nothing before its hello.
    if (!connection.hello && !link.greeted) return;
    connection.memory = undefined;
    // Because this browser has said hello again: an object that loses its memory must ask for another one.
    link.remember(undefined);
    connection.held = true;
    link.greeted = false;
    if (page) retry.soon(connection.page, this.#noticeOf(page));
    link.sendFrame(['t', retry.notice(connection.page)]);
  }

  /** Returns the notice for a page that could not be built. Only developers see the error. */
  #noticeOf(page: Page): string {
    return this.#session.host.development
      ? `${page.definition.pattern} could not be built, and is tried again. ${page.build.failure}`
      : 'The server cannot load this page at the moment. It retries automatically; your input is saved.';
  }

  // ---- browsers whose sockets survived hibernation

  /** The pages that a browser shows and that were not rebuilt since the wake. */
  asleep(): ReadonlySet<string> {
    const { connections, host } = this.#session;
    const asleep = new Set<string>();
    for (const { memory, page } of connections) if (memory && host.store.page(page)) asleep.add(page);
    return asleep;
  }

  /** Returns a page that is built, with its browsers attached. */
  async wakePage(id: string): Promise<Page | undefined> {
    const page = await this.#session.pages.findBuilt(id);
    const asking = page && this.attach(page);
    // Because only admitted browsers may see what woke the page.
    if (asking) await asking;
    return page;
  }

  /** Has the browsers of a page wait for the page that replaces it, as if their sockets had survived hibernation. */
  detach({ id, delivery }: Page): void {
    for (const connection of this.#session.connections.of(id)) {
      if (connection.link.greeted) connection.memory ??= { page: id, epoch: 0, frame: -1, acknowledged: 0 };
      // Because the page has taken its hello and not answered yet.
      else if (delivery.link === connection.link) connection.hello = ['h', protocolVersion, '', 0, 0, []];
    }
  }

  /** Attaches the browsers of a page. Returns a promise while the application is asked about them. */
  attach(page: Page): Promise<unknown> | undefined {
    if (page.build.failure) return undefined;
    const { connections } = this.#session;
    const asked: Promise<void>[] = [];
    for (const connection of connections.of(page.id)) {
      const asking = connections.askAgain(connection);
      if (asking) asked.push(asking.then(() => this.#attach(connection, page)));
      else this.#attach(connection, page);
    }
    return asked.length > 0 ? Promise.all(asked) : undefined;
  }

  #attach(connection: Connection, page: Page): void {
    const { memory, link } = connection;
    if (!memory || !link.open || page.record.ended) return;
    connection.memory = undefined;
    page.attach(connection.link, memory);
  }
}
