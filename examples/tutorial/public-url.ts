/**
 * Networks without public sites, as first and last address: the machine itself, private, shared and
 * link-local networks (where clouds serve a machine's credentials), documentation, tests, multicast,
 * reserved.
 */
const refused = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
] as const;

/** Suffixes of host names that lead into private networks. */
const privateNames = /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;
/** Services that resolve a name to the address written in it. */
const mirrors = /(^|\.)(nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me)$/;

/**
 * Returns the URL that a stranger typed, if its address is public.
 * The URL parser turns every notation of a number (`0x7f.1`, `2130706433`) into the usual four parts. So one
 * comparison covers them all.
 *
 * @throws {Error} with a sentence for the stranger when it is no public address of the web.
 */
export function publicUrl(address: string): URL {
  if (!URL.canParse(address)) throw new Error(`Invalid URL: ${address}`);
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('Only http: and https: can be fetched.');
  if (url.username || url.password) throw new Error('An address with a password is not fetched.');
  if (!isPublicHost(url.hostname))
    throw new Error('Only public addresses can be fetched, not those of a private network.');
  return url;
}

function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/\.+$/, '');
  if (host.startsWith('[')) return isPublicIPv6(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    const given = numberOf(host);
    return !refused.some(([first, last]) => numberOf(first) <= given && given <= numberOf(last));
  }
  // A name without a dot belongs to a private network. Clouds name the service with a machine's credentials
  // `metadata.…`.
  return host.includes('.') && !host.startsWith('metadata.') && !privateNames.test(host) && !mirrors.test(host);
}

function numberOf(ipv4: string): number {
  return ipv4.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Public IPv6 addresses begin with 2000::/3. Some of those contain an IPv4 address or are for documentation. */
function isPublicIPv6(address: string): boolean {
  const [first = 0, second = 0] = address.split(':').map((group) => Number.parseInt(group || '0', 16));
  if (first < 0x2000 || first > 0x3fff) return false;
  return first !== 0x2002 && !(first === 0x2001 && (second < 0x200 || second === 0xdb8)) && first !== 0x3fff;
}
