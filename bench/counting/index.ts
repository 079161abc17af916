export { cases } from './cases.ts';
export { type Case, type Count, count } from './count.ts';
export { type Growth, grow, growths } from './growth.ts';
export { heartbeats } from './heartbeats.ts';
