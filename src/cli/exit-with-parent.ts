// Loaded into each `wrangler dev` that start.ts runs (`node --import`). When start.ts is gone, however it went, the
// channel between them closes, and this process ends as well. Miniflare's own exit hook then ends workerd.

process.once('disconnect', () => process.exit(0));
// A listener alone keeps no process waiting, and none must: wrangler may end when it has nothing left to do.
process.channel?.unref();
