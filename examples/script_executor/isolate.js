// The main module of the isolate in which a script runs. Its answer is a stream of lines of JSON: what the script writes
// as texts, and at the end how the script has ended. Its reader checks each line, because a script can change all of this.
import { format } from 'node:util';
import * as script from './script.js';

const encoder = new TextEncoder();

export default {
  async fetch(request) {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    // Fails when nobody reads any more, because the visitor has stopped the script or it has written too much.
    const send = (message) => writer.write(encoder.encode(`${JSON.stringify(message)}\n`)).catch(() => {});
    run(await request.json(), send).then(() => writer.close().catch(() => {}));
    return new Response(readable);
  },
};

async function run({ args, most }, send) {
  const left = { ...most };
  const isOver = () => left.lines < 0 || left.characters < 0;
  const print = (...values) => {
    if (!isOver()) {
      const text = format(...values);
      left.lines -= 1;
      left.characters -= text.length;
      send(text); // Also the line that is too much, by which the reader sees that there is more.
    }
    if (isOver()) throw new Error('it has written too much');
  };
  for (const method of ['log', 'info', 'debug', 'warn', 'error']) console[method] = print;
  let ending;
  try {
    if (typeof script.default !== 'function')
      throw new SyntaxError('it has no line "export default function main() {"');
    await script.default(...args);
    ending = { ok: true, text: 'Done.' };
  } catch (error) {
    ending = { ok: false, text: `It threw ${error}${placeOf(error)}.` };
  }
  await send(ending);
}

/** Returns the line of the script that threw. */
function placeOf(error) {
  const line = /script\.js:(\d+)/.exec(error?.stack ?? '')?.[1];
  return line ? ` in line ${line}` : '';
}
