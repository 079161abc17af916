import { run, ui } from 'edgewise';

/** A request to somewhere else: slow, or failing, without harm to the page. */
export function fetchPage() {
  ui.label('Enter a URL to fetch its content:');
  const url = ui.input('URL', { value: 'https://example.com' }).classes('w-60');
  ui.button('Fetch Content', () => show(url.value));
  const result = ui.label('Result will appear here.').classes('mt-4 whitespace-pre-wrap break-words');

  async function show(address: string) {
    console.log(`Fetching ${address}...`);
    try {
      const content = await run.ioBound(read, address);
      console.log('Fetch finished.');
      result.text = `Content from ${address}:\n${content}`;
    } catch (error) {
      console.log(`Error fetching ${address}:`, error);
      result.text = `Could not fetch ${address}: ${reason(error)}`;
    }
  }
}

// The text, not the Response, is what comes back: it can be remembered, so a restart in between does not fetch again.
async function read(address: string) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
  const text = await response.text();
  return text.slice(0, 500);
}

// The runtime says no more than "internal error" when it finds no such host.
function reason(error: unknown) {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith('internal error') ? 'The host was not found, or does not answer.' : text;
}
