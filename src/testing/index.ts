export { TestBrowser } from './browser.ts';
export { seeded, settled, VirtualClock } from './clock.ts';
export { type Match, pages, type ServerOptions, TestServer } from './server.ts';
export { type FarEnd, Wire } from './wire.ts';
