// The guide of docs/guide: its code is code of the project, its links lead somewhere, and its programs do what it says.

import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import rating from '../../docs/guide/code/components/app.ts';
import team from '../../docs/guide/code/elements/team.ts';
import search from '../../docs/guide/code/events/search.ts';
import tables from '../../docs/guide/code/files/tables.ts';
import * as fileTasks from '../../docs/guide/code/files/tasks.ts';
import booking from '../../docs/guide/code/forms/booking.ts';
import todo from '../../docs/guide/code/from-nicegui/todo.ts';
import order, { bank } from '../../docs/guide/code/handlers/order.ts';
import long from '../../docs/guide/code/limits/long.ts';
import { app as shop } from '../../docs/guide/code/navigation/shop.ts';
import books from '../../docs/guide/code/pages/books.ts';
import { app as account } from '../../docs/guide/code/pages/sign-in.ts';
import { app as visitors } from '../../docs/guide/code/pages/visitors.ts';
import poll from '../../docs/guide/code/shared/poll.ts';
import groceries from '../../docs/guide/code/state/groceries.ts';
import primes from '../../docs/guide/code/tasks/app.ts';
import * as tasks from '../../docs/guide/code/tasks/tasks.ts';
import gallery from '../../examples/app.ts';
import { chapters } from '../../examples/docs/chapters.ts';
import { nameOf, partsOf, sectionsOf } from '../../examples/docs/sections.ts';
import { open } from '../../src/testing/index.ts';
import { appConfig } from '../../src/vite/worker-config.ts';
import { blocksOf, chapterFiles, guideFolder, llmsFile, readChapter, withCode } from '../guide.ts';

const top = path.resolve(import.meta.dirname, '../..');
const files = chapterFiles().filter((file) => file !== 'README.md');
const sources = ['src', 'client']
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: top }))
  .map((file) => readFileSync(path.join(top, file), 'utf8'))
  .join('\n')
  .replaceAll('\\`', '`');

