// Files of visitors: what is taken and refused, what becomes of them, and who can read them.

import { describe, expect, test } from 'vitest';
import type { FileBucket } from '../../src/files/index.ts';
import { type FileRef, type RejectedEvent, type UploadOptions, ui } from '../../src/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { run } from '../../src/tasks/index.ts';
import { open, seeded, type TestFile, TestServer, User, VirtualClock } from '../../src/testing/index.ts';

const field = { kind: 'upload' } as const;
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

interface Heard {
  readonly files: FileRef[];
  readonly texts: string[];
  readonly batches: string[][];
  readonly rejected: RejectedEvent[];
}

function page(options: UploadOptions = {}, heard: Heard = nothing()) {
  return {
    '/': () => {
      const last = ui.state<FileRef | undefined>(undefined);
      const upload = ui.upload({
        multiple: true,
        autoUpload: true,
        onUpload: async ({ file }) => {
          heard.files.push(file);
          last.value = file;
          heard.texts.push(await file.text());
          ui.notify(`Got ${file.name}`);
        },
        onMultiUpload: ({ files }) => heard.batches.push(files.map(({ name }) => name)),
        onRejected: (event) => heard.rejected.push(event),
        ...options,
      });
      ui.label(() => `Last: ${last.value?.name ?? 'none'}`);
      ui.button('Read', async () => {
        const text = await last.value?.text();
        await run.ioBound(async () => 'later');
        ui.notify(`Read ${text}`);
      });
      ui.button('Save', () => last.value && ui.download(last.value));
      ui.button('Export', () => ui.download('a,b\n1,2', { name: 'rows.csv', type: 'text/csv' }));
      ui.button('Reset', () => upload.reset());
    },
  };
}

function nothing(): Heard {
  return { files: [], texts: [], batches: [], rejected: [] };
}

function rowsOf({ server: { store } }: User): number {
  return store.files().length;
}

test('[EO8] an uploaded file reaches its handler, a state and a later handler, and survives a kill and a reload', async () => {
  const heard = nothing();
  using user = await open(page({}, heard));
  await user.find(field).upload({ name: 'notes.txt', content: 'hello', type: 'text/plain' });
  await user.shouldSee('Last: notes.txt');
  await user.shouldSee('Got notes.txt');
  expect(heard.texts).toEqual(['hello']);
  expect(heard.files[0]?.toJSON()).toEqual({ id: expect.any(String), name: 'notes.txt', type: 'text/plain', size: 5 });
  user.server.kill();
  await user.settle();
  await user.reload();
  await user.shouldSee('Last: notes.txt');
  user.find('Read').click();
  await user.shouldSee('Read hello');
  expect(user.server.errors).toEqual([]);
});

test('a handler that reads a file survives a kill at each of its awaits', async () => {
  using user = await open(page(), '/', { alwaysReplay: true });
  await user.find(field).upload({ name: 'notes.txt', content: 'hello' });
  await user.shouldSee('Last: notes.txt');
  user.find('Read').click();
  await user.shouldSee('Read hello', { within: '1m' });
  expect(user.server.replays).toBeGreaterThan(0);
  expect(user.server.errors).toEqual([]);
});

test('files that are chosen together arrive one by one, and then together', async () => {
  const heard = nothing();
  using user = await open(page({ maxFileSize: 3 }, heard));
  const files = ['one', 'long', 'two'].map((content, n) => ({ name: `${n}.txt`, content }));
  await user.find(field).upload(...files);
  await user.settle();
  expect(heard.files.map(({ name }) => name)).toEqual(['0.txt', '2.txt']);
  expect(heard.batches).toEqual([['0.txt', '2.txt']]);
  expect(heard.rejected.map(({ reason }) => reason)).toEqual([
    '1.txt is too large: it has 4 bytes, and at most 3 bytes are possible.',
  ]);
});

