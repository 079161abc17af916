/**
 * What `vite.config.ts` imports: the plugin that builds and serves an application.
 *
 * @packageDocumentation
 * @module edgewise/vite
 */

export type { CloudflareOptions, EdgewiseOptions } from './options.ts';
export { edgewise } from './plugin.ts';
