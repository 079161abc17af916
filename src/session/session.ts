import { Redirect } from '../elements/index.ts';
import type { FileReader } from '../file-ref/index.ts';
import { type Delivery, type FileEvent, Files } from '../files/index.ts';
import { Jobs, jobsDue } from '../jobs/index.ts';
import { limits, type Visit } from '../protocol/index.ts';
import { type Push, Shares } from '../shared/index.ts';
import { Committer, DueRows, isReset, type Store, type UnitOfWork } from '../storage/index.ts';
import { Values } from '../stores/index.ts';
import { eventChannel, type JobRegistry, type TaskHost } from '../tasks/index.ts';
import type { Key } from '../tree/index.ts';
import { Alarm } from './alarm.ts';
import { Browsers } from './browsers.ts';
import { BuildRetry } from './build-retry.ts';
import { type Connection, Connections } from './connections.ts';
import { Events } from './events.ts';
import { SessionFileReader } from './file-reader.ts';
import type { LogEntry, Opened, SessionEntry, SessionHost, Socket, SocketMemory } from './host.ts';
import { SessionJobRegistry } from './job-registry.ts';
import { OpenCalls } from './open-calls.ts';
import { ElementHost } from './page/element-host.ts';
import { handlersDue, lease } from './page/handlers.ts';
import type { Page, PageOwner } from './page/page.ts';
import { Pages } from './pages.ts';
import { Renewal } from './renewal.ts';
import { SessionLog } from './session-log.ts';
import { ClientConnection } from './sync/client-connection.ts';
import { Traffic } from './sync/traffic.ts';
import { SessionTasks } from './task-host.ts';
import type { Visitor } from './visitor.ts';

/** Milliseconds from a change that somebody waits for to its commit. */
const commitAfter = 50;

/**
 * One browser's session: its pages (one a tab), their sockets, one store and one alarm. Pure: it
 * knows the platform only by the shapes of `host.ts`, so the whole engine runs in a plain test
 * with the clock and the wire in hand.
 *
 * ```
 *   socket ──message──► decode ──► page.receive ──► turn ──► patch ──► socket
 *                                      │
 *                                      └─► commitSoon ── 50 ms of quiet ──► one transaction ──► ack ──► socket
 * ```
 */
export class Session implements PageOwner {
  readonly host: SessionHost;
  readonly tasks: TaskHost;
  readonly registry: JobRegistry = new SessionJobRegistry(this);
  readonly values: Values;
  readonly traffic = new Traffic();
  readonly fileReader: FileReader = new SessionFileReader(this);
  readonly calls: OpenCalls;
  readonly retry: BuildRetry;
  readonly connections = new Connections(this);
  readonly pages = new Pages(this);
  readonly browsers = new Browsers(this);
  #shares: Shares | undefined;
  #jobs: Jobs | undefined;
  #files: Files | undefined;
  #events: Events | undefined;
  #renewal: Renewal | undefined;
  #sessionLog: SessionLog | undefined;
  #alarm: Alarm | undefined;
  /** Pages with changes that may wait for the next commit. */
  readonly #changed = new Set<Page>();
  readonly #committer: Committer;
  /** The due rows of the session itself. */
  readonly #due = new DueRows('');
  /** True once the session was revoked or abandoned. */
  ended = false;
  /** True once another version of the application has taken over. */
  renewed = false;
  #jobsAwake = false;
  /** True when a job has an outcome that is not committed yet. */
  #jobEnding = false;
  /** True when the running commit changes what pages that sleep may show, too. */
  #othersToo = false;

  constructor(host: SessionHost) {
    this.host = host;
    this.calls = new OpenCalls(host);
    this.retry = new BuildRetry(host.clock, host.store, (page) => this.browsers.buildAgain(page));
    this.tasks = new SessionTasks(this);
    this.values = new Values({ store: host.store, commit: () => this.#committer.commitSoon() });
    host.store.outdated = () => {
      for (const { link } of this.connections) link.copy(undefined);
    };
    this.#committer = new Committer({
      clock: host.clock,
      store: host.store,
      alarm: (at) => host.alarm(at),
      units: () => this.#units(),
      committed: () => this.#committed(),
      failed: (error) => this.#commitFailed(error),
    });
  }

  // ---- what most sessions do without: made at its first use, so that neither a wake nor the memory pays for it