describe('[MO10] the server refuses', () => {
  const file = (name: string, content: string | Uint8Array = 'x', type = ''): TestFile => ({ name, content, type });
  test.each<[string, UploadOptions, TestFile[], string]>([
    [
      'a file of another type',
      { accept: '.csv' },
      [file('a.txt')],
      'a.txt is not of a type that is wanted here: .csv.',
    ],
    ['a type that the ending contradicts', { accept: 'image/*' }, [file('a.png', png, 'text/html')], 'not of a type'],
    [
      'more files than possible',
      { maxFiles: 1 },
      [file('a'), file('b')],
      'b was refused: at most one file is possible.',
    ],
    ['more bytes together', { maxTotalSize: 3 }, [file('a', 'xx'), file('b', 'xx')], 'at most 3 bytes'],
    ['a lying type', {}, [file('a.png', '<script>', 'image/png')], 'its content is not of the type image/png'],
    [
      'what is too large for its rows',
      {},
      [file('a', new Uint8Array(10 * 2 ** 20 + 1))],
      'Bind an R2 bucket as FILES, as in edgewise({ files: true }), for larger ones.',
    ],
  ])('%s', async (_, options, files, reason) => {
    const heard = nothing();
    using user = await open(page(options, heard));
    await user.find(field).upload(...files);
    await user.settle();
    expect(heard.rejected).toHaveLength(1);
    expect(heard.rejected[0]?.reason).toContain(reason);
    expect(heard.files).toHaveLength(files.length - 1);
    await user.advance('1s');
    expect(rowsOf(user)).toBe(files.length - 1);
  });

  test.each([
    ['no text', null],
    ['no files', ['batch-0001', []]],
    ['a negative size', ['batch-0001', [['key-00001', 'a', '', -1]]]],
    ['a fraction', ['batch-0001', [['key-00001', 'a', '', 1.5]]]],
    ['a huge number', ['batch-0001', [['key-00001', 'a', '', 1e300]]]],
    ['a name that is no text', ['batch-0001', [['key-00001', {}, '', 1]]]],
    ['a long name', ['batch-0001', [['key-00001', 'x'.repeat(2000), '', 1]]]],
    ['a strange key', ['batch-0001', [['../../etc', 'a', '', 1]]]],
    ['many files', ['batch-0001', Array.from({ length: 201 }, (_, n) => [`key-0000${n}`, 'a', '', 1])]],
  ] as const)('an offer with %s', async (_, value) => {
    const heard = nothing();
    using user = await open(page({}, heard));
    user.browser.emit(user.find(field).node, 'offer', value as never);
    await user.settle();
    expect(user.find(field).props.files).toEqual([]);
    expect(user.server.log.at(-1)?.message).toMatch(/^Refused offer of upload/);
  });

  test.each(['uploaded', 'uploads', 'refused'])(
    'the event %s from a browser, which the session itself makes',
    async (event) => {
      const heard = nothing();
      using user = await open(page({}, heard));
      const forged = { id: 'x', name: 'forged', type: 'text/plain', size: 1 };
      user.browser.emit(user.find(field).node, event, ['key-00001', forged]);
      await user.settle();
      expect(heard).toEqual(nothing());
      await user.shouldSee('Last: none');
    },
  );
});

test.each([
  ['a path', '../../etc/passwd', 'passwd'],
  ['a path of Windows', 'C:\\Users\\me\\a.txt', 'a.txt'],
  ['dots', '...', 'file'],
  ['nothing', '', 'file'],
  ['control characters', 'a\r\nX: y.txt', 'aX_ y.txt'],
  ['a reversed ending', 'photo\u202egpj.exe', 'photogpj.exe'],
  ['half a character', '\ud800.txt', '\ufffd.txt'],
  ['markup', '<img src=x>.txt', '_img src=x_.txt'],
  ['a long name', `${'x'.repeat(500)}.txt`, `${'x'.repeat(196)}.txt`],
])('a name with %s is made safe', async (_, given, name) => {
  const heard = nothing();
  using user = await open(page({}, heard));
  await user.find(field).upload({ name: given, content: 'x' });
  await user.settle();
  expect(heard.files.map((file) => file.name)).toEqual([name]);
});

