// Client code runs in a browser. Each line that compiles here by mistake fails `npm run types`.

/** The DOM is there. */
export function heading(): string {
  return document.title;
}

// @ts-expect-error there is no Durable Object in a browser
export type State = DurableObjectState;

// @ts-expect-error the platform's module is the Worker's alone
export type Entrypoint = import('cloudflare:workers').WorkerEntrypoint;

// @ts-expect-error there is no process in a browser
export const env = process.env;
