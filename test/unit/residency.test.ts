import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { App } from '../../src/app/index.ts';
import { sharedStub } from '../../src/shared/index.ts';

const top = path.resolve(import.meta.dirname, '../..');

/** A namespace of objects that answer every call, and that notes where each stub leads. */
function namespace(notes: string[], jurisdiction = 'anywhere'): object {
  return {
    jurisdiction: (name: string) => namespace(notes, name),
    idFromName: (name: string) => `${name} in ${jurisdiction}`,
    get: (id: string, options?: { locationHint: string }) => {
      notes.push(options ? `${id} near ${options.locationHint}` : id);
      return new Proxy({}, { get: (_, method) => async () => (method === 'open' ? '"missing"' : undefined) });
    },
  };
}

function message(session: string) {
  return { body: { session, job: 'j1' }, attempts: 1, ack: () => {}, retry: () => {} };
}

const options = { jurisdiction: 'eu', locationHint: 'weur' } as const;

test('sessions that pages, queues and shared values reach are all in the jurisdiction and region of the application', async () => {
  const [sessions, shared]: [string[], string[]] = [[], []];
  const env = { SESSION: namespace(sessions), SHARED: namespace(shared) };
  const app = new App({ ...options, identify: () => 'ada' }).page('/', () => {});
  await app.request('http://localhost/', { headers: { Accept: 'text/html' } }, env);
  await app.queue({ queue: 'jobs', messages: [message('user:ada'), message('shared:job:build')] } as never, env);
  sharedStub(env, { session: 'SESSION', shared: 'SHARED', ...options }, 'signal:online');
  expect(sessions).toEqual(['user:ada in eu near weur', 'user:ada in eu near weur']);
  expect(shared).toEqual(['job:build in eu near weur', 'signal:online in eu near weur']);
});

test('without a choice, the platform chooses', async () => {
  const sessions: string[] = [];
  const app = new App({ identify: () => 'ada' }).page('/', () => {});
  await app.request('http://localhost/', {}, { SESSION: namespace(sessions) });
  expect(sessions).toEqual(['user:ada in anywhere']);
});

test('a local workerd, which has no jurisdictions, runs an application that chose one', async () => {
  const sessions: string[] = [];
  const local = {
    ...namespace(sessions),
    jurisdiction: () => {
      throw new Error('Jurisdiction restrictions are not implemented in workerd.');
    },
  };
  const app = new App({ ...options, identify: () => 'ada' }).page('/', () => {});
  await app.request('http://localhost/', {}, { SESSION: local });
  expect(sessions).toEqual(['user:ada in anywhere near weur']);
});

test.each([
  [
    { jurisdiction: 'europe' },
    'The option jurisdiction is one of eu, us, fedramp, fedramp-high; it was given "europe".',
  ],
  [{ locationHint: 'EU' }, 'The option locationHint is one of wnam, '],
])('an application with %j is refused when it starts', (wrong, sentence) => {
  expect(() => new App(wrong as object)).toThrow(sentence);
});

test('one place makes stubs, so that none can forget the jurisdiction', () => {
  const makers = globSync('src/**/*.ts', { cwd: top }).filter((file) =>
    /\.idFromName\(/.test(readFileSync(path.join(top, file), 'utf8')),
  );
  expect(makers).toEqual(['src/rpc/object-stub.ts']);
});