describe('an upload that is cut off', () => {
  /** Offers a file of two parts and sends the first. */
  async function begun(heard: Heard) {
    const user = await open(page({}, heard));
    user.browser.emit(user.find(field).node, 'offer', ['batch-0001', [['key-00001', 'a.bin', '', 2 ** 20 + 2]]]);
    await user.settle();
    const [{ ticket = '' } = {}] = user.find(field).props.files as { ticket?: string }[];
    await user.server.session.files.nextPart(ticket).catch(() => {});
    const next = user.server.session.files.nextPart(ticket);
    await user.advance('1s');
    expect(await next).toMatchObject({ received: 0, part: 2 ** 20, size: 2 ** 20 + 2 });
    expect(await user.server.session.files.takePart(ticket, 0, new Uint8Array(2 ** 20))).toEqual({
      received: 2 ** 20,
      done: false,
    });
    return { user, ticket, last: new Uint8Array(2) };
  }

  test('[EO8] continues after a kill where it was', async () => {
    const heard = nothing();
    const { user, ticket, last } = await begun(heard);
    user.server.kill();
    await user.settle();
    const next = user.server.session.files.nextPart(ticket);
    await user.advance('1s');
    expect(await next).toMatchObject({ received: 2 ** 20 });
    const answer = user.server.session.files.takePart(ticket, 2 ** 20, last);
    await user.advance('1s');
    expect(await answer).toEqual({ received: 2 ** 20 + 2, done: true });
    expect(heard.files.map(({ size }) => size)).toEqual([2 ** 20 + 2]);
    user[Symbol.dispose]();
  });

  test.each([
    ['too short', 2 ** 20, new Uint8Array(1), { status: 400 }],
    ['too long', 2 ** 20, new Uint8Array(3), { status: 400 }],
    ['a second time', 0, new Uint8Array(2 ** 20), { received: 2 ** 20, done: false }],
    ['out of order', 2 ** 20 + 1, new Uint8Array(1), { received: 2 ** 20, done: false }],
  ])('takes no part that comes %s', async (_, from, part, answer) => {
    const heard = nothing();
    const { user, ticket, last } = await begun(heard);
    expect(await user.server.session.files.takePart(ticket, from, part)).toMatchObject(answer);
    const ended = user.server.session.files.takePart(ticket, 2 ** 20, last);
    await user.advance('1s');
    expect(await ended).toMatchObject({ done: true });
    // A ticket is spent with its file.
    expect(await user.server.session.files.takePart(ticket, 0, part)).toMatchObject({ status: 410 });
    expect(heard.files).toHaveLength(1);
    user[Symbol.dispose]();
  });

  test('[EO8] is heard of together with its others when the object dies right after the answer', async () => {
    using user = await open(() => {
      const all = ui.state('none');
      ui.upload({
        multiple: true,
        autoUpload: true,
        onMultiUpload: ({ files }) => {
          all.value = files.map(({ name }) => name).join();
        },
      });
      ui.label(() => `All: ${all.value}`);
    });
    await user.find(field).upload({ name: 'a', content: 'x' }, { name: 'b', content: 'y' });
    user.server.kill();
    await user.shouldSee('All: a,b');
  });

  test('[EO8] is heard of once, also when its last part comes twice and a kill follows', async () => {
    const heard = nothing();
    const { user, ticket, last } = await begun(heard);
    const both = [0, 1].map(() => user.server.session.files.takePart(ticket, 2 ** 20, last));
    await user.advance('1s');
    expect((await Promise.all(both)).some((answer) => 'done' in answer && answer.done)).toBe(true);
    user.server.kill();
    await user.settle();
    expect(heard.files).toHaveLength(1);
    user[Symbol.dispose]();
  });

  test('[EO8] is heard of once when the object dies before its handler was stored', async () => {
    const heard = nothing();
    const { user, ticket, last } = await begun(heard);
    void user.server.session.files.takePart(ticket, 2 ** 20, last).catch(() => {});
    await user.advance('20ms');
    user.server.kill();
    await user.settle();
    const next = user.server.session.files.nextPart(ticket);
    await user.advance('1s');
    const now = await next;
    if (!('problem' in now)) {
      const answer = user.server.session.files.takePart(
        ticket,
        now.received,
        last.subarray(0, now.size - now.received),
      );
      await user.advance('1s');
      expect(await answer).toMatchObject({ done: true });
    }
    await user.shouldSee('Last: a.bin');
    expect(rowsOf(user)).toBe(1);
    user[Symbol.dispose]();
  });

  test('[EO8] ends after ten minutes without a part, leaves nothing, and its element says so', async () => {
    const heard = nothing();
    const { user, ticket } = await begun(heard);
    await user.advance('11m');
    expect(rowsOf(user)).toBe(0);
    await user.shouldSee('a.bin was not uploaded: nothing came for a long time.');
    expect(heard.rejected).toHaveLength(1);
    const next = user.server.session.files.nextPart(ticket);
    await user.advance('1s');
    expect(await next).toMatchObject({ status: 410 });
    user[Symbol.dispose]();
  });

  test('says so when the document that could continue it is gone', async () => {
    const { user } = await begun(nothing());
    user.browser.emit(user.find(field).node, 'cut', 'key-00001');
    await user.shouldSee('a.bin was not uploaded, because the page was loaded again. Choose it again.');
    await user.advance('1s');
    expect(rowsOf(user)).toBe(0);
    user[Symbol.dispose]();
  });

  test.each(['cancel', 'Reset'])('leaves nothing after %s', async (how) => {
    const heard = nothing();
    const { user, ticket, last } = await begun(heard);
    if (how === 'cancel') user.browser.emit(user.find(field).node, 'cancel', 'key-00001');
    else user.find('Reset').click();
    await user.settle();
    expect(rowsOf(user)).toBe(0);
    expect(user.find(field).props.files).toEqual([]);
    expect(await user.server.session.files.takePart(ticket, 2 ** 20, last)).toMatchObject({ status: 410 });
    user[Symbol.dispose]();
  });
});