  get shares(): Shares {
    return (this.#shares ??= this.#makeShares());
  }

  #makeShares(): Shares {
    const { host } = this;
    const shares = new Shares({
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
    if (this.ended) shares.abandon();
    return shares;
  }

  get jobs(): Jobs {
    return (this.#jobs ??= this.#makeJobs());
  }

  #makeJobs(): Jobs {
    const { host } = this;
    const jobs = new Jobs({
      clock: host.clock,
      store: host.store,
      get build() {
        return host.build;
      },
      session: host.name,
      tasks: this.tasks,
      service: (binding) => host.service(binding),
      openFile: (id) => this.files.open(id),
      send: host.send?.bind(host),
      commit: (when) => this.#committer.commitIn(when === 'now' ? 0 : commitAfter),
      watched: (page) => this.pages.watched(page),
      continued: () => this.#allContinued(),
      // Because a handler that a crash cut off may wait for it.
      ended: (page) => void this.browsers.wakePage(page),
      replaced: (jobs) => ElementHost.current?.replacedJobs(jobs),
      ending: () => {
        this.#jobEnding = true;
      },
    });
    if (this.ended) jobs.abandon();
    return jobs;
  }

  get files(): Files {
    const { host } = this;
    this.#files ??= new Files({
      clock: host.clock,
      store: host.store,
      bucket: () => host.bucket?.(),
      commit: () => this.#committer.commitIn(commitAfter),
      durable: () => this.durable(),
      due: (at) => this.#due.set('files', at),
      admit: () => this.traffic.admitMore(host.clock.now(), 1),
      pathOf: (page) => this.pages.pathOf(page),
      hear: (...heard) => this.#hear(...heard),
      log: (message, error) => this.#log('warning', 'framework', message, error),
    });
    return this.#files;
  }

