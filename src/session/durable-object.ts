import { DurableObject } from '#platform';
import type { FilesApi, NextPart, Received, Refusal, ServedFile, StoredPart } from '../files/index.ts';
import type { Claim, Fault, JobConsumerApi, Verdict } from '../jobs/index.ts';
import type { Visit } from '../protocol/index.ts';
import { capture, type Outcome, type RemoteError, type Report } from '../rpc/index.ts';
import type { Push, SharedListener } from '../shared/index.ts';
import { activationOf } from '../storage/index.ts';
import { SessionActivation } from './activation.ts';
import type { SessionApplication } from './application.ts';
import type { Session } from './session.ts';
import { storedVisitor, type Visitor, visitorOf } from './visitor.ts';

/** The error of the page function; the log has it. */
export interface Failure {
  readonly failed: RemoteError;
}

/** The methods of a session object that the application's Worker calls, over RPC. */
export interface SessionObject extends SharedListener, JobConsumerApi, FilesApi {
  /**
   * See {@link Session.open}. It returns an `Opened` as JSON, because RPC takes three times as long for a large tree. Its errors
   * return as data, because RPC drops their stack and cause.
   */
  open(path: string, page?: string, development?: boolean, visit?: Visit, visitor?: Visitor): Promise<string | Failure>;
  /** Ends the session: closes its sockets with the reason `revoked` and deletes its rows. */
  revoke(): Promise<void>;
  /** See {@link Session.send}. */
  sendEvent(name: string, text: string): Promise<void>;
  /** Returns why the object cannot hibernate, as sentences. Calling it wakes the object, which does not count. */
  whyAwake(): string[] | Promise<string[]>;
  /** Returns the path of a page; undefined when there is none. */
  pathOf(page: string): string | undefined | Promise<string | undefined>;
  /** See {@link Session.frame}. */
  frame(page: string, node: number, bytes: Uint8Array): Promise<number>;
  /** Takes a WebSocket upgrade with `page`, `path` and perhaps `fork` in its query. The Worker checked all of it. */
  fetch(request: Request): Promise<Response>;
}

/** The class of an application's sessions, which its Worker exports: the platform makes one instance for each session. */
export interface SessionClass<Bindings extends object> {
  /** @internal */
  new (ctx: DurableObjectState, env: Bindings): SessionObject & DurableObject<Bindings>;
}

/**
 * Makes the Durable Object class of an application's sessions. The class only translates: the
 * platform's events into calls of {@link Session}, and the session's ports into the platform.
 * Whatever is worth a test of its own belongs into the session.
 */
export function sessionClass<Bindings extends object>(
  application: SessionApplication<Bindings>,
): SessionClass<Bindings> {
  return class extends DurableObject<Bindings> implements SessionObject {
    readonly #activation: SessionActivation;

    /** Runs at each wake, so it neither reads nor writes. */
    constructor(ctx: DurableObjectState, env: Bindings) {
      super(ctx, env);
      this.#activation = activationOf(ctx, SessionActivation);
      this.#activation.serve(application, env);
    }

    async open(
      path: string,
      page?: string,
      development = false,
      visit?: Visit,
      visitor?: Visitor,
    ): Promise<string | Failure> {
      this.#activation.visited(development);
      try {
        return JSON.stringify(await this.#session.open(path, page, visit, visitor));
      } catch (error) {
        // The platform's own word on what may be asked again.
        if ((error as { retryable?: boolean }).retryable) throw error;
        return { failed: capture(error) };
      }
    }

    async revoke(): Promise<void> {
      this.#session.revoke();
      await this.#activation.sweep();
    }

    sendEvent(name: string, text: string): Promise<void> {
      return this.#session.send(name, text);
    }

    whyAwake(): string[] {
      return this.#activation.whyAwake();
    }

    sharedChanged(push: Push): Promise<number> {
      return this.#session.sharedChanged(push);
    }

    claimJob(job: string): Promise<Claim | undefined> {
      return this.#session.jobs.consumer.claimJob(job);
    }

    reportJob(job: string, epoch: number, report?: Report, left?: number): Promise<Verdict> {
      return this.#session.jobs.consumer.reportJob(job, epoch, report, left);
    }

    completeJob(job: string, epoch: number, outcome: Outcome): Promise<Verdict> {
      return this.#session.jobs.consumer.completeJob(job, epoch, outcome);
    }

    failJob(job: string, epoch: number, error: RemoteError, fault: Fault): Promise<Verdict> {
      return this.#session.jobs.consumer.failJob(job, epoch, error, fault);
    }

    deadJob(job: string, epoch?: number): Promise<void> {
      return this.#session.jobs.consumer.deadJob(job, epoch);
    }

    nextPart(ticket: string): Promise<NextPart | Refusal> {
      return this.#session.files.nextPart(ticket);
    }

    takePart(ticket: string, from: number, part: Uint8Array | StoredPart): Promise<Received | Refusal> {
      return this.#session.files.takePart(ticket, from, part);
    }

    refusePart(ticket: string, problem: string): Promise<void> {
      return this.#session.files.refusePart(ticket, problem);
    }

    pathOf(page: string): string | undefined {
      return this.#session.pages.pathOf(page);
    }

    frame(page: string, node: number, bytes: Uint8Array): Promise<number> {
      return this.#session.frame(page, node, bytes);
    }

    servedFile(id: string): Promise<ServedFile | undefined> {
      return this.#session.files.servedFile(id);
    }

    filePiece(id: string, n: number): Promise<Uint8Array | undefined> {
      return this.#session.files.filePiece(id, n);
    }

    override async fetch(request: Request): Promise<Response> {
      const query = new URL(request.url).searchParams;
      const page = query.get('page');
      const path = query.get('path');
      if (request.headers.get('Upgrade') !== 'websocket' || !page || !path) {
        return new Response('A session takes WebSocket upgrades with a page and a path.', { status: 426 });
      }
      const before = query.get('before');
      const development = application.development(this.env, new URL(request.url));
      const visitor = visitorOf(request, path);
      const link = {
        page,
        path,
        fork: query.has('fork'),
        ...(before !== null && { before }),
        development,
        visitor: storedVisitor(visitor),
      };
      return new Response(null, { status: 101, webSocket: this.#activation.accept(link, visitor) });
    }

    override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): Promise<void> | void {
      return this.#session.message(this.#activation.socket(ws), message);
    }

    /** The runtime has answered the close frame; answering again is an error for the codes that never travel (1005, 1006, 1015). */
    override async webSocketClose(ws: WebSocket): Promise<void> {
      this.#session.closed(this.#activation.socket(ws));
    }

    override async webSocketError(ws: WebSocket): Promise<void> {
      this.#session.closed(this.#activation.socket(ws));
    }

    override async alarm(): Promise<void> {
      // An alarm may ring late, in an object that has ended and begun anew since: that one is not over.
      const { stored } = this.#activation;
      await this.#session.alarm();
      if (stored) await this.#activation.sweep();
    }

    get #session(): Session {
      return this.#activation.session();
    }
  };
}
