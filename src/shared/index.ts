export { type SharedApi, SharedJob, type SharedJobOptions, SharedSignal, shared, type Widen } from './api.ts';
export { sharedLimits } from './limits.ts';
export { type SharedApplication, type SharedClass, sharedClass } from './object/durable-object.ts';
export { Hub, type HubHost } from './object/hub.ts';
export type { Push, SharedListener, SharedObject, Snapshot, Subscribed, Subscriber } from './protocol.ts';
export { isJob } from './protocol.ts';
export { PageShares, type PageSharesHost, type WriteJournal } from './session/page-shares.ts';
export { Shares, type SharesHost } from './session/shares.ts';
export { sharedStub } from './stub.ts';
