import { type PageContext, run, ui } from 'edgewise';
import { publicUrl } from './public-url.ts';

/** Longest chain of redirects. */
const mostRedirects = 5;

/** Shows a request to another server. A slow or failing request does no harm to the page. */
export function fetchPage({ development }: PageContext) {
  ui.label('Enter a URL to fetch its content:');
  const url = ui.input('URL', { value: 'https://example.com', maxLength: 2_000 }).classes('w-60');
  ui.button('Fetch Content', () => show(url.value));
  const result = ui.label('Result will appear here.').classes('mt-4 whitespace-pre-wrap break-words');

  async function show(address: string) {
    console.log('Fetching', address);
    try {
      // Strangers must not reach private addresses through this Worker. On the author's own machine the author
      // is the visitor.
      const content = await run.ioBound(development ? readAny : readPublic, address);
      console.log('Fetch finished.');
      result.text = `Content from ${address}:\n${content}`;
    } catch (error) {
      console.log('Error fetching', address, error);
      result.text = `Could not fetch ${address}: ${reason(error)}`;
    }
  }
}

function readPublic(address: string) {
  return read(address, publicUrl);
}

function readAny(address: string) {
  return read(address, (any) => {
    if (!URL.canParse(any)) throw new Error(`Invalid URL: ${any}`);
    return new URL(any);
  });
}

// Returns the text, not the Response: the journal can store a text, so a restart does not repeat the request.
async function read(address: string, check: (address: string) => URL) {
  let url = check(address);
  // Follows redirects by hand, because a public address may redirect to a private one.
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(url, { redirect: 'manual' });
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('Location') : null;
    if (location === null) {
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`.trim());
      return beginning(response, 500);
    }
    await response.body?.cancel();
    url = check(URL.canParse(location, url) ? new URL(location, url).href : location);
  }
  throw new Error(`It was redirected more than ${mostRedirects} times.`);
}

/** Returns the first characters of a body, however long it is. */
async function beginning({ body }: Response, characters: number) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length >= characters) break;
  }
  return text.slice(0, characters);
}

// Because the runtime reports an unknown host only as "internal error".
function reason(error: unknown) {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith('internal error') ? 'The host was not found, or does not answer.' : text;
}
