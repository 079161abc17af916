/** Wrangler's lines at each start and rebuild that are not news, or that show ports other than the one to open. */
const boilerplate =
  /^(Cloudflare collects anonymous telemetry|Your Worker has access to the following|Binding +Resource|env\.\w+ .* local\b|Service bindings, Durable Object|\[wrangler:info\] (Ready on|✨ Parsed)|Attaching additional modules|Using secrets defined in|[│┌├└⎔])/;

/** Returns false for wrangler's lines that say nothing new. */
export function isNews(line: string): boolean {
  return line.trim() !== '' && !boilerplate.test(line);
}
