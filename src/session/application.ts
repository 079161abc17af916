import type { ObjectBindings } from '../rpc/index.ts';
import type { Admission, SessionHost, SessionPolicy } from './host.ts';
import type { Visitor } from './visitor.ts';

/** The environment of the application's middleware when a session calls it. */
export interface VisitSurroundings<Bindings> {
  readonly env: Bindings;
  /** Name of the session that the visitor has connected to. */
  readonly session: string;
  readonly ctx: Pick<ExecutionContext, 'waitUntil' | 'passThroughOnException' | 'props'>;
}

/** The application as its sessions see it. */
export interface SessionApplication<Bindings extends object> {
  /** Hash of the application's code; see {@link SessionHost.build}. */
  readonly build: string;
  readonly policy: SessionPolicy;
  /** True when the visitor who came by this address is the author. */
  development(env: Bindings, url: URL): boolean;
  /** Finds the page for a path and query. Called after each wake, because an activation starts without pages. */
  match(
    path: string,
    surroundings: { readonly env: Bindings; readonly session: string; readonly development: boolean },
  ): ReturnType<SessionHost['match']>;
  /** Asks the application again whether a visitor may see a page. Absent: every connected visitor may. */
  admits?(visitor: Visitor, surroundings: VisitSurroundings<Bindings>): Promise<Admission>;
  /** True when `admits` need not be asked about a page: nothing of the application decides who may see it. */
  isUnguarded?(path: string, session: string): boolean;
  readonly onError?: NonNullable<SessionHost['onError']>;
  /** Has events for a session go to where it runs, when that is no object of the platform: for `edgewise/testing`. */
  attach?(session: string, send: (name: string, text: string) => Promise<void>): void;
  /** Name of the binding of the bucket for files. @default 'FILES' */
  readonly filesBinding?: string;
  /** How to find shared objects. Absent in tests, which have no platform. */
  readonly objects?: ObjectBindings;
}
