// Protocol code is shared, so it knows neither world. Each line that compiles here by mistake fails `npm run types`.

// @ts-expect-error there is no document: protocol also runs in a Durable Object
export const title = document.title;

// @ts-expect-error there is no HTMLElement either
export type Element = HTMLElement;

// @ts-expect-error there is no Durable Object: protocol also runs in the browser
export type State = DurableObjectState;

// @ts-expect-error Node's globals are absent from both
export const env = process.env;
