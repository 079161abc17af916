import { inWords, newId, type Timer } from '../clock/index.ts';
import { pageHost } from '../elements/index.ts';
import { Jobs } from '../jobs/index.ts';
import { decodeUp, type HelloFrame, limits, type Paint, ProtocolError, protocolVersion } from '../protocol/index.ts';
import { batch } from '../reactive/index.ts';
import { type Push, Shares } from '../shared/index.ts';
import {
  Committer,
  type DueRow,
  DueRows,
  isReset,
  type PageRow,
  parked,
  type Store,
  type UnitOfWork,
} from '../storage/index.ts';
import { eventChannel, type JobRegistry, type TaskHost } from '../tasks/index.ts';
import { BuildRetry, buildDue } from './build-retry.ts';
import { engineClock } from './clock.ts';
import { Events } from './events.ts';
import type { LogEntry, SessionEntry, SessionHost, Socket, SocketMemory } from './host.ts';
import { createJobRegistry } from './job-registry.ts';
import { ElementHost } from './page/element-host.ts';
import { callErrorHandler } from './page/error-handler.ts';
import { handlersDue, lease } from './page/handlers.ts';
import { Page, type PageOwner, watchedDue } from './page/page.ts';
import { timerDue } from './page/timers.ts';
import { SessionLog } from './session-log.ts';
import { ClientConnection } from './sync/client-connection.ts';
import { Traffic } from './sync/traffic.ts';

/** Milliseconds from a change to its commit. One transaction holds all changes of a burst. */
const commitAfter = 50;
/** Milliseconds until a failed due row is retried. */
const dueRetry = 10_000;

interface Connection {
  readonly link: ClientConnection;
  page: string;
  readonly path: string;
  fork: boolean;
  /** The hello that the session answers once the page is built. */
  hello: HelloFrame | undefined;
  /** True while its browser knows that the page cannot be built, and sends only hellos. */
  held: boolean;
  /** The path of a socket that survived hibernation, until its page is attached. */
  memory: SocketMemory | undefined;
  /** When the application last admitted the browser; -Infinity when the object hibernated since. */
  admittedAt: number;
  /** The pending admission check. Later messages wait for it. */
  asking?: Promise<void>;
  /** The timer that ends a socket without a hello. */
  silent?: Timer | undefined;
}

/**
 * One browser's session: its pages (one a tab), their sockets, one store and one alarm. Pure: it
 * knows the platform only by the shapes of `ports.ts`, so the whole engine runs in a plain test
 * with the clock and the wire in hand.
 *
 * ```
 *   socket ──message──► decode ──► page.receive ──► turn ──► patch ──► socket
 *                                      │
 *                                      └─► commitSoon ── 50 ms ──► one transaction ──► ack ──► socket
 * ```
 */
export class Session implements PageOwner {
  readonly host: SessionHost;
  readonly tasks: TaskHost;
  readonly jobs: Jobs;
  readonly registry: JobRegistry;
  readonly shares: Shares;
  readonly traffic = new Traffic();
  readonly events: Events;
  readonly #sessionLog: SessionLog;
  readonly #retry: BuildRetry;
  readonly #pages = new Map<string, Page>();
  readonly #connections = new Map<Socket, Connection>();
  /** Pages with changes that may wait for the next commit. */
  readonly #changed = new Set<Page>();
  readonly #committer: Committer;
  /** The due rows of the session itself. */
  readonly #due = new DueRows('');
  #revoked = false;
  #jobsAwake = false;
  /** The number of open calls, also those that no handler awaits. */
  #calls = 0;
  /** True when a job has an outcome that is not committed yet. */
  #jobEnding = false;
  /** True when the running commit changes jobs. */
  #jobsMoved = false;
  /** The number of background tasks per page. */
  readonly #callsOf = new Map<string, number>();