  get events(): Events {
    const { host } = this;
    this.#events ??= new Events({
      clock: host.clock,
      store: host.store,
      commit: () => this.#committer.commitIn(commitAfter),
      log: (message) => this.#log('warning', 'author', message),
    });
    return this.#events;
  }

  /**
   * Opens a page for a browser: the stored one with this id and path, or a new one.
   *
   * @param visitor who loads it.
   * @param visit says what the tab shows, when it shows the page in the same document.
   * @returns what the document needs, 'missing' when the application has no page for the path, or what the page function threw in
   *   place of a page.
   * @throws what the page function threw, or an error when it took too long.
   */
  async open(path: string, named?: string, visit?: Visit, visitor?: Visitor): Promise<Opened> {
    this.wakeJobs();
    const known = named === undefined ? undefined : this.pages.find(named);
    // Because a tab that returns to a page whose first commit was lost has events for it.
    const own = visit && !visit.shown && this.pages.pathOf(visit.page) === undefined ? visit.page : undefined;
    let page: Page | undefined;
    try {
      page = known && (visit ? await this.#moved(known, path, visit) : known.request.path === path ? known : undefined);
    } catch (error) {
      if (error instanceof Redirect) return { redirect: error.address };
      throw error;
    }
    page ??= this.pages.create(path, own, visitor, visit && this.values.tabOf(visit.page));
    if (!page) return 'missing';
    const built = await this.pages.built(page);
    const { outcome, failure } = built.build;
    if (outcome instanceof Redirect) return { redirect: outcome.address };
    if (outcome) return { notFound: outcome.message };
    if (failure) throw failure;
    this.pages.capUnconnected();
    // Because a save may have removed the page.
    if (built.record.retired) return 'missing';
    // Because a page that the request has woken may differ from what its browser shows.
    void this.browsers.attach(built);
    if (visit?.shown && built.id === visit.page) return built.moved();
    return built.paint();
  }

  /** Returns the page of a visit when it shows the path, or can in place: after what its tab has done in it before. */
  async #moved(known: Page, path: string, { event }: Visit): Promise<Page | undefined> {
    const page = await this.pages.built(known);
    if (this.pages.mayMove(page, path)) await page.inbox.reached(event);
    return page.record.ended ? undefined : this.pages.moved(page, path);
  }

  /**
   * Connects a new socket, whose first message must be a hello. `fork` gives it a page of its own; a new page belongs to the tab of
   * the page `before`.
   */
  connect(socket: Socket, to: Pick<Connection, 'page' | 'path' | 'fork' | 'before'>): void {
    const { clock } = this.host;
    const link = new ClientConnection(socket, this.traffic, clock);
    if (this.connections.size >= limits.sockets) {
      link.end('slow', `This session has ${limits.sockets} open connections; close some windows.`);
      return;
    }
    const { page, path, fork, before } = to;
    const asksAt = clock.now() + this.host.policy.revalidate;
    const connection = this.connections.add(link, { page, path, fork, before, memory: undefined, asksAt });
    this.connections.expectHello(connection);
  }

  /** Adopts a socket that survived hibernation. Call it before the socket's first message. */
  wake(socket: Socket, memory: SocketMemory, path: string): void {
    if (this.connections.get(socket)) return;
    const link = new ClientConnection(socket, this.traffic, this.host.clock);
    link.greeted = true;
    const asksAt = Number.NEGATIVE_INFINITY;
    this.connections.add(link, { page: memory.page, path, fork: false, memory, asksAt });
  }

  /** Handles a message of a socket. The promise settles at once, unless the page is being built. */
  message(socket: Socket, data: unknown): Promise<void> | void {
    try {
      const connection = this.connections.get(socket);
      if (connection?.link.open && !this.ended) return this.browsers.message(connection, data);
    } catch (error) {
      // Because the browser retains its events and sends them to the new instance.
      if (!isReset(error)) throw error;
    }
  }

  /** Records that a socket was closed, by either end. */
  closed(socket: Socket): void {
    const connection = this.connections.remove(socket);
    if (!connection) return;
    const watched = this.pages.watched(connection.page);
    if (!watched) this.retry.clear(connection.page);
    const page = this.pages.get(connection.page);
    if (!page) {
      if (!watched) this.#leftAsleep(connection.page);
      return;
    }
    page.drop(connection.link);
    if (!page.record.persistent) this.pages.drop(page);
  }

  /** Records that the last browser left a page that is not in memory. */
  #leftAsleep(id: string): void {
    try {
      const due = this.pages.leftAsleep(id);
      if (due === undefined) return;
      if (due) this.#committer.commitIn(0);
      this.wakeJobs();
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
    if (this.ended || this.connections.size === 0) return 0;
    const asleep = this.browsers.asleep();
    if (asleep.size > 0) this.shares.expect(push);
    const woken: Page[] = [];
    for (const id of asleep) {
      const page = await this.pages.findBuilt(id);
      if (page) woken.push(page);
    }
    // Before the browsers are attached, so that a changed page is sent once, with the change in it.
    this.shares.take(push);
    for (const page of woken) await this.browsers.attach(page);
    return this.shares.accepts(push) ? 1 : 0;
  }

  /**
   * Delivers an event of `app.send` to the handlers that wait for it, also those of sleeping pages.
   * Without a waiting handler, the session stores the event.
   *
   * @param text the encoded value. Settles when what came of it is durable.
   */
  async send(name: string, text: string): Promise<void> {
    if (this.ended) return;
    this.wakeJobs();
    const waiting = this.host.store.due().filter((row) => row.key === handlersDue);
    for (const { page } of waiting) await this.browsers.wakePage(page);
    // Another try of a page that could not be built may have begun meanwhile.
    for (const { build } of this.pages.values()) if (build.running) await build.running;
    const channel = eventChannel(name);
    let taken = false;
    for (const page of this.pages.values()) taken = page.answers.send(channel, text) || taken;
    for (const { page } of waiting) taken = this.pages.answerStored(page, channel, text) || taken;
    if (!taken) this.events.add(name, text);
    this.#committer.commitIn(commitAfter);
    await this.#committer.durable();
  }

  /** Gives a frame to a camera of a page that a browser shows; see {@link Page.frame}. @returns an HTTP status. */
  async frame(id: string, node: number, bytes: Uint8Array): Promise<number> {
    if (!this.traffic.admitMore(this.host.clock.now(), 1)) return 429;
    const page = this.pages.watched(id) ? await this.browsers.wakePage(id) : undefined;
    const handled = page && !page.build.failure ? page.frame(node, bytes) : undefined;
    if (!handled) return 404;
    this.calls.add(handled, id);
    await handled;
    return 204;
  }

  /** Has an element hear events of its files; see {@link FilesHost.hear}. */
  async #hear(id: string, key: Key, events: () => readonly FileEvent[]): Promise<Delivery> {
    const page = await this.browsers.wakePage(id);
    if (page?.build.failure) return 'later';
    return page?.hear(key, events) ? 'done' : 'gone';
  }

  /** Does the work of the due rows when the object's alarm rings. */
  alarm(): Promise<void> {
    this.#committer.rang();
    this.#alarm ??= new Alarm(this);
    return this.#alarm.ring();
  }

  /**
   * Continues with the application that the host has now. Each page in memory is built again from
   * its rows, and the one before retires. Jobs, shared values, timers and sockets stay.
   */
  renew(): void {
    if (this.ended) return;
    this.renewed = true;
    this.#sessionLog?.forget();
    this.#renewal ??= new Renewal(this);
    this.#renewal.start();
  }

  /** Commits and stops, because another version of the framework continues from the rows. */
  leave(): void {
    this.commit();
    this.abandon();
  }

  /** Ends the session: closes the sockets and deletes all rows. */
  revoke(): void {
    this.ended = true;
    const message = 'The session has ended.';
    this.pages.endAll(message);
    this.connections.end('revoked', message);
    this.#changed.clear();
    this.retry.end();
    this.#jobs?.dismiss();
    this.#shares?.abandon();
    this.#committer.abandon();
    const { store, clock } = this.host;
    store.clear();
    this.files.sessionEnded();
    const { owes } = this.files;
    if (owes) store.writeDue({ page: '', key: 'files', at: clock.now() });
    this.host.alarm(owes ? clock.now() : null);
  }

  /** Stops silently, as when the platform evicts the object. */
  abandon(): void {
    this.ended = true;
    // First, because pages must not write while they stop.
    this.#shares?.abandon();
    for (const page of this.pages.values()) page.abandon();
    this.connections.abandon();
    this.retry.end();
    this.#jobs?.abandon();
    this.#committer.abandon();
  }

  /** Returns why the object cannot hibernate; empty when it can. */
  whyAwake(): string[] {
    const reasons = [...this.pages.values()].flatMap((page) =>
      page.whyAwake().map((reason) => `${page.definition.pattern}: ${reason}`),
    );
    const running = this.#jobs?.running ?? 0;
    if (running > 0) reasons.push(`${running} running jobs`);
    const silent = this.connections.silent.length;
    if (silent > 0) reasons.push(`${silent} sockets that have not said hello`);
    if (this.retry.size > 0) reasons.push(`${this.retry.size} pages that could not be built and are tried again`);
    if (this.calls.count > 0) reasons.push(`${this.calls.count} calls that have not ended`);
    const calls = this.#shares?.pending ?? 0;
    if (calls > 0) reasons.push(`${calls} calls of shared objects`);
    if (this.#committer.pending) reasons.push('a commit that is about to be made');
    if (this.#alarm?.ringing) reasons.push('an alarm');
    return reasons;
  }

  // ---- committing

  /** Commits now; a commit that fails is retried. */
  commit(): void {
    this.#committer.tryCommit();
  }

  restOf(page: string): number | undefined {
    return this.connections.newestOf(page)?.memory?.rest;
  }

  visitorOf(page: string): Visitor | undefined {
    return this.connections.newestOf(page)?.link.socket.visitor;
  }

  commitSoon(page: Page): void {
    if (this.ended) return;
    this.#changed.add(page);
    this.#committer.commitSoon();
  }

  durable(): Promise<void> {
    // In a task of its own, because a commit in the middle of a turn would store half of it.
    this.#committer.commitIn(0);
    return this.#committer.durable();
  }

  /** The units of a commit, in their order. */
  *#units(): Iterable<UnitOfWork> {
    this.#othersToo = this.#jobs?.moved === true || this.values.shown;
    yield* this.#changed;
    if (this.#jobs) yield this.#jobs;
    if (this.#shares) yield this.#shares;
    yield this.values;
    if (this.#events) yield this.#events;
    if (this.#files) yield this.#files;
    yield this.#due;
    if (this.#jobEnding) {
      const persisted = () => {
        this.#jobEnding = false;
      };
      yield { dirty: true, persist: (store) => this.#leaseHandlers(store), persisted };
    }
  }

  #committed(): void {
    for (const page of this.#changed) {
      if (page.dirty) continue;
      this.#changed.delete(page);
      // So that the next wake reads nothing.
      if (page.delivery.rest !== null) page.delivery.link?.copy(this.host.store.copy(page.id, page.cells.size));
    }
    this.#renewal?.committed();
    // Whether a queue consumer or the alarm moved its jobs, or another tab wrote a value of the user.
    if (this.#othersToo) for (const id of this.browsers.asleep()) void this.browsers.wakePage(id);
    // Because every message leads to a commit, a browser that only watches is checked as often as
    // one that clicks.
    for (const connection of this.connections) this.connections.askAgain(connection);
    this.pages.releaseIdle();
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
      const page = this.pages.get(row.page);
      // Because a run that waits for an answer may sleep for days, while this must be known sooner.
      if (!page && !this.retry.rests(row.page)) void this.browsers.wakePage(row.page);
      return page !== undefined && !page.build.running;
    });
  }

  /** Resumes the jobs that an earlier activation left running, as soon as the object wakes. */
  wakeJobs(): void {
    if (this.#jobsAwake) return;
    this.#jobsAwake = true;
    const { store } = this.host;
    // An open job has a due row, and these are read at each wake anyway.
    if (store.due().some(({ page, key }) => page === '' && key === jobsDue) && store.jobs('open').length > 0)
      this.jobs.load();
  }

  log(entry: SessionEntry): void {
    this.#sessionLog ??= new SessionLog(this.host);
    this.#sessionLog.write(entry);
  }

  #log(level: LogEntry['level'], fault: LogEntry['fault'], message: string, error?: unknown, page?: string): void {
    this.log({ level, fault, message, ...(error !== undefined && { error }), ...(page && { page }) });
  }
}