describe('the guide', () => {
  test('has each of its chapters once in the list that the gallery shows, in the order of its README', () => {
    const listed = chapters.map(({ path }) => `${path.slice('/docs/'.length)}.md`);
    expect([...listed].sort()).toEqual([...files].sort());
    const named = [...readChapter('README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file);
    expect(named).toEqual(listed);
  });

  test.each([...files, llmsFile])(
    '%s has only code of files of the project, word for word (`npm run guide` copies it)',
    (file) => {
      const text = readChapter(file);
      expect(text).toBe(withCode(text));
      const own = blocksOf(text).filter(({ source, language }) => !source && !['sh', 'text'].includes(language));
      expect(own).toEqual([]);
    },
  );

  test.each(files)('%s links to files and headings that are there', (file) => {
    const wrong = [...readChapter(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, to = '']) => to)
      .filter((to) => !/^https?:/.test(to) && !leads(file, to));
    expect(wrong).toEqual([]);
  });

  test.each(files)(
    '%s begins with its title and has headings of one level below it, each with a name of its own',
    (file) => {
      const text = readChapter(file).replaceAll(/^```[^]*?^```$/gm, '');
      expect(text).toMatch(/^# \w/);
      expect(text.match(/^#{3,} .*/gm)).toBeNull();
      const names = sectionsOf(text)
        .slice(1)
        .map(({ title }) => nameOf(title));
      expect(names).toEqual([...new Set(names)]);
      expect(names.filter((name) => !/^[a-z][\w-]*$/.test(name))).toEqual([]);
    },
  );

  test.each(files)('%s quotes messages that the code has', (file) => {
    const [, mistakes = ''] = readChapter(file).split('\n## Mistakes\n');
    const messages = [...mistakes.matchAll(/^\| (`+)(.*?)\1/gm)].map(([, , message = '']) => message.trim());
    const parts = messages
      .flatMap((message) => message.split('…'))
      .map((part) => part.trim().replace(/^[.:,;]+ */, ''));
    expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
  });

  test('runs each of its programs in these tests', () => {
    const own = readFileSync(import.meta.filename, 'utf8');
    const programs = globSync('code/**/*.ts', { cwd: guideFolder }).filter((file) =>
      readFileSync(path.join(guideFolder, file), 'utf8').includes('new App'),
    );
    expect(programs.length).toBeGreaterThan(5);
    // Some programs have tests of their own, which a chapter shows.
    const here = programs.filter((file) => !existsSync(path.join(guideFolder, file.replace(/ts$/, 'test.ts'))));
    expect(here.filter((file) => !own.includes(`docs/guide/${file}'`))).toEqual([]);
  });
});

test('llms.txt names each chapter and is short; the gallery serves it with links to its pages', async () => {
  const text = readChapter(llmsFile);
  const named = [...text.matchAll(/\]\(docs\/guide\/([\w-]+)\.md\)/g)].map(([, name]) => `/docs/${name}`);
  expect(named).toEqual(chapters.map(({ path }) => path));
  expect(text.length).toBeLessThan(10_000);
  const answer = await gallery.request('/llms.txt');
  expect(answer.headers.get('Content-Type')).toMatch(/^text\/plain/);
  const links = [...(await answer.text()).matchAll(/\]\(([^)]*)\)/g)].map(([, to]) => to);
  expect(links).toEqual(chapters.map(({ path }) => path));
});

/** Returns true when a relative link of a chapter leads to a file, and to a heading of it. */
function leads(file: string, to: string): boolean {
  const [name = '', heading] = to.split('#');
  const target = path.join(guideFolder, name || file);
  if (!existsSync(target)) return false;
  const text = heading ? readFileSync(target, 'utf8') : '';
  return !heading || [...text.matchAll(/^#+ (.+)$/gm)].some(([, title = '']) => nameOf(title) === heading);
}

describe('the guide in the gallery', () => {
  test('shows each chapter with its headings, its code and links to other chapters', async () => {
    using user = await open(gallery, '/docs');
    for (const { title, path: address, text } of chapters) {
      await user.goto(address);
      expect(user.find({ kind: 'heading', text: title }).exists, address).toBe(true);
      const sections = sectionsOf(text);
      expect(user.find({ kind: 'linkTarget' }).all).toHaveLength(sections.length - 1);
      const codes = sections.flatMap((section) => partsOf(section.text)).filter((part) => 'code' in part);
      expect(user.find({ kind: 'code' }).all).toHaveLength(codes.length);
    }
    expect(user.server.errors).toEqual([]);
  });

  test('leads from one chapter to the next and back, and names what only the repository has', async () => {
    using user = await open(gallery, '/docs');
    const [first, second] = chapters;
    user.find({ kind: 'link', text: first?.title as string }).click();
    await user.shouldSee({ kind: 'heading', text: first?.title as string });
    user.find({ kind: 'link', text: `${second?.title} →` }).click();
    await user.shouldSee({ kind: 'heading', text: second?.title as string });
    expect(partsOf('See [files](files.md#limits), [the code](code/x.ts) and [Hono](https://hono.dev).')).toEqual([
      { markdown: 'See [files](/docs/files#limits), the code and [Hono](https://hono.dev).' },
    ]);
  });
});

describe('the programs of the guide', () => {
  test('pages: an address has its book, another one a message', async () => {
    using user = await open(books);
    user.find('Dune').click();
    await user.shouldSee('612 pages');
    user.find('In hours').click();
    await user.shouldSee('15 hours');
    await user.load('/books/first');
    await user.shouldSee({ kind: 'heading', text: 'Emma' });
  });

  test('elements: a switch shows the roles, and what a handler added survives a kill', async () => {
    using user = await open(team);
    user.find('Roles').click();
    user.find('Add Grace').click();
    await user.shouldSee('Admiral');
    user.find('Note the size').click();
    await user.shouldSee('Members: 2');
    user.server.kill();
    await user.reload();
    await user.shouldSee('Members: 2');
    user.find('Clear').click();
    await user.shouldNotSee('Members: 2');
  });

  test('state: a page, a user and all users each have their values', async () => {
    using user = await open(groceries);
    using other = await open(groceries, '/', { beside: user });
    user.find('Theme').choose('dark');
    user.find('Milk').click();
    user.find('Move').click();
    user.find('Vote').click();
    other.find('Vote').click();
    await user.shouldSee('Done: 1');
    await user.shouldSee('Paris');
    await other.shouldSee('Yes: 2');
    await other.shouldSee('Done: 0');
    expect(other.find('Theme').value).toBe('light');
    using tab = await user.tab();
    expect(tab.find('Theme').value).toBe('dark');
    user.find('Operations').click();
    await user.shouldSee('Six eggs');
    await user.shouldNotSee('Milk');
  });
  test('events: what is typed finds, a key chooses, a timer counts while somebody watches', async () => {
    using user = await open(search);
    user.find('Search').type('ur');
    await user.shouldNotSee('Venus');
    user.find('Saturn').click();
    await user.shouldSee('You chose Saturn.');
    user.find('Search').press('Escape');
    await user.shouldSee('Venus');
    expect(user.find('Search').value).toBe('');
    await user.shouldSee('You have been here for 3 s.');
  });

  test('forms: a wrong address is named and nothing booked; a right one is booked once and empties the form', async () => {
    using user = await open(booking);
    user.find('Name').type('Ada');
    user.find('E-mail').type('ada');
    await user.advance('1s');
    expect(user.find('E-mail').props.error).toBe('This is no address');
    user.find('E-mail').fill('ada@example.com').press('Enter');
    await user.advance('1s');
    expect(user.find('E-mail').props.error).toBe('Somebody has booked with this address');
    expect(user.sees('Ada: 2')).toBe(false);
    user.find('E-mail').fill('grace@example.com');
    await user.advance('1s');
    user.find('Book').click();
    user.find('Book').click();
    await user.shouldSee('Ada: 2');
    await user.settle();
    expect(user.find('Ada: 2').all).toHaveLength(1);
    expect(user.find('Name').value).toBe('');
  });

  test('tasks: a job shows its progress and its chunks, is found by another tab, and can be cancelled', async () => {
    using user = await open(primes, '/', { services: { COMPUTE: tasks } });
    user.find('Search').click();
    await user.shouldSee('running');
    using tab = await user.tab();
    tab.find('Cancel').click();
    await user.shouldSee('cancelled');
    user.find('Search').click();
    await user.shouldSee('Primes: 669', { within: '1m' });
    await user.shouldSee('Up to 5000: 669');
    user.find('Sum').click();
    user.server.kill();
    await user.shouldSee('Sum: 49995000', { within: '1m' });
    expect(user.server.errors).toEqual([]);
  });

  test('handlers: an order is paid once, with one key, though the server is killed at each await', async () => {
    const pay = vi.spyOn(bank, 'pay');
    using user = await open(order, '/', { alwaysReplay: true });
    user.find('Order').click();
    await user.shouldSee('Order for € 20?');
    user.find({ kind: 'confirm' }).answer(true);
    await user.shouldSee('Order paid', { within: '1m' });
    expect(new Set(pay.mock.calls.map(([id]) => id)).size).toBe(1);
    expect(user.server.errors).toEqual([]);
  });

  test('handlers: an answer from outside continues the handler, also after a kill', async () => {
    using user = await open(order);
    user.find('Ask the boss').click();
    await user.shouldSee('Order waiting');
    user.server.kill();
    await user.reload();
    const path = user.find(/^The boss answers/).text.split('POST ')[1] as string;
    const sent = order.request(path, { method: 'POST' });
    await user.shouldSee('Order approved');
    await user.advance('1s');
    expect((await sent).status).toBe(200);
  });

  test('shared: what one visitor writes, another one sees; simultaneous votes all count', async () => {
    using user = await open(poll, '/', { services: { COMPUTE: tasks } });
    using other = await open(poll, '/', { beside: user });
    await user.shouldSee('Visits: 2');
    user.find('Tea').click();
    other.find('Tea').click();
    await user.shouldSee('Tea 2, coffee 0');
    other.find('A wish').type('Cake');
    other.find('Wish').click();
    user.find('Take seat 1').click();
    await user.shouldSee('Cake');
    await other.shouldSee('Seat 1 is taken.');
    other.find('Count for everybody').click();
    await user.shouldSee('Result: 303', { within: '1m' });
  });

  test('files: a task counts the lines of an upload, the copy is saved, and another type is refused', async () => {
    using user = await open(tables, '/', { services: { COMPUTE: fileTasks } });
    const upload = user.find({ kind: 'upload' });
    await upload.upload({ name: 'pears.png', content: 'no table', type: 'image/png' });
    await user.shouldSee(/pears\.png/);
    await upload.upload({ name: 'pears.csv', content: 'name,count\npears,3\n', type: 'text/csv' });
    await user.shouldSee('pears.csv: 2 lines');
    user.find('First line').click();
    await user.shouldSee('name,count');
    user.find('Save a copy').click();
    await user.advance('1s');
    const [saved] = user.downloads;
    expect([saved?.name, await saved?.text()]).toEqual(['copy.csv', 'NAME,COUNT\nPEARS,3\n']);
  });

  test('components: a choice reaches the state, and what is no whole number is refused', async () => {
    using warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    using user = await open(rating);
    await user.shouldSee('Five stars appear here.');
    user.find({ kind: 'component' }).emit('said', { event: 'chosen', value: 4 });
    await user.shouldSee('Stars: 4');
    user.find({ kind: 'component' }).emit('said', { event: 'chosen', value: 4.5 });
    await user.settle();
    expect(user.sees('Stars: 4')).toBe(true);
    expect(warned).toHaveBeenCalledOnce();
  });

  test('from NiceGUI: what Enter adds can be ticked and deleted', async () => {
    using user = await open(todo);
    user.find('What is to be done?').type('Milk').press('Enter');
    await user.shouldSee('Open: 1');
    user.find({ kind: 'checkbox' }).click();
    await user.shouldSee('Open: 0');
    user.find({ role: 'button', name: 'Delete Milk' }).click();
    await user.shouldNotSee({ kind: 'checkbox' });
  });

  test('limits: a value that is too long is refused in the line that stores it, with its size and the limit', async () => {
    using user = await open(long);
    user.find('Store 3 MB').click();
    await user.shouldSee(/takes 30000\d\d bytes and a durable value takes at most 1900000/);
    expect(user.server.errors).toEqual([]);
  });

  test('deploying: the wrangler file has what an application without one gets, under the same names', () => {
    const file = path.join(guideFolder, 'code/deploying/wrangler.toml');
    const given = unstable_readConfig({ config: file }, { hideWarnings: true, preserveOriginalMain: true });
    const app = { environment: 'app', name: 'my-app', main: 'app.ts', wrangler: undefined, binding: undefined };
    const compute = { ...app, environment: 'compute', name: 'my-app-compute', binding: 'COMPUTE' };
    const files = { binding: 'FILES', bucket_name: 'my-app-files' };
    const project = { root: '/', app, computes: [compute], client: undefined, styles: undefined, assets: undefined };
    const { main: _, assets: __, ...own } = appConfig({ ...project, bucket: files }, {} as never);
    expect(given).toMatchObject(own);
  });

  test('navigation: the shop keeps its basket while sub pages change, and a note on the way back', async () => {
    using user = await open(shop, '/shop');
    user.find('Apples').click();
    await user.shouldSee({ role: 'heading', name: 'Apples' });
    user.find('A note for us').type('ripe ones');
    user.find('Buy').click();
    await user.shouldSee('1 in the basket');
    await user.goto('/shop/offers');
    await user.shouldSee({ role: 'heading', name: 'Pears' });
    await user.shouldSee('1 in the basket');
    user.server.kill();
    await user.back();
    expect(user.find('A note for us').value).toBe('ripe ones');
    await user.goto('/shop/help/orders');
    await user.shouldSee('About orders');
    await user.goto('/shop/goods/9');
    await user.shouldSee('There are no goods 9.');
  });

  test('pages: the visit is counted once for each arrival', async () => {
    using user = await open(visitors, '/visit', { headers: { 'Accept-Language': 'de-CH' }, timeZone: 'Asia/Tokyo' });
    await user.shouldSee('Visit 1, here');
    await user.shouldSee(/^1\.1\.1970, 09:00:00$/);
    await user.reload();
    await user.advance('10s');
    await user.shouldSee('Visit 1, here');
    user.offline();
    await user.advance('10s');
    user.online();
    await user.shouldSee('Visit 2, here');
  });

  describe('pages: signing in', () => {
    const secret = 'a secret for this test only, long enough';
    const opened: string[] = [];
    const SESSION = {
      idFromName: (name: string) => name,
      get: (name: string) => ({
        open: async () => {
          opened.push(name);
          return '"missing"';
        },
        revoke: async () => void opened.push(`revoked ${name}`),
      }),
    };
    const env = { SIGN_IN_SECRET: secret, SESSION };
    const ask = (path: string, init: RequestInit = {}) => account.request(`https://shop.example${path}`, init, env);
    const send = (password: string) =>
      ask('/sign-in', { method: 'POST', body: new URLSearchParams({ name: 'ada', password }) });

    test('[MO3] a stranger is sent to the form, by a document and by a link of another page', async () => {
      for (const headers of [{}, { 'Edgewise-Visit': `${'a'.repeat(32)} 1 0` }]) {
        const answer = await ask('/account', { headers });
        expect([answer.status, answer.headers.get('Location')]).toEqual([302, '/sign-in']);
      }
      expect((await send('wrong')).status).toBe(401);
      expect(opened).toEqual([]);
    });

    test('a user has the session of the name in the signed cookie, until the sign-out ends it', async () => {
      const answer = await send('lovelace');
      const set = answer.headers.get('Set-Cookie') ?? '';
      expect(set).toMatch(/HttpOnly; Secure; SameSite=Lax/);
      const Cookie = set.split(';')[0] ?? '';
      await ask('/account', { headers: { Cookie } });
      expect(opened).toEqual(['user:ada']);
      const forged = Cookie.replace('ada', 'eve');
      expect((await ask('/account', { headers: { Cookie: forged } })).status).toBe(302);
      const out = await ask('/sign-out', { method: 'POST', headers: { Cookie } });
      expect(out.headers.get('Location')).toBe('/sign-in');
      expect(opened).toContain('revoked user:ada');
    });
  });
});
