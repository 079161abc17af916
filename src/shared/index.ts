export { SharedJob, type SharedJobOptions, SharedSignal, shared } from './author.ts';
export { Hub, type HubHost } from './hub.ts';
export { sharedLimits } from './limits.ts';
export { type SharedApplication, type SharedClass, sharedClass } from './object.ts';
export { PageShares, type PageSharesHost, type WriteJournal } from './page.ts';
export { sharedObject } from './reach.ts';
export { Shares, type SharesHost } from './shares.ts';
export type { Push, SharedListener, SharedObject, Snapshot, Subscribed, Subscriber } from './wire.ts';
