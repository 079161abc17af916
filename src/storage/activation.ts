import { isReset, WatchedStorage } from './reset.ts';
import { SqliteStore } from './sqlite.ts';

/** What an object has in memory from its start to its eviction or death. */
export interface Activation {
  /** Commits and stops, because code of another version of the framework takes the object over. */
  leave(): void;
}

/** The program that runs in an activation: a session, or the hub of a shared value. */
interface Resident {
  /** Commits and stops. */
  leave(): void;
  /** Stops without a commit, because the storage is gone. */
  abandon(): void;
}

/** The activation of an object with a store. It works until another version takes the object over, or the platform its storage. */
export abstract class StoredActivation implements Activation {
  protected readonly ctx: DurableObjectState;
  protected readonly store: SqliteStore;
  /** Why this activation can do nothing any more. */
  #over: unknown;

  constructor(ctx: DurableObjectState) {
    this.ctx = ctx;
    this.store = new SqliteStore(new WatchedStorage(ctx, (error) => this.#abort(error)));
  }

  /** The program; undefined before the first use of the object. */
  protected abstract readonly resident: Resident | undefined;

  /** @throws {unknown} the reason why this activation can do nothing any more. */
  protected check(): void {
    if (this.#over !== undefined) throw this.#over;
  }

  leave(): void {
    this.#over ??= Object.assign(new Error('Another version of the framework has the object.'), { retryable: true });
    this.resident?.leave();
  }

  /** Sets the object's alarm; null for none. @param refused called when the platform did not set it, for another reason than a reset. */
  protected setAlarm(at: number | null, refused: (error: unknown) => void): void {
    const { storage } = this.ctx;
    // Settles with the commit that it is part of.
    const done = at === null ? storage.deleteAlarm() : storage.setAlarm(at);
    done.catch((error: unknown) => {
      if (isReset(error)) this.#abort(error);
      else refused(error);
    });
  }

  /**
   * Aborts this activation, from which the platform has taken the storage. It must retry nothing:
   * the next one continues from the last commit, and no job attempt counts as failed.
   */
  #abort(error: unknown): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    this.resident?.abandon();
    this.ctx.abort(error instanceof Error ? error.message : String(error));
  }
}

/** Where the `ctx` of an object has its activation: the same for each loading of this module. */
const name = Symbol.for('edgewise.activation');

/**
 * Returns the activation of an object: the one of an earlier instance of its class, or else a new one.
 *
 * The platform makes one instance for each activation. The development server makes another one on
 * the same `ctx` at the first event after a save, and the earlier one never knows.
 */
export function activationOf<C extends object, A extends Activation>(ctx: C, kind: new (ctx: C) => A): A {
  const holder = ctx as { [name]?: Activation };
  const known = holder[name];
  if (known instanceof kind) return known;
  // Because objects of two versions of the framework do not fit together.
  known?.leave();
  const made = new kind(ctx);
  holder[name] = made;
  return made;
}