test('a session opens at most three hundred uploads at once', async () => {
  using user = await open(page({ maxFiles: 500 }));
  for (const batch of ['batch-0001', 'batch-0002', 'batch-0003', 'batch-0004']) {
    const files = Array.from({ length: 80 }, (_, n) => [`${batch}-${n}`, 'a', '', 1]);
    user.browser.emit(user.find(field).node, 'offer', [batch, files]);
  }
  await user.settle();
  const files = user.find(field).props.files as { ticket?: string; problem?: string }[];
  expect(files.filter(({ ticket }) => ticket)).toHaveLength(300);
  expect(files.at(-1)?.problem).toContain('at most 300 uploads may be open at once');
  expect(rowsOf(user)).toBe(300);
});

test('files are deleted with their page', async () => {
  using user = await open(page());
  await user.find(field).upload({ name: 'a.txt', content: 'x' });
  await user.settle();
  expect(rowsOf(user)).toBe(1);
  user.close();
  await user.advance('25h');
  expect(rowsOf(user)).toBe(0);
  expect(user.server.store.piece(user.server.store.files()[0]?.file ?? '', 0)).toBeUndefined();
});

test.each([false, true])(
  'a handler deletes a file before its page ends, once, and then nobody can read it (replayed: %s)',
  async (alwaysReplay) => {
    const pages = {
      '/': () => {
        const last = ui.state<FileRef | undefined>(undefined);
        const result = ui.state('none');
        ui.upload({ autoUpload: true, onUpload: ({ file }) => (last.value = file) });
        ui.label(() => `${last.value?.name}: ${result.value}`);
        ui.button('Delete', async () => {
          await last.value?.delete();
          await last.value?.delete();
          result.value = (await last.value?.text().catch((error: Error) => error.message)) ?? '';
        });
      },
    };
    using user = await open(pages, '/', { alwaysReplay });
    await user.find(field).upload({ name: 'a.txt', content: 'x' });
    await user.shouldSee('a.txt: none');
    const [{ file = '' } = {}] = user.server.store.files();
    user.find('Delete').click();
    await user.shouldSee(/^a\.txt: The file does not exist any more/, { within: '1m' });
    expect(rowsOf(user)).toBe(0);
    expect(await user.server.session.files.servedFile(file)).toBeUndefined();
    expect(user.server.store.piece(file, 0)).toBeUndefined();
    expect(user.server.errors).toEqual([]);
  },
);

