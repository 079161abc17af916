import { inWords } from '../clock/index.ts';
import type { Files } from '../files/index.ts';
import { type Jobs, jobsDue } from '../jobs/index.ts';
import type { Shares } from '../shared/index.ts';
import { type DueRow, isReset, parked } from '../storage/index.ts';
import type { Values } from '../stores/index.ts';
import type { Browsers } from './browsers.ts';
import type { BuildRetry } from './build-retry.ts';
import type { Connections } from './connections.ts';
import type { Events } from './events.ts';
import type { SessionEntry, SessionHost } from './host.ts';
import { handlersDue } from './page/handlers.ts';
import { timerDue } from './page/timers.ts';
import type { Pages } from './pages.ts';

/** Milliseconds until a failed due row is retried. */
const retryAfter = 10_000;

/** The parts of a session that its alarm knows. */
export interface AlarmHost {
  readonly host: SessionHost;
  readonly jobs: Jobs;
  readonly shares: Shares;
  readonly values: Values;
  readonly events: Events;
  readonly files: Files;
  readonly retry: BuildRetry;
  readonly connections: Connections;
  readonly pages: Pages;
  readonly browsers: Browsers;
  /** True once the session has ended. */
  readonly ended: boolean;
  /** Commits now; a commit that fails is retried. */
  commit(): void;
  /** Ends the session. */
  revoke(): void;
  log(entry: SessionEntry): void;
}

/** The work of a session's due rows, which its one alarm looks at. */
export class Alarm {
  readonly #session: AlarmHost;
  /** Number of alarms whose work has not ended. */
  #ringing = 0;

  constructor(session: AlarmHost) {
    this.#session = session;
  }

  /** Does the work of all rows that are due, and commits. Ends the session when nothing of it is left. */
  async ring(): Promise<void> {
    this.#ringing++;
    try {
      await this.#ring();
    } finally {
      this.#ringing--;
    }
  }

  /** True while the work of an alarm has not ended. */
  get ringing(): boolean {
    return this.#ringing > 0;
  }

  async #ring(): Promise<void> {
    const session = this.#session;
    const { clock, store } = session.host;
    const now = clock.now();
    const rows = store.due(now);
    for (const row of rows) {
      try {
        await this.#serve(row);
      } catch (error) {
        if (isReset(error)) throw error;
        const page = session.pages.get(row.page)?.definition.pattern;
        const message = `The due row ${row.key} failed. The session retries it.`;
        session.log({ level: 'error', fault: 'framework', message, error, ...(page && { page }) });
        store.writeDue({ ...row, at: now + retryAfter });
      }
      if (session.ended) return;
    }
    // Because a handler whose time has come must first run until its next await. A commit before would record
    // the result, and no call that the handler waits for.
    await new Promise<void>((resolve) => clock.after(0, resolve));
    if (session.ended) return;
    // At once, because a row that is still due would ring the alarm without a pause.
    if (this.#isUsed()) session.commit();
    // Because a late alarm of an ended session finds no rows, and a new visitor gets a working
    // session.
    else if (rows.length > 0 || store.due().length > 0 || store.jobs('all').length > 0) session.revoke();
  }

  /** Returns true while the session has pages, browsers, jobs, events, files or values of its user. */
  #isUsed(): boolean {
    const { host, pages, connections, jobs, events, files, values } = this.#session;
    const shown = host.store.pages().length > 0 || pages.size > 0 || connections.size > 0;
    return shown || jobs.wanted || events.count > 0 || files.owes || files.seen > 0 || values.lasting;
  }

  /** Does the work of one due row. */
  async #serve(row: DueRow): Promise<void> {
    if (row.page === '') return this.#serveSession(row);
    const { host, pages, browsers, retry } = this.#session;
    if (row.key === 'idle') {
      await this.#endPageIfIdle(row);
    } else if (row.key.startsWith(timerDue) && !pages.watched(row.page) && !pages.get(row.page)) {
      // Because its timer runs only for a browser, the page is not built for it.
      host.store.writeDue({ ...row, at: parked });
    } else {
      const page = retry.rests(row.page) ? undefined : await browsers.wakePage(row.page);
      if (page?.build.failure || retry.rests(row.page)) retry.putOff(row);
      else if (page) page.dueNow(row);
      else if (pages.isUnrouted(row.page)) {
        retry.later(row.page);
        retry.putOff(row);
      } else host.store.deleteDue(row.page, row.key);
    }
  }

  async #serveSession(row: DueRow): Promise<void> {
    const { host, jobs, shares, events, files } = this.#session;
    if (row.key === jobsDue) {
      jobs.check();
    } else if (row.key === 'shared') {
      host.store.deleteDue('', 'shared');
      shares.check();
    } else if (row.key === 'events') {
      events.expire();
    } else if (row.key === 'files') {
      await files.expire();
    } else {
      this.#endSessionIfIdle();
    }
  }

  /** Ends the session when it was not used for too long, or schedules the next check. */
  #endSessionIfIdle(): void {
    const { host, connections, files, values } = this.#session;
    const { store, clock, policy } = host;
    const now = clock.now();
    const latest = Math.max(values.seen, files.seen, ...store.pages().map((page) => page.seen));
    const idle = now - latest >= policy.sessionIdle;
    // Because pages with open handlers have their own time limit.
    const works = store.due().some((due) => due.key === handlersDue);
    // Because after a wake, sockets exist before their pages.
    if (idle && !works && connections.size === 0) this.#session.revoke();
    else store.writeDue({ page: '', key: 'idle', at: now + (works && idle ? policy.pageIdle : policy.sessionIdle) });
  }

  /** Ends a page that no browser has shown for too long, or schedules the next check. */
  async #endPageIfIdle(row: DueRow): Promise<void> {
    const { host, pages, retry } = this.#session;
    const { store, clock, policy } = host;
    const id = row.page;
    const now = clock.now();
    const works = !pages.watched(id) && pages.works(id);
    let end = pages.seen(id) + (works ? Math.max(policy.pageIdle, policy.openWork) : policy.pageIdle);
    if (works && end <= now) {
      // Because its wait has its own timeout, and the handler needs time to continue after it.
      const page = await pages.findBuilt(id);
      // Because its waits are unknown before the page is built.
      if (page?.build.failure && now < end + policy.openWork) {
        retry.putOff(row);
        return;
      }
      const last = page?.answers.waits.lastOf(end) ?? 0;
      if (last > 0) end = last + policy.pageIdle;
    }
    if (end <= now) pages.end(id, unseen(now - pages.seen(id)));
    else store.writeDue({ ...row, at: end });
  }
}

function unseen(ms: number): string {
  return (
    `: a browser last showed it ${inWords(ms)} ago. ` +
    'Raise the session policy openWork to let handlers run longer without a browser.'
  );
}
