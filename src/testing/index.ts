export { type BrowserOptions, type SentEvent, TestBrowser } from './browser.ts';
export { seeded, settled, VirtualClock } from './clock.ts';
export { computeService } from './compute.ts';
export { type Direction, type FarEnd, type Noticed, Wire } from './network.ts';
export type { Builders, Pages } from './pages.ts';
export type { Query } from './query.ts';
export { type ServerOptions, TestServer } from './server.ts';
export { TestShared, type TestSharedOptions } from './shared.ts';
export { Found, type OpenOptions, open, User, type WaitOptions } from './user.ts';
