/**
 * `#platform` in workerd: the only file that imports modules of the Workers runtime.
 * package.json maps `#platform` to this file in workerd and to src/platform/node.ts in plain Node.
 */
export { DurableObject, env, exports, RpcTarget, WorkerEntrypoint, waitUntil } from 'cloudflare:workers';
