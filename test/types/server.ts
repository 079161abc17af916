// Server code runs in the Workers runtime. Each line that compiles here by mistake fails `npm run types`.

/** Durable Objects are there. */
export type State = DurableObjectState;

// @ts-expect-error there is no document: the server describes elements, the client makes them
export const title = document.title;

// @ts-expect-error there is no window
export const width = window.innerWidth;

// @ts-expect-error there is no DOM node.
export type Node = HTMLElement;
