import { afterEach, describe, expect, test, vi } from 'vitest';
import { fetchPage } from '../../examples/tutorial/fetch.ts';
import { publicUrl } from '../../examples/tutorial/public-url.ts';
import { sharedPage } from '../../examples/tutorial/shared.ts';
import { App } from '../../src/index.ts';
import { open, TestServer, TestShared, User, VirtualClock } from '../../src/testing/index.ts';
import { find } from '../../src/testing/query.ts';

const privateAddresses = [
  'http://localhost/',
  'http://localhost./',
  'http://LOCALHOST:8787/',
  'http://app.localhost/',
  'http://127.0.0.1/',
  'http://127.1/',
  'http://127.0.0.1./',
  'http://0x7f.0.0.1/',
  'http://2130706433/',
  'http://017700000001/',
  'http://0/',
  'http://0.0.0.0/',
  'http://10.0.0.1/',
  'http://10.255.255.255/',
  'http://100.64.0.1/',
  'http://100.100.100.200/latest/meta-data/',
  'http://169.254.169.254/latest/meta-data/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.0.0.192/',
  'http://192.168.1.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[::]/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[2001:db8::1]/',
  'http://[fc00::1]/',
  'http://[fd00:ec2::254]/',
  'http://[fe80::1]/',
  'http://[ff02::1]/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://metadata.azure.com/',
  'http://metadata/',
  'http://instance-data/latest/meta-data/',
  'http://printer.local/',
  'http://db.corp/',
  'http://router.lan/',
  'http://router.home.arpa/',
  'http://127.0.0.1.nip.io/',
  'http://①②⑦.0.0.1/',
];

describe('the fetch example', () => {
  test.each(privateAddresses)('refuses the private address %s', (address) => {
    expect(() => publicUrl(address)).toThrow('Only public addresses can be fetched, not those of a private network.');
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/', 'data:text/plain,x', 'javascript:alert(1)', 'blob:x'])(
    'refuses the scheme of %s',
    (address) => {
      expect(() => publicUrl(address)).toThrow('Only http: and https: can be fetched.');
    },
  );

  test.each([
    'https://example.com/',
    'http://example.com:8080/a?b=c',
    'http://1.1.1.1/',
    'http://172.32.0.1/',
    'http://100.128.0.1/',
    'http://[2606:4700::1111]/',
    'https://local.example/',
    'https://internal.example/',
  ])('fetches the public address %s', (address) => {
    expect(publicUrl(address).href).toBe(address);
  });

  describe('on a page', () => {
    afterEach(() => vi.restoreAllMocks());

    async function fetching(address: string, development: boolean, answers: Readonly<Record<string, Response>>) {
      vi.spyOn(console, 'log').mockImplementation(() => {});
      const asked: string[] = [];
      vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
        const { href } = new URL(String(input));
        asked.push(href);
        return answers[href] ?? new Response('a secret');
      });
      using user = await open(new App().page('/', fetchPage), '/', { development });
      user.find('URL').fill(address);
      user.find('Fetch Content').click();
      await user.shouldSee(` ${address}`);
      return { asked, shown: user.page };
    }

    test('fetches nothing from a private address once it is deployed', async () => {
      const { asked, shown } = await fetching('http://169.254.169.254/', false, {});
      expect(asked).toEqual([]);
      expect(shown).toContain('Only public addresses can be fetched');
      expect(shown).not.toContain('a secret');
    });

    test('follows no redirect from a public address to a private one', async () => {
      const away = new Response(null, { status: 302, headers: { Location: 'http://10.0.0.1/' } });
      const { asked, shown } = await fetching('https://example.com/', false, { 'https://example.com/': away });
      expect(asked).toEqual(['https://example.com/']);
      expect(shown).toContain('Only public addresses can be fetched');
    });

    test('follows a redirect to another public address', async () => {
      const away = new Response(null, { status: 301, headers: { Location: '/there' } });
      const { shown } = await fetching('https://example.com/', false, {
        'https://example.com/': away,
        'https://example.com/there': new Response('hello'),
      });
      expect(shown).toContain('hello');
    });

    test('fetches from the own machine while it is developed', async () => {
      const { shown } = await fetching('http://127.0.0.1:9999/', true, {});
      expect(shown).toContain('a secret');
    });

    test('reads no more of an endless answer than it shows', async () => {
      let made = 0;
      const endless = new ReadableStream({
        pull(controller) {
          made++;
          controller.enqueue(new TextEncoder().encode('x'.repeat(100)));
        },
      });
      const { shown } = await fetching('https://example.com/', false, {
        'https://example.com/': new Response(endless),
      });
      expect(shown).toContain('x'.repeat(500));
      expect(made).toBeLessThan(10);
    });
  });
});

test('a note that everybody sees has a length, also for a client that ignores it', async () => {
  const clock = new VirtualClock();
  const shared = new TestShared({ clock });
  const server = new TestServer({ pages: new App().page('/', sharedPage), clock, shared });
  const user = await User.open(server, clock, '/');
  const [note] = find(user.browser.root, { kind: 'input', text: 'A note for everybody' });
  user.browser.link.send(note?.id ?? 0, 'value', 'x'.repeat(200));
  await user.shouldSee(`The note: ${'x'.repeat(200)}`);
  user.browser.link.send(note?.id ?? 0, 'value', 'y'.repeat(201));
  await user.settle();
  expect(user.sees(`The note: ${'x'.repeat(200)}`)).toBe(true);
  expect(server.log.map((entry) => entry.message).join()).toContain('at most 200 characters, not 201');
  user.close();
});