test.each([false, true])(
  '[NF5] a handler that has read a file, and deletes it, goes on after a restart (replayed: %s)',
  async (alwaysReplay) => {
    const pages = {
      '/': () => {
        const said = ui.state('nothing');
        ui.label(said);
        ui.upload({
          autoUpload: true,
          onUpload: async ({ file }) => {
            said.value = await file.text();
            await file.delete();
            await run.sleep('1s');
            said.value += `, ${await file.text().catch(() => 'gone')}`;
            await run.sleep('1s');
            said.value += ', done';
          },
        });
      },
    };
    using user = await open(pages, '/', { alwaysReplay });
    await user.find(field).upload({ name: 'a.txt', content: 'tea' });
    await user.advance('500ms');
    user.server.kill();
    await user.shouldSee('tea, gone, done', { within: '1m' });
    await user.advance('1s');
    expect(user.server.errors).toEqual([]);
    expect(rowsOf(user)).toBe(0);
  },
);

test('with `until: session`, files outlive their page and end with the session', async () => {
  using user = await open(page({ until: 'session' }));
  await user.find(field).upload({ name: 'a.txt', content: 'x' });
  await user.shouldSee('Last: a.txt');
  const [{ file = '' } = {}] = user.server.store.files();
  // Half an upload ends with its page all the same.
  user.browser.emit(user.find(field).node, 'offer', ['batch-0002', [['key-00002', 'b', '', 9]]]);
  await user.settle();
  user.close();
  await user.advance('25h');
  expect(user.server.store.pages()).toEqual([]);
  expect(user.server.store.files().map((row) => row.file)).toEqual([file]);
  expect(await user.server.session.files.servedFile(file)).toMatchObject({ name: 'a.txt', path: '' });
  for (let weeks = 0; weeks < 9; weeks += 3) await user.advance('21d');
  expect(rowsOf(user)).toBe(0);
});

test('a download has the bytes and the name that the handler gave', async () => {
  using user = await open(page());
  user.find('Export').click();
  await user.settle();
  await user.advance('1s');
  const [saved] = user.downloads;
  expect(saved?.name).toBe('rows.csv');
  expect(await saved?.text()).toBe('a,b\n1,2');
  await user.find(field).upload({ name: 'notes.txt', content: 'hello' });
  user.find('Save').click();
  await user.settle();
  expect(user.downloads.map(({ name }) => name)).toEqual(['rows.csv', 'notes.txt']);
  expect(await user.downloads[1]?.text()).toBe('hello');
});

test.each<[string, () => Parameters<typeof ui.download>[0], string]>([
  ['a text', () => 'text', 'text'],
  ['bytes', () => new TextEncoder().encode('bytes'), 'bytes'],
  ['a buffer', () => new TextEncoder().encode('buffer').buffer as ArrayBuffer, 'buffer'],
  ['a Blob', () => new Blob(['bl', 'ob']), 'blob'],
  ['a Response', () => new Response('response'), 'response'],
  ['a stream', () => new Response('stream').body as ReadableStream<Uint8Array>, 'stream'],
  ['nothing', () => '', ''],
])('%s can be downloaded', async (_, content, text) => {
  using user = await open({ '/': () => ui.button('Go', () => ui.download(content())) });
  user.find('Go').click();
  await user.settle();
  await user.advance('1s');
  expect(await user.downloads[0]?.text()).toBe(text);
});

test('a download that is too large for the rows says what to bind, and leaves nothing', async () => {
  const content = () => new Uint8Array(11 * 2 ** 20);
  using user = await open({ '/': () => ui.button('Go', () => ui.download(content(), { name: 'big.bin' })) });
  user.find('Go').click();
  await user.settle();
  await user.advance('1s');
  expect(String(user.server.errors[0])).toContain(
    'big.bin is too large: at most 10 MB are possible while the application has no bucket.',
  );
  expect(rowsOf(user)).toBe(0);
});

