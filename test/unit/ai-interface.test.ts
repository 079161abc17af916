// The page of examples/ai_interface, with a provider in this process. A real one over HTTP is in test/browser.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aiInterface } from '../../examples/ai_interface/page.ts';
import { App } from '../../src/index.ts';
import { type OpenOptions, open, type User } from '../../src/testing/index.ts';
import { PredictionsServer } from '../predictions-server.ts';

const app = new App();
app.page('/', aiInterface);

let provider: PredictionsServer;
let env: object;

beforeEach(() => {
  provider = new PredictionsServer();
  env = { PREDICTIONS_URL: 'https://provider.test/v1', PREDICTIONS_KEY: provider.key };
  vi.stubGlobal('fetch', (input: RequestInfo, init?: RequestInit) =>
    String(input).startsWith('data:') ? original(input, init) : provider.fetch(new Request(input, init)),
  );
});
const original = fetch;
afterEach(() => vi.unstubAllGlobals());

const visit = (options: OpenOptions = {}) => open(app, '/', { env, ...options });

function ask(user: User, prompt: string): void {
  user.find('Prompt').fill(prompt);
  user.find('Generate').click();
}

const pictures = (user: User) => user.find({ kind: 'image' }).all.map(({ props }) => `${props.alt} ${props.src}`);
const within = { within: '40s' } as const;

