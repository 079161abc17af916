// Pictures, sound and films: where they come from, what they send, and what of it is refused.

import { describe, expect, test } from 'vitest';
import { type FileRef, type ImageMouseEvent, ui } from '../../src/index.ts';
import type { Json, NodeLiteral } from '../../src/protocol/index.ts';
import { renderTree } from '../../src/render/index.ts';
import { open, type User } from '../../src/testing/index.ts';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

async function html(build: () => unknown): Promise<string> {
  using user = await open({ '/': build });
  const paint = await user.server.open('/');
  if (paint === 'missing' || !('tree' in paint)) throw new Error('The page is missing.');
  return renderTree(paint.tree as NodeLiteral);
}

describe('a source', () => {
  test.each([
    ['an address', '/a.png', 'src="/a.png"'],
    ['bytes of a PNG', bytes('\x89PNG\r\n'), 'src="data:image/png;base64,iVBORw0K"'],
    ['bytes of a JPEG', bytes('\xff\xd8\xff\xe0'), 'src="data:image/jpeg;base64,/9j/4A=="'],
    ['bytes of a WebP', bytes('RIFF\0\0\0\0WEBP'), 'src="data:image/webp;base64,'],
    ['bytes of an SVG', bytes('<svg/>'), 'src="data:image/svg+xml;base64,'],
  ])('may be %s', async (_, source, text) => {
    expect(await html(() => ui.image(source, { alt: 'A cat' }))).toContain(text);
  });

  test.each(['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x'])(
    'that could run code is not shown: %s',
    async (source) => {
      const shown = await html(() => {
        ui.image(source);
        ui.audio(source);
        ui.video(source, { poster: source, captions: source });
        ui.interactiveImage(source);
      });
      expect(shown).not.toContain(source.slice(0, 8));
    },
  );

  test('of many bytes is refused with what to do instead', async () => {
    await expect(html(() => ui.image(new Uint8Array(300_000)))).rejects.toThrow(
      'A picture of 300000 bytes is too large to be a part of its page, which takes 262144. Make a file of it: const file = await ui.file(bytes, { type }).',
    );
  });

  test('may be a file that a handler makes, also after a kill', async () => {
    using user = await open({
      '/': () => {
        const file = ui.state<FileRef | undefined>(undefined);
        ui.image(() => file.value ?? '/none.png', { alt: 'Chart' });
        ui.button('Draw', async () => {
          file.value = await ui.file(bytes('\x89PNG'), { name: 'chart.png', type: 'image/png' });
        });
      },
    });
    user.find('Draw').click();
    await user.settle();
    await user.advance('1s');
    expect(user.find('Chart').props.src).toMatch(/^\/_edgewise\/files\/\w+\/chart\.png$/);
    user.server.kill();
    await user.settle();
    expect(user.find('Chart').props.src).toMatch(/^\/_edgewise\/files\/\w+\/chart\.png$/);
  });
});

test.each([
  [
    'a picture',
    () => ui.image('/a.png', { fit: 'cover', lazy: true, alt: 'A cat' }),
    /<img [^>]*class="max-w-full edgewise-fit-cover"[^>]*loading="lazy"[^>]*src="\/a.png"[^>]*alt="A cat"/,
  ],
  [
    'a sound',
    () => ui.audio('/a.mp3', { label: 'Speech', loop: true }),
    /<audio [^>]*src="\/a.mp3"[^>]*aria-label="Speech"[^>]*controls[^>]*loop/,
  ],
  [
    'a film',
    () => ui.video('/a.mp4', { poster: '/a.png', captions: '/a.vtt', muted: true }),
    /<video [^>]*muted[^>]*poster="\/a.png"[^>]*><track kind="captions" default src="\/a.vtt"/,
  ],
  [
    'a picture with SVG',
    () => ui.interactiveImage('/a.png', { alt: 'Map', size: [4, 2], content: '<circle cx="1" cy="1" r="1"/>' }),
    /role="group" aria-label="Map"[^>]*><img [^>]*width="4" height="2"[^>]*><svg viewBox="0 0 4 2"[^>]*><circle cx="1" cy="1" r="1">/,
  ],
])('the first paint has %s', async (_, build, expected) => {
  expect(await html(build)).toMatch(expected);
});

test.each([
  ['a script', '<script>alert(1)</script><circle r="1"/>', '<circle r="1"></circle>'],
  ['an event attribute', '<rect onclick="alert(1)" width="2"/>', '<rect width="2"></rect>'],
  ['a foreign object', '<foreignObject><p>x</p></foreignObject>', '<p>x</p>'],
  ['an embedded picture', '<image href="https://evil.example/x.png"/>', ''],
  ['a link that runs code', '<a href="javascript:alert(1)"><text>x</text></a>', '<a><text>x</text></a>'],
  ['the end of the picture', '</svg><iframe src="/x"></iframe>', ''],
])('SVG with %s lies on a picture without it', async (_, content, expected) => {
  const shown = await html(() => ui.interactiveImage('/a.png', { size: [4, 2], content }));
  expect(/<svg [^>]*>(.*)<\/svg>/.exec(shown)?.[1]).toBe(expected);
});

