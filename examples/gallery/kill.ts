/**
 * Has the servers of the gallery killed, as by a crash, and returns which they were. What runs them in development listens at the
 * address. A call with the same key kills once.
 */
export async function killServers(address: string, key: string): Promise<string> {
  const response = await fetch(`${address}?key=${key}`, { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(`The servers were not killed: ${text}`);
  return text;
}

/**
 * Returns the address; undefined where there is no kill. `npm start`, `npm run dev` and `edgewise preview` give it to the Worker, a
 * deployment has none, and a visitor of another machine is refused.
 */
export function killAddress({
  development,
  env,
}: {
  readonly development: boolean;
  readonly env: unknown;
}): string | undefined {
  const { EDGEWISE_KILL } = (env ?? {}) as { readonly EDGEWISE_KILL?: string };
  return development ? EDGEWISE_KILL : undefined;
}