describe('EX AI interface', () => {
  test('a prompt becomes a picture of the session, in the place of the last one, by button and by Enter', async () => {
    using user = await visit();
    ask(user, 'a fox');
    await user.shouldSee('Painting...');
    expect(user.find('Generate').props.loading).toBe(true);
    await user.shouldSee({ kind: 'image' }, within);
    await user.shouldNotSee('Painting...');
    expect(pictures(user)).toEqual([expect.stringMatching(/^a fox \/_edgewise\/files\//)]);
    user.find('Prompt').fill('a crow').press('Enter');
    await user.shouldSee({ kind: 'image', text: 'a crow' }, within);
    expect(pictures(user)).toHaveLength(1);
    expect(provider.predictions.map(({ version, input }) => [version, input.prompt])).toEqual([
      ['black-forest-labs/flux-schnell', 'a fox'],
      ['black-forest-labs/flux-schnell', 'a crow'],
    ]);
  });

  test('a recording becomes text, and what is no recording is refused', async () => {
    using user = await visit();
    await user.find({ kind: 'upload' }).upload({ name: 'notes.txt', content: 'hello', type: 'text/plain' });
    await user.shouldSee(/notes\.txt is not of a type/);
    await user.find({ kind: 'upload' }).upload({ name: 'a.mp3', content: 'ID3 sound', type: 'audio/mpeg' });
    await user.shouldSee(`heard data:audio/mpeg;base64,${btoa('ID3 sound')}`, within);
    await user.shouldNotSee('Transcribing...');
    expect(provider.predictions).toHaveLength(1);
  });

  test.each([
    ['fail', /^The provider says: the prompt is not allowed\.$/],
    ['text', /^The provider answered with something that is no picture/],
    ['none', /^The provider answered without a picture\.$/],
  ])('the error of the prompt "%s" is shown, and ends the wait', async (prompt, message) => {
    using user = await visit();
    ask(user, prompt);
    await user.shouldSee(message, within);
    expect([user.sees('Painting...'), user.find('Generate').enabled]).toEqual([false, true]);
    ask(user, 'a fox');
    await user.shouldSee({ kind: 'image' }, within);
    await user.shouldNotSee(message);
  });

  test('a wrong key, and a provider that answers no JSON, are shown with what they say', async () => {
    using user = await visit({ env: { ...env, PREDICTIONS_KEY: 'wrong' } });
    ask(user, 'a fox');
    await user.shouldSee('The provider answered 401: Invalid token.', within);
    vi.stubGlobal('fetch', async () => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    ask(user, 'a fox');
    await user.shouldSee('The provider answered 502: <h1>Bad gateway</h1>', within);
  });

  test('a provider that is busy is asked again when it says, five times at most', async () => {
    using user = await visit();
    ask(user, 'busy fox');
    await user.shouldSee({ kind: 'image' }, within);
    await user.shouldNotSee('Painting...');
    expect([provider.refused, provider.predictions.length]).toEqual([2, 1]);
    let asked = 0;
    vi.stubGlobal('fetch', async () => {
      asked++;
      return Response.json({ detail: 'Throttled.' }, { status: 429, headers: { 'Retry-After': 'soon' } });
    });
    ask(user, 'a fox');
    await user.shouldSee('The provider answered 429: Throttled.', within);
    expect(asked).toBe(5);
  });

  test('Cancel ends a slow request, here and at the provider', async () => {
    using user = await visit();
    ask(user, 'held');
    await user.advance('5s');
    user.find('Cancel').click();
    await user.shouldSee('Cancelled.');
    await user.shouldNotSee('Painting...');
    expect(provider.predictions.map(({ status }) => status)).toEqual(['canceled']);
  });

  test('a request without an answer ends after five minutes, here and at the provider', async () => {
    using user = await visit();
    ask(user, 'held');
    await user.shouldSee('There was no answer within 5 minutes.', { within: '6m' });
    await user.settle();
    expect(provider.predictions.map(({ status }) => status)).toEqual(['canceled']);
  });

  test('a page that is killed in the middle gets its answer, of the prediction that it has begun, and Cancel works after it', async () => {
    using user = await visit();
    ask(user, 'held');
    await user.advance('3s');
    user.server.kill();
    await user.shouldSee('Painting...', within);
    await user.reload();
    provider.release();
    await user.shouldSee({ kind: 'image' }, within);
    await user.shouldNotSee('Painting...');
    expect(provider.predictions).toHaveLength(1);
    provider = new PredictionsServer();
    ask(user, 'held again');
    await user.advance('3s');
    user.server.kill();
    await user.shouldSee('Cancel', within);
    user.find('Cancel').click();
    await user.shouldSee('Cancelled.', within);
    expect(provider.predictions.map(({ status }) => status)).toEqual(['canceled']);
  });

  test('a kill at each await changes nothing, and begins no prediction twice', async () => {
    using user = await visit({ alwaysReplay: true });
    ask(user, 'a fox');
    await user.shouldSee({ kind: 'image' }, { within: '2m' });
    await user.find({ kind: 'upload' }).upload({ name: 'a.mp3', content: 'ID3', type: 'audio/mpeg' });
    await user.shouldSee(/^heard/, { within: '2m' });
    expect(provider.predictions).toHaveLength(2);
  });

  test('another visitor sees neither prompt nor text nor pictures, and cannot load them', async () => {
    using user = await visit();
    ask(user, 'a secret fox');
    await user.find({ kind: 'upload' }).upload({ name: 'a.mp3', content: 'ID3', type: 'audio/mpeg' });
    await user.shouldSee({ kind: 'image' }, within);
    await user.shouldSee(/^heard/, within);
    using other = await visit({ beside: user });
    await other.shouldNotSee(/secret|heard/);
    expect(pictures(other)).toEqual([]);
    const id = String(user.find({ kind: 'image' }).props.src).split('/')[3] ?? '';
    await expect(user.server.read({ id })).resolves.toHaveLength(70);
    await expect(other.server.read({ id })).rejects.toThrow();
  });

  test('an empty prompt is refused in the page', async () => {
    using user = await visit();
    ask(user, '  ');
    await user.settle();
    expect(user.find('Prompt').props.error).toBe('Say what to paint');
    expect(provider.predictions).toEqual([]);
  });

  test('with Workers AI its models are asked', async () => {
    const asked: unknown[] = [];
    const AI = {
      async run(model: string, input: object) {
        asked.push([model, input]);
        if (model.includes('whisper')) return { text: 'hello' };
        if (JSON.stringify(input).includes('fail')) throw new Error('3040: Capacity temporarily exceeded');
        return { image: btoa('a picture') };
      },
    };
    using user = await visit({ env: { AI } });
    ask(user, 'a fox');
    await user.shouldSee({ kind: 'image' }, within);
    await user.find({ kind: 'upload' }).upload({ name: 'a.mp3', content: 'ID3', type: 'audio/mpeg' });
    await user.shouldSee('hello', within);
    ask(user, 'fail');
    await user.shouldSee('3040: Capacity temporarily exceeded', within);
    expect(asked.slice(0, 2)).toEqual([
      ['@cf/black-forest-labs/flux-1-schnell', { prompt: 'a fox' }],
      ['@cf/openai/whisper-large-v3-turbo', { audio: btoa('ID3') }],
    ]);
  });

  test('without a provider the page says how to get one, and takes nothing', async () => {
    using user = await visit({ env: {} });
    await user.shouldSee(/No provider is configured/);
    expect([user.find('Prompt').enabled, user.find('Generate').enabled, user.find({ kind: 'upload' }).enabled]).toEqual(
      [false, false, false],
    );
  });
});
