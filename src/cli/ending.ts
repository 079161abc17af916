/**
 * Ends this process in order: at Ctrl-C, at a signal, and when its parent has gone. A second signal ends it at once.
 *
 * @param stop stops what the process runs.
 */
export function endWith(stop: () => Promise<unknown> | undefined): void {
  let asked = false;
  const end = async () => {
    if (asked) process.exit(1);
    asked = true;
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // npm passes a signal on to its shell only, which ends without what it runs.
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void end();
  }, 500).unref();
}