  constructor(given: SessionHost) {
    // Inherited by prototype, because `development` may change while the session lives.
    const host: SessionHost = Object.create(given, { clock: { value: engineClock(given.clock) } });
    this.host = host;
    this.#sessionLog = new SessionLog(host);
    this.#retry = new BuildRetry(host.clock, host.store, (page) => this.#buildAgain(page));
    this.tasks = {
      clock: host.clock,
      keepAlive: (promise) => this.#keepAlive(promise),
      // Because each page that the writes reach flushes by its own effects at the end of the batch.
      turn: (fn) => batch(fn),
      service: (binding) => host.service(binding),
      failed: (error, name) => {
        const page = pageHost.get();
        const pattern = page instanceof ElementHost ? page.pattern : '';
        this.#log('error', 'author', `The background task "${name}" failed.`, error, pattern);
        callErrorHandler(this, error, { page: pattern, background: name });
      },
      log: (level, message, error) => this.#log(level === 'warn' ? 'warning' : level, 'author', message, error),
    };
    this.shares = new Shares({
      name: host.name,
      clock: host.clock,
      store: host.store,
      object(name) {
        if (host.shared) return host.shared(name);
        throw new Error(`${name} needs a shared object, and the host of this session provides none.`);
      },
      keepAlive: (promise) => host.keepAlive(promise),
      commit: () => this.#committer.commitIn(0),
      log: (level, message, error) => this.#log(level, 'framework', message, error),
    });
    this.events = new Events({
      clock: host.clock,
      store: host.store,
      commit: () => this.#committer.commitIn(commitAfter),
      log: (message) => this.#log('warning', 'author', message),
    });
    this.jobs = new Jobs({
      clock: host.clock,
      store: host.store,
      build: host.build,
      session: host.name,
      tasks: this.tasks,
      service: (binding) => host.service(binding),
      send: host.send?.bind(host),
      commit: (when) => this.#committer.commitIn(when === 'now' ? 0 : commitAfter),
      due: (at) => this.#due.set('jobs', at ?? undefined),
      watched: (page) => this.#isWatched(page),
      continued: () => this.#allContinued(),
      // Because a handler that a crash cut off may wait for it.
      ended: (page) => void this.#find(page),
      ending: () => {
        this.#jobEnding = true;
      },
    });
    this.registry = createJobRegistry(this.jobs);
    this.#committer = new Committer({
      clock: host.clock,
      store: host.store,
      alarm: (at) => host.alarm(at),
      units: () => this.#units(),
      committed: () => this.#committed(),
      failed: (error) => this.#commitFailed(error),
    });
  }

  /**
   * Opens a page for a browser: the stored one with this id and path, or a new one.
   *
   * @returns what the document needs, or 'missing' when the application has no page for the path.
   * @throws what the page function threw, or an error when it took too long.
   */
  async open(path: string, named?: string): Promise<Paint | 'missing'> {
    this.#wakeJobs();
    const known = named === undefined ? undefined : this.#find(named);
    const page = known && known.request.path === path ? known : this.#create(newId(), path);
    if (!page) return 'missing';
    const { build } = page;
    await build.running;
    if (build.failure) throw build.failure;
    this.#capUnconnected();
    return page.paint();
  }

  /** Connects a new socket, whose first message must be a hello. `fork` gives it a page of its own. */
  connect(socket: Socket, to: { readonly page: string; readonly path: string; readonly fork: boolean }): void {
    const link = new ClientConnection(socket, this.traffic, this.host.clock);
    const { clock } = this.host;
    if (this.#connections.size >= limits.sockets) {
      link.end('slow', `This session has ${limits.sockets} open connections; close some windows.`);
      return;
    }
    const silent = [...this.#connections.values()].filter((connection) => connection.silent !== undefined);
    // End the oldest, because a working browser says hello at once.
    if (silent.length >= limits.silentSockets) this.#endSilent(silent[0] as Connection);
    const connection: Connection = {
      link,
      ...to,
      hello: undefined,
      held: false,
      memory: undefined,
      admittedAt: clock.now(),
    };
    connection.silent = clock.after(limits.helloTimeout, () => this.#endSilent(connection));
    this.#connections.set(socket, connection);
  }

  /** Ends a socket that has sent no hello in time. */
  #endSilent(connection: Connection): void {
    this.#heard(connection);
    connection.link.end('refused', 'The first message of a socket must be a hello; none came in time.');
  }

  #heard(connection: Connection): void {
    if (connection.silent !== undefined) this.host.clock.clear(connection.silent);
    connection.silent = undefined;
  }

  /** Adopts a socket that survived hibernation. Call it before the socket's first message. */
  wake(socket: Socket, memory: SocketMemory, path: string): void {
    if (this.#connections.has(socket)) return;
    const link = new ClientConnection(socket, this.traffic, this.host.clock);
    link.greeted = true;
    this.#connections.set(socket, {
      link,
      page: memory.page,
      path,
      fork: false,
      hello: undefined,
      held: false,
      memory,
      admittedAt: Number.NEGATIVE_INFINITY,
    });
  }

  /** Handles a message of a socket. The promise settles at once, unless the page is being built. */
  message(socket: Socket, data: unknown): Promise<void> | void {
    try {
      return this.#message(socket, data);
    } catch (error) {
      // Because the browser retains its events and sends them to the new instance.
      if (!isReset(error)) throw error;
    }
  }

  #message(socket: Socket, data: unknown): Promise<void> | void {
    const connection = this.#connections.get(socket);
    if (!connection?.link.open || this.#revoked) return;
    // Checked before the frame is read, so that excess frames cost nothing.
    if (!this.traffic.admit(this.host.clock.now(), data)) {
      this.#tooFast(connection);
      return;
    }
    // Because promises settle in the order of arrival.
    return this.#askAgain(connection)?.then(() => this.#receive(connection, data)) ?? this.#receive(connection, data);
  }

  #receive(connection: Connection, data: unknown): Promise<void> | void {
    const { link } = connection;
    if (!link.open || this.#revoked) return;
    let frame: ReturnType<typeof decodeUp>;
    try {
      frame = decodeUp(data);
    } catch (error) {
      this.#refuse(connection, error);
      return;
    }
    if (frame[0] === 'h') {
      this.#heard(connection);
      if (!link.admit(limits.helloCost - 1)) return;
      if (frame[1] !== protocolVersion) {
        link.end('reload', 'The application was updated.');
        return;
      }
    }
    this.#wakeJobs();
    if (!connection.fork && this.#retry.waits(connection.page)) {
      if (frame[0] === 'h') this.#hold(connection, undefined, frame);
      return;
    }
    const page = this.#pageFor(connection);
    if (!page) {
      link.end('gone', 'There is no page at this address any more.');
      return;
    }
    const handle = () => {
      if (!link.open) return;
      if (page.build.failure) {
        this.#hold(connection, page, frame[0] === 'h' ? frame : undefined);
        return;
      }
      if (frame[0] === 'h') {
        this.#greet(connection, page, frame);
        return;
      }
      // Because the hello of a browser repeats every event that it sends before.
      if (connection.held) return;
      if (!link.greeted) {
        link.end('refused', 'The first message of a socket must be a hello.');
        return;
      }
      const first = !page.record.persistent;
      this.#reattach(connection, page);
      if (first && page.record.persistent) this.#firstKept(page);
      if (frame[0] === 'a') page.delivery.acknowledge(link, frame[1]);
      else page.receive(link, frame);
    };
    const guarded = () => void this.#guarded(page, 'A message of a browser could not be handled.', handle);
    const { running } = page.build;
    if (!running) {
      guarded();
      return;
    }
    // Because promises settle in the order of arrival, so do the messages of a page.
    return running.then(guarded);
  }

  #greet(connection: Connection, page: Page, hello: HelloFrame): void {
    connection.memory = undefined;
    connection.hello = undefined;
    connection.held = false;
    const first = !page.record.persistent;
    page.greet(connection.link, hello);
    if (first) this.#firstKept(page);
  }

  /**
   * Makes a browser wait for a page that could not be built. It is notified, retains its events,
   * and is answered after a successful build.
   */
  #hold(connection: Connection, page: Page | undefined, hello?: HelloFrame): void {
    const { link } = connection;
    connection.hello = hello ?? connection.hello;
    // Because a browser receives nothing before its hello.
    if (!connection.hello && !link.greeted) return;
    connection.memory = undefined;
    connection.held = true;
    link.greeted = false;
    if (page) this.#retry.soon(connection.page, this.#noticeOf(page));
    link.sendFrame(['t', this.#retry.notice(connection.page)]);
  }

  /** Returns the notice for a page that could not be built. Only developers see the error. */
  #noticeOf(page: Page): string {
    return this.host.development
      ? `${page.definition.pattern} could not be built, and is tried again. ${page.build.failure}`
      : 'The server cannot load this page at the moment. It retries automatically; your input is saved.';
  }

  /** Records that a socket was closed, by either end. */
  closed(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (!connection) return;
    this.#connections.delete(socket);
    this.#heard(connection);
    connection.link.closed();
    if (!this.#isWatched(connection.page)) this.#retry.clear(connection.page);
    const page = this.#pages.get(connection.page);
    if (!page) {
      this.#leftAsleep(connection.page);
      return;
    }
    page.drop(connection.link);
    if (!page.record.persistent) this.#forget(page);
  }

  /** Records that the last browser left a page that is not in memory. */
  #leftAsleep(id: string): void {
    const { store, clock } = this.host;
    try {
      const row = this.#isWatched(id) ? undefined : store.page(id);
      if (!row) return;
      store.transaction(() => {
        store.writePage({ ...row, seen: clock.now() });
        store.deleteDue(id, watchedDue);
      });
      this.#wakeJobs();
      this.jobs.left(id);
    } catch (error) {
      // Because the row of the browser remains, the page lives longer than it must, never shorter.
      this.#log('warning', 'framework', 'Could not store the time at which the last browser left a page.', error);
    }
  }

  /**
   * Shows a change of shared values. It rebuilds the sleeping pages that a browser shows. Without a
   * browser, it does nothing and lets the object sleep.
   *
   * @returns 1 while a browser shows a page here; 0 ends the subscription.
   */
  async sharedChanged(push: Push): Promise<number> {
    if (this.#revoked || this.#connections.size === 0) return 0;
    const asleep = this.#asleep();
    if (asleep.size > 0) this.shares.expect(push);
    const woken: Page[] = [];
    for (const id of asleep) {
      const page = await this.#findBuilt(id);
      if (page) woken.push(page);
    }
    // Before the browsers are attached, so that a changed page is sent once, with the change in it.
    this.shares.take(push);
    for (const page of woken) await this.#giveBack(page);
    return this.shares.accepts(push) ? 1 : 0;
  }

  /**
   * Delivers an event of `app.send` to the handlers that wait for it, also those of sleeping pages.
   * Without a waiting handler, the session stores the event.
   *
   * @param text the encoded value. Settles when what came of it is durable.
   */
  async send(name: string, text: string): Promise<void> {
    if (this.#revoked) return;
    this.#wakeJobs();
    const pages = new Set(this.#pages.values());
    for (const row of this.host.store.due()) {
      if (row.key !== handlersDue) continue;
      const page = await this.#wakePage(row.page);
      if (page) pages.add(page);
    }
    let taken = false;
    for (const page of pages) if (!page.build.failure) taken = page.answers.send(eventChannel(name), text) || taken;
    if (!taken) this.events.add(name, text);
    await this.#committer.durable();
  }

  /** Does the work of the due rows when the object's alarm rings. */
  async alarm(): Promise<void> {
    this.#committer.rang();
    const { clock, store } = this.host;
    const now = clock.now();
    for (const row of store.due(now)) {
      try {
        await this.#serve(row);
      } catch (error) {
        if (isReset(error)) throw error;
        const page = this.#pages.get(row.page)?.definition.pattern;
        this.#log('error', 'framework', `The due row ${row.key} failed. The session retries it.`, error, page);
        store.writeDue({ ...row, at: now + dueRetry });
      }
      if (this.#revoked) return;
    }
    const used = store.pages().length > 0 || this.#pages.size > 0 || this.#connections.size > 0;
    if (!used && !this.jobs.wanted && this.events.count === 0) {
      // Because a late alarm of an ended session finds no rows, and a new visitor gets a working
      // session.
      if (store.due().length > 0 || store.jobs('all').length > 0) this.revoke();
      return;
    }
    // Written at once, because a row that is still due would ring the alarm without a pause.
    this.#committer.tryCommit();
  }

  /** Does the work of one due row. */
  async #serve(row: DueRow): Promise<void> {
    const { clock, store, policy } = this.host;
    const now = clock.now();
    if (row.page === '' && row.key === 'jobs') {
      this.jobs.check();
    } else if (row.page === '' && row.key === 'shared') {
      store.deleteDue('', 'shared');
      this.shares.check();
    } else if (row.page === '' && row.key === 'events') {
      this.events.expire();
    } else if (row.page === '') {
      const latest = Math.max(0, ...store.pages().map((page) => page.seen));
      const idle = now - latest >= policy.sessionIdle;
      // Because pages with open handlers have their own time limit.
      const works = store.due().some((due) => due.key === handlersDue);
      // Because after a wake, sockets exist before their pages.
      if (idle && !works && this.#connections.size === 0) this.revoke();
      else store.writeDue({ page: '', key: 'idle', at: now + (works && idle ? policy.pageIdle : policy.sessionIdle) });
    } else if (row.key === 'idle') {
      await this.#endIfIdle(row);
    } else if (row.key.startsWith(timerDue) && !this.#isWatched(row.page) && !this.#pages.has(row.page)) {
      // Because its timer runs only for a browser, the page is not built for it.
      store.writeDue({ ...row, at: parked });
    } else {
      const page = this.#retry.rests(row.page) ? undefined : await this.#wakePage(row.page);
      if (page?.build.failure || this.#retry.rests(row.page)) this.#retry.putOff(row);
      else if (page) page.dueNow(row);
      else store.deleteDue(row.page, row.key);
    }
  }

  /** Ends the session: closes the sockets and deletes all rows. */
  revoke(): void {
    this.#revoked = true;
    for (const page of this.#pages.values()) page.end('revoked', 'The session has ended.');
    for (const connection of this.#connections.values()) {
      this.#heard(connection);
      connection.link.end('revoked', 'The session has ended.');
    }
    this.#pages.clear();
    this.#connections.clear();
    this.#changed.clear();
    this.#retry.end();
    this.jobs.dismiss();
    this.shares.abandon();
    this.#committer.abandon();
    this.host.store.clear();
    this.host.alarm(null);
  }

  /** Stops silently, as when the platform evicts the object. */
  abandon(): void {
    this.#revoked = true;
    // First, because pages must not write while they stop.
    this.shares.abandon();
    for (const page of this.#pages.values()) page.abandon();
    for (const connection of this.#connections.values()) this.#heard(connection);
    this.#retry.end();
    this.jobs.abandon();
    this.#committer.abandon();
  }

  /** The pages in memory, by id, for tests and tools. */
  get pages(): ReadonlyMap<string, Page> {
    return this.#pages;
  }

  /** Returns why the object cannot hibernate; empty when it can. */
  whyAwake(): string[] {
    const reasons = [...this.#pages.values()].flatMap((page) =>
      page.whyAwake().map((reason) => `${page.definition.pattern}: ${reason}`),
    );
    if (this.jobs.running > 0) reasons.push(`${this.jobs.running} running jobs`);
    const silent = [...this.#connections.values()].filter((connection) => connection.silent !== undefined).length;
    if (silent > 0) reasons.push(`${silent} sockets that have not said hello`);
    if (this.#retry.size > 0) reasons.push(`${this.#retry.size} pages that could not be built and are tried again`);
    if (this.#calls > 0) reasons.push(`${this.#calls} calls that have not ended`);
    if (this.shares.pending > 0) reasons.push(`${this.shares.pending} calls of shared objects`);
    if (this.#committer.pending) reasons.push('a commit that is about to be made');
    return reasons;
  }

  // ---- committing

  commitSoon(page: Page): void {
    if (this.#revoked) return;
    this.#changed.add(page);
    this.#committer.commitIn(commitAfter);
  }

  holdJob(id: string): () => void {
    return this.jobs.hold(id);
  }

  left(page: Page): void {
    this.jobs.left(page.id);
  }

  #keepAlive(promise: Promise<unknown>): void {
    const page = pageHost.get();
    const id = page instanceof ElementHost ? page.id : '';
    const ended = () => {
      this.#calls--;
      const left = (this.#callsOf.get(id) ?? 0) - 1;
      if (left > 0) this.#callsOf.set(id, left);
      else this.#callsOf.delete(id);
    };
    this.#calls++;
    this.#callsOf.set(id, (this.#callsOf.get(id) ?? 0) + 1);
    promise.then(ended, ended);
    this.host.keepAlive(promise);
  }

  /** The units of a commit, in their order. */
  *#units(): Iterable<UnitOfWork> {
    this.#jobsMoved = this.jobs.dirty;
    yield* this.#changed;
    yield this.jobs;
    yield this.shares;
    yield this.events;
    yield this.#due;
    if (this.#jobEnding) {
      const persisted = () => {
        this.#jobEnding = false;
      };
      yield { dirty: true, persist: (store) => this.#leaseHandlers(store), persisted };
    }
  }

  #committed(): void {
    for (const page of this.#changed) if (!page.dirty) this.#changed.delete(page);
    // Because a sleeping page must show its jobs, whether a queue consumer or the alarm moved them.
    if (this.#jobsMoved) for (const id of this.#asleep()) void this.#wakePage(id);
    // Because every message leads to a commit, a browser that only watches is checked as often as
    // one that clicks.
    for (const connection of this.#connections.values()) this.#askAgain(connection);
    this.#releasePages();
  }

  #commitFailed(error: unknown): void {
    this.#log('error', 'framework', 'A commit failed. Events stay unacknowledged until a retry succeeds.', error);
    for (const page of this.#changed) if (page.dirty) page.unpersisted();
  }

  /** Schedules the alarm soon, because handlers may wait for the job that ends and the object may die. */
  #leaseHandlers(store: Store): void {
    const at = this.host.clock.now() + lease;
    for (const row of store.due()) if (row.key === handlersDue && row.at > at) store.writeDue({ ...row, at });
  }

  // ---- pages

  /** False while a page with open handlers waits for a rebuild. */
  #allContinued(): boolean {
    const waiting = this.host.store.due().filter((row) => row.key === handlersDue);
    return waiting.every((row) => {
      const page = this.#pages.get(row.page);
      // Because a run that waits for an answer may sleep for days, while this must be known sooner.
      if (!page && !this.#retry.rests(row.page)) void this.#wakePage(row.page);
      return page !== undefined && !page.build.running;
    });
  }

  /** Resumes the jobs that an earlier activation left running, as soon as the object wakes. */
  #wakeJobs(): void {
    if (this.#jobsAwake) return;
    this.#jobsAwake = true;
    if (this.host.store.jobs('open').length > 0) this.jobs.load();
  }

  #create(id: string, path: string): Page | undefined {
    const found = this.host.match(path);
    if (!found) return undefined;
    return this.#build(new Page(this, id, found.definition, found.request));
  }

  #build(page: Page, row?: PageRow): Page {
    this.#pages.set(page.id, page);
    page.build.start(row);
    const { running } = page.build;
    if (running) void running.then(() => this.#built(page));
    else this.#built(page);
    return page;
  }

  /** Handles the end of a build. A page that failed leaves memory with its changes; its rows stay. */
  #built(page: Page): void {
    if (this.#pages.get(page.id) !== page) return;
    const connections = [...this.#connections.values()].filter((connection) => connection.page === page.id);
    if (page.build.failure) {
      this.#release(page);
      for (const connection of connections) this.#hold(connection, page);
      if (connections.length === 0 && page.record.persistent) this.#leaveAlone(page);
      return;
    }
    this.#retry.clear(page.id);
    page.due.clear(buildDue);
    for (const connection of connections) {
      const { hello } = connection;
      if (hello)
        this.#guarded(page, 'A waiting browser could not be answered.', () => this.#greet(connection, page, hello));
    }
  }

  #leaveAlone(page: Page): void {
    try {
      this.#retry.later(page.id);
    } catch (error) {
      // Because the due rows of the page are delayed anyway, only without a growing pause.
      this.#log('warning', 'framework', 'Could not count a failed build of a page.', error, page.definition.pattern);
    }
  }

  /** Retries a page that could not be built. */
  #buildAgain(id: string): void {
    const waiting = [...this.#connections.values()].filter((connection) => connection.page === id);
    const [first] = waiting;
    if (first && this.#pageFor(first)) return;
    this.#retry.clear(id);
    for (const { link } of waiting) link.end('gone', 'This page has expired.');
  }

  /** Returns a page in memory, or rebuilds it from its rows. */
  #find(id: string): Page | undefined {
    const live = this.#pages.get(id);
    if (live) return live;
    const row = this.host.store.page(id);
    if (!row) return undefined;
    const found = this.host.match(row.path);
    if (!found) {
      this.#log('info', 'author', `Ended the page ${row.path}: the application no longer has a page at this path.`);
      this.#end(id);
      return undefined;
    }
    return this.#build(new Page(this, id, found.definition, found.request, row), row);
  }

  #pageFor(connection: Connection): Page | undefined {
    if (connection.fork && connection.page !== '') {
      // Because a duplicated tab has the page id of the other tab and must not get its page.
      const page = this.#create(newId(), connection.path);
      if (!page) return undefined;
      connection.page = page.id;
      connection.fork = false;
      return page;
    }
    const { page, path } = connection;
    // Because the application admitted the browser to this path only, not to others.
    const known = this.#pages.get(page)?.request.path ?? this.host.store.page(page)?.path;
    if (known !== undefined && known !== path) return undefined;
    return this.#find(page) ?? this.#create(page, path);
  }

  /**
   * Asks the application again whether a browser may see its page, when the last check is old. So a
   * visitor who lost a role loses the page. Returns undefined when there is nothing to await.
   */
  #askAgain(connection: Connection): Promise<void> | undefined {
    const { clock, policy } = this.host;
    const { link, admittedAt } = connection;
    if (connection.asking || !link.socket.admission || !link.open) return connection.asking;
    if (clock.now() - admittedAt < policy.revalidate) return undefined;
    const asking = link.socket.admission().then((admission) => {
      delete connection.asking;
      if (admission === 'admitted') {
        connection.admittedAt = clock.now();
        return;
      }
      // Because the check failed, the browser reconnects and is checked again.
      if (admission === 'unknown') link.end('slow', 'The application could not decide whether you may see this page.');
      else link.end('revoked', 'You may no longer see this page. Reload it to see why.');
      this.#pages.get(connection.page)?.drop(link);
    });
    connection.asking = asking;
    this.#keepAlive(asking);
    return asking;
  }

  /** The pages that a browser shows and that were not rebuilt since the wake. */
  #asleep(): ReadonlySet<string> {
    const asleep = new Set<string>();
    for (const { memory, page } of this.#connections.values())
      if (memory && this.host.store.page(page)) asleep.add(page);
    return asleep;
  }

  /** Returns a page as {@link #find} does, with its browsers attached when they survived hibernation. */
  async #wakePage(id: string): Promise<Page | undefined> {
    const page = await this.#findBuilt(id);
    const asking = page && this.#giveBack(page);
    // Because only admitted browsers may see what woke the page.
    if (asking) await asking;
    return page;
  }

  async #findBuilt(id: string): Promise<Page | undefined> {
    const page = this.#find(id);
    await page?.build.running;
    return page;
  }

  /** Attaches the browsers of a page. Returns a promise while the application is asked about them. */
  #giveBack(page: Page): Promise<unknown> | undefined {
    if (page.build.failure) return undefined;
    const asked: Promise<void>[] = [];
    for (const connection of this.#connections.values()) {
      if (connection.page !== page.id) continue;
      const asking = this.#askAgain(connection);
      if (asking) asked.push(asking.then(() => this.#reattach(connection, page)));
      else this.#reattach(connection, page);
    }
    return asked.length > 0 ? Promise.all(asked) : undefined;
  }

  #reattach(connection: Connection, page: Page): void {
    const { memory, link } = connection;
    if (!memory || !link.open || page.record.ended) return;
    connection.memory = undefined;
    page.attach(connection.link, memory);
  }

  /** Makes a page persistent at its first hello. It ends some time after its last use. */
  #firstKept(page: Page): void {
    const { store, clock, policy } = this.host;
    const now = clock.now();
    page.due.set('idle', now + policy.pageIdle);
    if (!store.due().some((row) => row.page === '' && row.key === 'idle')) {
      store.writeDue({ page: '', key: 'idle', at: now + policy.sessionIdle });
    }
    const stored = new Map(store.pages().map((row) => [row.page, row.seen]));
    for (const other of this.#pages.values()) if (other.record.persistent) stored.set(other.id, other.record.seen);
    // Pages without a browser go first, then the one that was used longest ago.
    const oldest = [...stored.keys()].sort(
      (a, b) => Number(this.#isWatched(a)) - Number(this.#isWatched(b)) || (stored.get(a) ?? 0) - (stored.get(b) ?? 0),
    );
    for (const id of oldest) {
      if (stored.size <= limits.pages) break;
      if (id === page.id) continue;
      this.#end(id);
      stored.delete(id);
    }
  }

  /** Returns when a page was last used: now, while a browser shows it or was lost with the object. */
  #seen(id: string): number {
    const { store, clock } = this.host;
    if (this.#isWatched(id)) return clock.now();
    const live = this.#pages.get(id);
    const row = store.page(id);
    if (!store.due().some((due) => due.page === id && due.key === watchedDue))
      return live?.record.seen ?? row?.seen ?? 0;
    live?.due.set(watchedDue, undefined);
    live?.record.left();
    if (row) store.writePage({ ...row, seen: clock.now() });
    store.deleteDue(id, watchedDue);
    return clock.now();
  }

  /** Evicts pages from memory without a browser and without open work. Their rows stay. */
  #releasePages(): void {
    // Because an object that may sleep loses its memory anyway.
    if (this.#connections.size === 0 && this.jobs.running === 0) return;
    const { clock, policy } = this.host;
    const idle = [...this.#pages.values()].filter(
      (page) => !this.#isWatched(page.id) && !this.#callsOf.has(page.id) && page.restful,
    );
    if (idle.length === 0) return;
    idle.sort((a, b) => b.unwatchedSince - a.unwatchedSince);
    const since = clock.now() - policy.memoryIdle;
    let newer = 0;
    for (const page of idle) {
      // Because pages that wait for their first browser have their own cap.
      const over = page.record.persistent && newer++ >= policy.memoryPages;
      if (over || page.unwatchedSince <= since) this.#release(page);
    }
  }

  #release(page: Page): void {
    this.#pages.delete(page.id);
    page.abandon();
  }

  /** Returns true when a browser shows the page, also one whose socket was silent since the wake. */
  #isWatched(id: string): boolean {
    if (this.#pages.get(id)?.delivery.watched) return true;
    for (const connection of this.#connections.values()) if (connection.page === id) return true;
    return false;
  }

  #capUnconnected(): void {
    const unconnected = [...this.#pages.values()].filter((page) => !page.record.persistent);
    for (const page of unconnected.slice(0, Math.max(0, unconnected.length - limits.unconnectedPages))) {
      this.#forget(page);
    }
  }

  /** Ends a page that no browser has shown for too long, or schedules the next check. */
  async #endIfIdle(row: DueRow): Promise<void> {
    const { store, clock, policy } = this.host;
    const id = row.page;
    const now = clock.now();
    const works = !this.#isWatched(id) && this.#works(id);
    let end = this.#seen(id) + (works ? Math.max(policy.pageIdle, policy.openWork) : policy.pageIdle);
    if (works && end <= now) {
      // Because its wait has its own timeout, and the handler needs time to continue after it.
      const page = await this.#findBuilt(id);
      // Because its waits are unknown before the page is built.
      if (page?.build.failure && now < end + policy.openWork) {
        this.#retry.putOff(row);
        return;
      }
      const last = page?.answers.waits.lastOf(end) ?? 0;
      if (last > 0) end = last + policy.pageIdle;
    }
    if (end <= now) this.#end(id);
    else store.writeDue({ ...row, at: end });
  }

  /** Returns true when handlers of the page are open. */
  #works(id: string): boolean {
    return this.host.store.due().some((row) => row.page === id && row.key === handlersDue);
  }

  #end(id: string): void {
    if (this.#works(id)) {
      const { path = '', seen = 0 } = this.host.store.page(id) ?? {};
      const handlers = this.#pages.get(id)?.handlers.open ?? 0;
      const unseen = inWords(this.host.clock.now() - seen);
      const what = handlers === 0 ? 'handlers' : handlers === 1 ? 'a handler' : `${handlers} handlers`;
      this.#log(
        'warning',
        'author',
        `Ended the page ${path} with ${what} still open: a browser last showed it ${unseen} ago. ` +
          'Raise the session policy openWork to let handlers run longer without a browser.',
      );
    }
    this.#pages.get(id)?.end('gone', 'This page was not used for a long time and has expired.');
    this.#pages.delete(id);
    this.host.store.deletePage(id);
    this.jobs.pageEnded(id);
  }

  /** Evicts a page from memory; its rows stay. */
  #forget(page: Page): void {
    page.end('gone', 'This page has expired.');
    this.#pages.delete(page.id);
  }

  #tooFast({ link, page }: Connection): void {
    this.#log('warning', 'network', 'Ended a connection: its frames came faster than the limit of the session.');
    link.tooFast();
    this.#pages.get(page)?.drop(link);
  }

  /** Runs `fn` for a page and logs its error, because it must not stop the work for other pages. */
  #guarded(page: Page, what: string, fn: () => void): void {
    try {
      fn();
    } catch (error) {
      if (!isReset(error)) this.#log('error', 'framework', what, error, page.definition.pattern);
    }
  }

  #refuse(connection: Connection, error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.#log('warning', 'network', `Refused a frame: ${error.message}`);
    connection.link.end('refused', error.message);
    this.#pages.get(connection.page)?.drop(connection.link);
  }

  log(entry: SessionEntry): void {
    this.#sessionLog.write(entry);
  }

  #log(level: LogEntry['level'], fault: LogEntry['fault'], message: string, error?: unknown, page?: string): void {
    this.log({ level, fault, message, ...(error !== undefined && { error }), ...(page && { page }) });
  }
}
