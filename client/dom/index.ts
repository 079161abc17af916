export type { Attributes, OwnAttributes } from './attributes.ts';
export { ownAttributes } from './attributes.ts';
export { Listeners } from './listeners.ts';
export { safeAttributes, safeUrl } from './sanitize.ts';