test('the first paint has a native input in its label, and the limits as text', async () => {
  using user = await open(page({ accept: '.csv,image/*', maxFileSize: 5_000_000, label: 'Choose tables' }));
  const paint = await user.server.open('/');
  if (paint === 'missing' || !('tree' in paint)) throw new Error('The page is missing.');
  const html = renderTree(paint.tree);
  expect(html).toMatch(
    /<label[^>]*>.*Choose tables.*\.csv, image\/\* · up to 5 MB.*<input type="file"[^>]*accept="\.csv,image\/\*"[^>]*>/,
  );
});

describe('in a bucket', () => {
  async function visit(bucket: MemoryBucket, heard: Heard = nothing(), options: UploadOptions = {}) {
    const clock = new VirtualClock(seeded(1));
    return User.open(new TestServer({ pages: page(options, heard), clock, bucket }), clock, '/');
  }

  test('a file of two parts arrives as it was, and its handler, a later one and a download read it', async () => {
    const bucket = new MemoryBucket();
    const heard = nothing();
    using user = await visit(bucket, heard);
    const content = 'x'.repeat(8 * 2 ** 20) + 'yz';
    await user.find(field).upload({ name: 'big.txt', content });
    await user.shouldSee('Last: big.txt');
    expect(heard.texts[0] === content).toBe(true);
    expect([...bucket.objects.values()].map(({ length }) => length)).toEqual([content.length]);
    expect(user.server.store.piece(user.server.store.files()[0]?.file ?? '', 0)).toBeUndefined();
    user.find('Save').click();
    await user.settle();
    expect((await user.downloads[0]?.bytes())?.length).toBe(content.length);
  });

  test('every object and every begun upload has a row, whenever the object dies', async () => {
    const bucket = new MemoryBucket();
    using user = await visit(bucket);
    const orphans: string[] = [];
    bucket.before = () => {
      const rows = new Set(user.server.store.files().map(({ file }) => `edgewise/${file}`));
      for (const key of [...bucket.objects.keys(), ...[...bucket.uploads.values()].map((each) => each.key)]) {
        if (!rows.has(key)) orphans.push(key);
      }
    };
    for (const name of ['a.txt', 'b.txt']) {
      const uploading = user.find(field).upload({ name, content: name });
      await user.advance('7ms');
      user.server.kill();
      await uploading.catch(() => {});
      await user.advance('1s');
    }
    user.close();
    await user.advance('26h');
    expect(orphans).toEqual([]);
    expect(bucket.objects.size + bucket.uploads.size).toBe(0);
    expect(rowsOf(user)).toBe(0);
  });

  test('what is gone is deleted as soon as the bucket answers again', async () => {
    const bucket = new MemoryBucket();
    using user = await visit(bucket);
    await user.find(field).upload({ name: 'a.txt', content: 'x' });
    await user.shouldSee('Last: a.txt');
    bucket.failing = true;
    user.close();
    await user.advance('26h');
    expect(rowsOf(user)).toBe(1);
    expect(bucket.objects.size).toBe(1);
    user.server.kill();
    bucket.failing = false;
    await user.advance('1h');
    expect(rowsOf(user)).toBe(0);
    expect(bucket.objects.size).toBe(0);
  });

  test('an end that the bucket refuses is a sentence, and leaves nothing', async () => {
    const bucket = new MemoryBucket();
    const heard = nothing();
    using user = await visit(bucket, heard);
    bucket.losing = true;
    await user.find(field).upload({ name: 'a.txt', content: 'x' });
    await user.shouldSee('a.txt could not be stored. Choose it again.');
    expect(heard.files).toEqual([]);
    await user.advance('5m');
    expect(rowsOf(user)).toBe(0);
  });
});

