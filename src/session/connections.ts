import type { Timer } from '../clock/index.ts';
import { type HelloFrame, limits } from '../protocol/index.ts';
import type { SessionHost, Socket, SocketMemory } from './host.ts';
import type { ClientConnection } from './sync/client-connection.ts';

/** A browser's socket, and the page that it shows. */
export interface Connection {
  readonly link: ClientConnection;
  page: string;
  path: string;
  /** Counts the sockets of the session, oldest first. */
  readonly number: number;
  /** True until the browser has a page of its own, because its tab is a duplicate. */
  fork: boolean;
  /** The page that the tab showed before. */
  readonly before?: string | undefined;
  /** The hello that the session answers once the page is built. */
  hello: HelloFrame | undefined;
  /** True while its browser knows that the page cannot be built, and sends only hellos. */
  held: boolean;
  /** The memory of a socket that survived hibernation, until its page is attached. */
  memory: SocketMemory | undefined;
  /** When the application is asked again whether the browser may see the page; -Infinity when the object hibernated since. */
  asksAt: number;
  /** The pending admission check. Later messages wait for it. */
  asking?: Promise<void>;
  /** The timer that ends a socket without a hello. */
  silent?: Timer | undefined;
}

/** The parts of a session that its connections know. */
export interface ConnectionsHost {
  readonly host: Pick<SessionHost, 'clock' | 'policy'>;
  readonly calls: { add(promise: Promise<unknown>, page: string): void };
  readonly pages: {
    get(page: string): { drop(link: ClientConnection): void } | undefined;
    isUnrouted(page: string): boolean;
  };
}

/** The open sockets of a session: which page each shows, whether it has said hello, and whether its visitor is admitted. */
export class Connections {
  readonly #session: ConnectionsHost;
  readonly #all = new Map<Socket, Connection>();
  #count = 0;

  constructor(session: ConnectionsHost) {
    this.#session = session;
  }

  get size(): number {
    return this.#all.size;
  }

  get(socket: Socket): Connection | undefined {
    return this.#all.get(socket);
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#all.values();
  }

  add(
    link: ClientConnection,
    to: Pick<Connection, 'page' | 'path' | 'fork' | 'before' | 'memory' | 'asksAt'>,
  ): Connection {
    const connection = { ...to, link, number: ++this.#count, hello: undefined, held: false };
    this.#all.set(link.socket, connection);
    return connection;
  }

  /** The number of sockets so far. */
  get count(): number {
    return this.#count;
  }

  /** Gives a connection a page of its own, because its tab is a duplicate. */
  give(connection: Connection, page: string): void {
    connection.page = page;
    connection.fork = false;
    // At once, because the object may lose its memory before the browser has seen the page.
    connection.link.socket.moved?.(page, connection.path);
  }

  /** The page of these connections shows another path, which the application has admitted. */
  moved(page: string, path: string): void {
    for (const connection of this.of(page)) {
      connection.path = path;
      connection.link.socket.moved?.(page, path);
    }
  }

  /** Removes a socket that was closed, by either end. */
  remove(socket: Socket): Connection | undefined {
    const connection = this.#all.get(socket);
    if (!connection) return undefined;
    this.#all.delete(socket);
    this.greeted(connection);
    connection.link.closed();
    return connection;
  }

  /** Returns the connections of a page. */
  of(page: string): Connection[] {
    const found: Connection[] = [];
    for (const connection of this.#all.values()) if (connection.page === page) found.push(connection);
    return found;
  }

  /** Returns the newest connection of a page. */
  newestOf(page: string): Connection | undefined {
    let newest: Connection | undefined;
    for (const connection of this.#all.values()) if (connection.page === page) newest = connection;
    return newest;
  }

  // ---- hellos

  /** The connections without a hello, oldest first. */
  get silent(): Connection[] {
    return [...this].filter((connection) => connection.silent !== undefined);
  }

  /** Ends a new connection that sends no hello in time. */
  expectHello(connection: Connection): void {
    const { silent } = this;
    // End the oldest, because a working browser says hello at once.
    if (silent.length >= limits.silentSockets) this.#endSilent(silent[0] as Connection);
    connection.silent = this.#session.host.clock.after(limits.helloTimeout, () => this.#endSilent(connection));
  }

  #endSilent(connection: Connection): void {
    this.greeted(connection);
    connection.link.end('refused', 'The first message of a socket must be a hello; none came in time.');
  }

  /** Records that the hello came, or that none is expected any more. */
  greeted(connection: Connection): void {
    if (connection.silent !== undefined) this.#session.host.clock.clear(connection.silent);
    connection.silent = undefined;
  }

  // ---- admission

  /**
   * Asks the application again whether a browser may see its page, when the last check is old. So a
   * visitor who lost a role loses the page. Returns undefined when there is nothing to await.
   *
   * @param now the time. To ask the platform for it is a hundredth of a click.
   */
  askAgain(connection: Connection, now = this.#session.host.clock.now()): Promise<void> | undefined {
    if (connection.asking) return connection.asking;
    if (now < connection.asksAt) return undefined;
    const { link } = connection;
    if (!link.socket.admission || !link.open) return undefined;
    const answer = link.socket.admission();
    if (!answer) {
      connection.asksAt = now + this.#session.host.policy.revalidate;
      return undefined;
    }
    const asking = answer.then((admission) => {
      delete connection.asking;
      if (admission === 'admitted') {
        connection.asksAt = this.#session.host.clock.now() + this.#session.host.policy.revalidate;
        return;
      }
      // The browser reconnects and is checked again: the check failed, or the Worker says what has become of the address.
      if (admission === 'unknown' || this.#session.pages.isUnrouted(connection.page))
        link.end('slow', 'The application could not decide whether you may see this page.');
      else link.end('revoked', 'You may no longer see this page. Reload it to see why.');
      this.#session.pages.get(connection.page)?.drop(link);
    });
    connection.asking = asking;
    this.#session.calls.add(asking, '');
    return asking;
  }

  // ---- the end

  /** Ends all connections. */
  end(reason: 'revoked', message: string): void {
    for (const connection of this) {
      this.greeted(connection);
      connection.link.end(reason, message);
    }
    this.#all.clear();
  }

  /** Stops all timers, silently. */
  abandon(): void {
    for (const connection of this) this.greeted(connection);
  }
}
