export { type BrowserOptions, type SentEvent, TestBrowser } from './browser.ts';
export { seeded, settled, VirtualClock } from './clock.ts';
export { type Builders, type Pages } from './pages.ts';
export { type ServerOptions, TestServer } from './server.ts';
export { type Direction, type FarEnd, type Noticed, Wire } from './wire.ts';
