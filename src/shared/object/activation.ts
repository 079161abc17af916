import type { JobMessage } from '../../jobs/index.ts';
import { computeStub, type ObjectBindings, objectStub } from '../../rpc/index.ts';
import { objectClock, StoredActivation } from '../../storage/index.ts';
import type { SharedListener } from '../protocol.ts';
import { sharedStub } from '../stub.ts';
import { Hub, type HubHost } from './hub.ts';

/** The part of the application that its shared objects use. */
export interface SharedApplication {
  /** Hash of the application's code. */
  readonly build: string;
  /** How to find the sessions, and other shared objects. */
  readonly objects: ObjectBindings;
}

/** What a shared object has in memory. Each save of the author makes another instance of the object's class; this stays. */
export class SharedActivation extends StoredActivation {
  #application: SharedApplication | undefined;
  #env: Readonly<Record<string, unknown>> = {};
  #hub: Hub | undefined;

  /** Serves an application from now on. */
  serve(application: SharedApplication, env: object): void {
    this.#application = application;
    this.#env = env as Readonly<Record<string, unknown>>;
  }

  hub(): Hub {
    this.check();
    this.#hub ??= new Hub(this.#host());
    return this.#hub;
  }

  protected override get resident(): Hub | undefined {
    return this.#hub;
  }

  /** The ports of the object. What depends on the application or its bindings is read at each use. */
  #host(): HubHost {
    const ctx = this.ctx;
    const served = () => this.#application as SharedApplication;
    const name = ctx.id.name;
    if (name === undefined)
      throw new Error('This shared object has no name. Find shared objects by idFromName(name), not by a unique id.');
    return {
      name,
      clock: objectClock,
      store: this.store,
      get build() {
        return served().build;
      },
      session: (of) => {
        const { objects } = served();
        const sessions = this.#env[objects.session] as DurableObjectNamespace;
        return objectStub(sessions, of, objects) as unknown as SharedListener;
      },
      object: (of) => sharedStub(this.#env, served().objects, of),
      service: (binding) => computeStub(this.#env, binding),
      ...(this.#env.JOBS !== undefined && {
        send: async (message: JobMessage) =>
          void (await (this.#env.JOBS as Queue<JobMessage>).send(message, { contentType: 'json' })),
      }),
      keepAlive: (promise) => ctx.waitUntil(promise),
      alarm: (at) =>
        this.setAlarm(at, (error) => console.error(`[${name}] The platform did not set the alarm.`, error)),
      log(level, message, error) {
        const entry = { level, fault: 'framework', shared: name, build: served().build, message };
        const rest = error === undefined ? [] : [error];
        if (level === 'error') console.error(entry, ...rest);
        else if (level === 'warning') console.warn(entry, ...rest);
        else console.log(entry, ...rest);
      },
    };
  }
}
