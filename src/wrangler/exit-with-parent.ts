// `node --import` loads this file into each `wrangler dev` of a WranglerServer. When the process that started it ends
// for any reason, the channel between them closes and this process ends too. Miniflare's exit hook then ends workerd.

process.once('disconnect', () => process.exit(0));
// A listener alone does not hold the process open. Wrangler must be able to end when it has no work left.
process.channel?.unref();