describe('an interactive picture', () => {
  const heard: ImageMouseEvent[] = [];
  const pages = {
    '/': () =>
      ui.interactiveImage('/a.png', {
        alt: 'Map',
        size: [100, 50],
        events: ['click', 'mousemove'],
        onMouse: (event) => heard.push(event),
      }),
  };

  test('says where it was clicked, and which keys were held', async () => {
    heard.length = 0;
    using user = await open(pages);
    user.find('Map').emit('mouse', ['click', 12.5, 50, 0, 1, 10]);
    await user.settle();
    expect(heard).toEqual([
      {
        type: 'click',
        imageX: 12.5,
        imageY: 50,
        button: 0,
        buttons: 1,
        alt: false,
        ctrl: true,
        meta: false,
        shift: true,
      },
    ]);
  });

  test('has content that a handler reads and appends to', async () => {
    const seen: string[] = [];
    using user = await open({
      '/': () => {
        const picture = ui.interactiveImage('/a.png', { alt: 'Map', content: '<text fill="a&quot;b">1 &lt; 2</text>' });
        ui.button('More', () => {
          picture.content += '<circle r="1"/>';
          seen.push(picture.content);
        });
      },
    });
    user.find('More').click();
    await user.settle();
    user.find('More').click();
    await user.settle();
    const text = '<text fill="a&quot;b">1 &lt; 2</text>';
    expect(seen).toEqual([`${text}<circle r="1"></circle>`, `${text}<circle r="1"></circle><circle r="1"></circle>`]);
  });

  test.each<[string, Json]>([
    ['nothing', null],
    ['too few numbers', ['click', 1, 2]],
    ['an event that nobody wants', ['dblclick', 1, 2, 0, 0, 0]],
    ['a point beside the picture', ['click', 101, 2, 0, 0, 0]],
    ['a point above the picture', ['click', 1, -2, 0, 0, 0]],
    ['a text', ['click', '1', 2, 0, 0, 0]],
    ['a strange button', ['click', 1, 2, 1e9, 0, 0]],
    ['strange keys', ['click', 1, 2, 0, 0, 16]],
  ])('hears nothing of %s', async (_, value) => {
    heard.length = 0;
    using user = await open(pages);
    user.browser.emit(user.find('Map').node, 'mouse', value);
    await user.settle();
    expect(heard).toEqual([]);
    expect(user.server.log.at(-1)?.message).toMatch(/^Refused mouse/);
  });
});

describe('a player', () => {
  const times: number[] = [];
  const pages = {
    '/': () => {
      const player = ui.video('/a.mp4', { label: 'Film', onTime: (seconds) => times.push(seconds) });
      ui.audio('/a.mp3', { label: 'Sound' });
      ui.button('Go', () => {
        player.play();
        player.seek(3);
        player.pause();
      });
    },
  };

  test('says where it is, when somebody wants to know', async () => {
    times.length = 0;
    using user = await open(pages);
    user.find('Film').emit('time', 1.5);
    for (const wrong of [-1, 'x', null, 1e12]) user.browser.emit(user.find('Film').node, 'time', wrong);
    user.browser.emit(user.find('Sound').node, 'time', 1);
    await user.settle();
    expect(times).toEqual([1.5]);
    expect(user.server.log.at(-1)?.message).toMatch(/^Refused time/);
  });
});

test('a picture that changes behind its address is loaded again', async () => {
  using user = await open({
    '/': () => {
      const picture = ui.image('/camera.jpg', { alt: 'Camera' });
      ui.button('Reload', () => picture.forceReload());
    },
  });
  user.find('Reload').click();
  await user.settle();
  const first = user.find('Camera').props.version;
  expect(first).toEqual(expect.any(Number));
  await user.advance('1s');
  user.find('Reload').click();
  await user.settle();
  expect(user.find('Camera').props.version).not.toBe(first);
});

describe('a camera', () => {
  const jpeg = bytes('\xff\xd8\xff\xe0 a frame');
  const seen: number[] = [];
  let release = () => {};
  const pages = {
    '/': () => {
      const camera = ui.camera({
        label: 'Door',
        onFrame: async ({ frame }) => {
          seen.push(frame.length);
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          ui.notify('Looked');
        },
      });
      ui.camera({ label: 'Mirror' });
      ui.button('Disable', () => {
        camera.enabled = false;
      });
    },
  };
  const frame = (user: User, name: string, page?: string) => {
    const { node } = user.find(name);
    const [own] = user.server.store.pages();
    return user.server.session.frame(page ?? own?.page ?? '', node.id, jpeg);
  };

  test('gives a frame to its handler and answers when that has ended; nothing of it is stored', async () => {
    seen.length = 0;
    using user = await open(pages);
    await user.advance('5s');
    const rows = user.server.store.written;
    let status = 0;
    void frame(user, 'Door').then((given) => {
      status = given;
    });
    await user.advance('1s');
    expect([seen, status]).toEqual([[jpeg.length], 0]);
    expect(user.server.store.written).toBe(rows);
    release();
    await user.shouldSee('Looked');
    expect(status).toBe(204);
    expect(user.server.errors).toEqual([]);
  });

  test('takes no frame that nobody wants, of another page, or by the socket', async () => {
    seen.length = 0;
    using user = await open(pages);
    await user.advance('1s');
    expect(await frame(user, 'Mirror')).toBe(404);
    expect(await frame(user, 'Disable')).toBe(404);
    expect(await frame(user, 'Door', 'f'.repeat(32))).toBe(404);
    user.browser.emit(user.find('Door').node, 'frame', 'x');
    user.find('Disable').click();
    await user.settle();
    expect(await frame(user, 'Door')).toBe(404);
    expect(seen).toEqual([]);
  });
});