describe('a task is given files', () => {
  const module = {
    async length(file: FileRef) {
      return (await file.text()).length;
    },
    async *names(all: { readonly list: readonly FileRef[]; readonly more: Map<string, FileRef> }) {
      yield 0.5;
      const files = [...all.list, ...all.more.values()];
      return (await Promise.all(files.map(async (file) => `${file.name}=${await file.text()}`))).join(' ');
    },
    back: (file: FileRef) => file,
    remove: (file: FileRef) => file.delete(),
  };
  const tasks = run.tasks<typeof module>('COMPUTE');
  const pages = {
    '/': () => {
      const files = ui.state<FileRef[]>([]);
      const result = ui.label('none');
      ui.upload({
        multiple: true,
        autoUpload: true,
        onUpload: ({ file }) => {
          files.value = [...files.value, file];
        },
      });
      ui.label(() => `${files.value.length} files`);
      const button = (name: string, go: (first: FileRef) => PromiseLike<unknown>) =>
        ui.button(name, async () => {
          result.text = String(await go(files.value[0] as FileRef));
        });
      button('Durable', (file) => run.cpuBound(tasks.length, file));
      button('Passing', (file) => run.with({ durable: false }).cpuBound(tasks.length, file));
      button('Nested', () =>
        run.cpuBound(tasks.names, { list: files.value, more: new Map([['a', files.value[0] as FileRef]]) }),
      );
      button('Back', (file) => run.cpuBound(tasks.back, file));
      button('Remove', (file) => run.cpuBound(tasks.remove, file));
    },
  };

  test.each([
    ['Durable', '3'],
    ['Passing', '3'],
    ['Nested', 'a.txt=abc b.txt=de a.txt=abc'],
  ])('as %s arguments, also after a kill', async (name, text) => {
    using user = await open(pages, '/', { services: { COMPUTE: module }, alwaysReplay: true });
    await user.find(field).upload({ name: 'a.txt', content: 'abc' }, { name: 'b.txt', content: 'de' });
    await user.shouldSee('2 files');
    user.find(name).click();
    await user.shouldSee(text, { within: '1m' });
    expect(user.server.errors).toEqual([]);
  });

  test('and cannot delete one, because another attempt may need it', async () => {
    using user = await open(pages, '/', { services: { COMPUTE: module } });
    await user.find(field).upload({ name: 'a.txt', content: 'abc' });
    user.find('Remove').click();
    await user.advance('2s');
    expect(String(user.server.errors[0])).toContain('Delete a.txt in the handler that called the task.');
    expect(rowsOf(user)).toBe(1);
  });

  test('and says that it cannot return one', async () => {
    using user = await open(pages, '/', { services: { COMPUTE: module } });
    await user.find(field).upload({ name: 'a.txt', content: 'abc' });
    user.find('Back').click();
    await user.settle();
    await user.advance('2s');
    expect(String(user.server.errors[0])).toContain('is an instance of FileRef');
  });
});

/** A bucket in memory, as R2 is one: an object appears with the end of its upload. */
class MemoryBucket implements FileBucket {
  readonly objects = new Map<string, Uint8Array>();
  readonly uploads = new Map<string, { readonly key: string; readonly parts: Map<number, Uint8Array> }>();
  /** True while it answers nothing. */
  failing = false;
  /** True while it completes nothing. */
  losing = false;
  before = () => {};
  #count = 0;

  async begin(key: string): Promise<string> {
    this.#check();
    const upload = `upload ${++this.#count}`;
    this.uploads.set(upload, { key, parts: new Map() });
    return upload;
  }

  async write(_key: string, upload: string, n: number, bytes: Uint8Array): Promise<string> {
    this.#check();
    this.uploads.get(upload)?.parts.set(n, bytes.slice());
    return `${n}`;
  }

  async end(key: string, upload: string, parts: readonly { readonly n: number }[]): Promise<void> {
    this.#check();
    const stored = this.uploads.get(upload);
    if (!stored || this.losing) throw new Error('There is no such upload.');
    this.uploads.delete(upload);
    this.objects.set(key, Buffer.concat(parts.map(({ n }) => stored.parts.get(n) ?? new Uint8Array())));
  }

  async abandon(_key: string, upload: string): Promise<void> {
    this.#check();
    this.uploads.delete(upload);
  }

  has = async (key: string) => this.objects.has(key);

  async read(key: string): Promise<ReadableStream<Uint8Array> | undefined> {
    this.#check();
    const bytes = this.objects.get(key);
    return bytes && (new Response(bytes as Uint8Array<ArrayBuffer>).body as ReadableStream<Uint8Array>);
  }

  async remove(key: string): Promise<void> {
    this.#check();
    this.objects.delete(key);
  }

  #check(): void {
    this.before();
    if (this.failing) throw new Error('The bucket does not answer.');
  }
}
