/**
 * The platform's door: the only file that imports what exists in the Workers runtime alone. The rest of the project says
 * `#platform`, which package.json leads here in workerd and to src/platform/node.ts in plain Node.
 */
export { DurableObject, env, exports, RpcTarget, WorkerEntrypoint, waitUntil } from 'cloudflare:workers';
