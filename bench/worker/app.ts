// The measured Worker: pages of the framework and, in the same isolate, the bare objects for comparison.

import { DurableObject } from 'cloudflare:workers';
import { App, type State, ui } from 'edgewise';
import { growingPages } from './growing.ts';

interface Bindings {
  readonly SESSION: DurableObjectNamespace;
  readonly COUNTED: DurableObjectNamespace<CountedSession>;
  readonly ECHO: DurableObjectNamespace;
  readonly WRITER: DurableObjectNamespace;
  readonly DURABLE: DurableObjectNamespace;
  /** The agent of bench/peers/agents; missing where it could not be installed. */
  readonly COUNTER?: DurableObjectNamespace;
}

function lines(count: State<number>): void {
  ui.label(() => count.value);
  for (let i = 0; i < 49; i++) ui.label(`Line ${i}`);
}

function pages(app: App<{ Bindings: Bindings }>): App<{ Bindings: Bindings }> {
  app.page('/hello', () => {
    ui.label('Hello');
  });

  /** 52 elements: the root, a button, a counting label, and 49 idle ones. */
  app.page('/counter', () => {
    const count = ui.state(0);
    ui.button('Count', () => {
      count.value++;
    });
    lines(count);
  });

  /** The same with a handler that calls a function, so that it may await. */
  app.page('/calling', () => {
    const count = ui.state(0);
    const add = () => {
      count.value++;
    };
    ui.button('Count', () => add());
    lines(count);
  });

  /** What changes and is sent: a text, a progress bar, a thousand rows, one of them. */
  app.page('/wire', () => {
    const count = ui.state(0);
    const done = ui.state(0);
    const rows = ui.list<{ id: number; text: string }>([], 'id');
    ui.button('Text', () => {
      count.value++;
    });
    ui.button('Tick', () => {
      done.value = ((done.value * 100 + 1) % 100) / 100;
    });
    ui.button('Fill', () => {
      count.value++;
      for (const { id } of rows.items) rows.remove(id);
      for (let id = 0; id < 1_000; id++) rows.add({ id, text: `Row ${id} of ${count.value}` });
    });
    ui.button('Row', () => {
      count.value++;
      rows.update(500, { text: `Row 500 of ${count.value}` });
    });
    ui.label(() => `Text ${count.value}`);
    ui.progress(() => done.value);
    ui.each(rows, (row) => ui.label(row.text));
  });

  /** The operations of js-framework-benchmark. A row is one element. */
  app.page('/rows', () => {
    const rows = ui.list<{ id: number; text: string; selected?: boolean }>([], 'id');
    const made = ui.state(0);
    const clear = () => {
      for (const { id } of rows.items) rows.remove(id);
    };
    const append = (count: number) => {
      for (let i = 1; i <= count; i++) rows.add({ id: made.value + i, text: `Row ${made.value + i}` });
      made.value += count;
    };
    for (const count of [1_000, 10_000]) {
      ui.button(`Create ${count}`, () => {
        clear();
        append(count);
      });
    }
    ui.button('Append 1000', () => append(1_000));
    ui.button('Update', () => {
      for (let at = 0; at < rows.size; at += 10) {
        const row = rows.at(at);
        if (row) rows.update(row.id, { text: `${row.text} !!!` });
      }
    });
    ui.button('Select', () => {
      const row = rows.at(1);
      if (row) rows.update(row.id, { selected: true });
    });
    ui.button('Swap', () => {
      const [second, last] = [rows.at(1), rows.at(998)];
      if (!second || !last) return;
      rows.move(last.id, 1);
      rows.move(second.id, 998);
    });
    ui.button('Remove', () => {
      const row = rows.at(1);
      if (row) rows.remove(row.id);
    });
    ui.button('Clear', clear);
    ui.each(rows, (row) => ui.label(row.text).classes(row.selected ? 'bench-row bench-selected' : 'bench-row'));
  });

  app.page('/labels', () => {
    for (let i = 0; i < 1_000; i++) ui.label(`Line ${i}`);
  });

  /** Sends the requested number of patches one by one, whether or not a browser is connected. */
  app.page('/burst', ({ query }) => {
    const count = ui.state(0);
    ui.button('Count', async () => {
      for (let left = Number(query.get('patches')); left > 0; left--) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        count.value++;
      }
    });
    ui.label(() => count.value);
    for (let i = 0; i < 49; i++) ui.label(`Line ${i}`);
  });
  return app;
}

const app = pages(new App());
growingPages(app);
const counted = pages(new App({ binding: 'COUNTED' }));

export const { Session, Shared } = app;

/** A session that counts the rows that SQLite read and wrote. Its speed is not measured. */
export class CountedSession extends counted.Session {
  readonly #rows = { read: 0, written: 0 };

  constructor(ctx: DurableObjectState, env: Bindings) {
    const rows = { read: 0, written: 0 };
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = ((query: string, ...bindings: unknown[]) => {
      const cursor = exec(query, ...bindings);
      const all = cursor.toArray();
      rows.read += cursor.rowsRead;
      rows.written += cursor.rowsWritten;
      return { toArray: () => all };
    }) as unknown as typeof sql.exec;
    super(ctx, env);
    this.#rows = rows;
  }

  rows(): { read: number; written: number } {
    return this.#rows;
  }
}

/** The lower bound: a hibernatable object that echoes each message. */
export class Echo extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  override fetch(): Response {
    const { 0: browser, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: browser });
  }

  override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
    ws.send(message);
  }
}

/** The usual durable design: the object writes each event before it answers. */
export class Writer extends Echo {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS value (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID');
  }

  override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
    this.ctx.storage.sql.exec('INSERT OR REPLACE INTO value (key, value) VALUES (?, ?)', 'last', message as string);
    ws.send(message);
  }
}

/**
 * A durable counter by hand, which promises the same for this one click: each is applied once and in order, is stored with
 * those of the same 50 to 250 ms, and is acknowledged when it is.
 */
export class Durable extends Echo {
  #count = 0;
  #event = 0;
  #stored = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #socket: WebSocket | undefined;
  #window = 50;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    const { sql } = ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS value (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID');
    for (const { key, value } of sql.exec<{ key: string; value: string }>('SELECT key, value FROM value')) {
      if (key === 'count') this.#count = JSON.parse(value);
      else this.#event = JSON.parse(value);
    }
  }

  override webSocketMessage(ws: WebSocket, message: string | ArrayBuffer): void {
    const [event, , name] = JSON.parse(message as string) as [number, unknown, string];
    if (event !== this.#event + 1 || name !== 'click') return;
    this.#event = event;
    this.#count++;
    this.#socket = ws;
    ws.send(JSON.stringify(['p', event, [['s', 3, { text: String(this.#count) }]]]));
    this.#timer ??= setTimeout(() => this.#commit(), this.#window);
  }

  #commit(): void {
    this.#window = this.#event - this.#stored > 5 ? 250 : 50;
    this.ctx.storage.sql.exec(
      'INSERT OR REPLACE INTO value (key, value) VALUES (?, ?), (?, ?)',
      'count',
      JSON.stringify(this.#count),
      'event',
      JSON.stringify(this.#event),
    );
    this.#stored = this.#event;
    this.#timer = undefined;
    this.#socket?.send(JSON.stringify(['a', this.#event]));
  }
}

export default {
  async fetch(request: Request, env: Bindings, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const name = searchParams.get('name') ?? '';
    if (pathname === '/bare/collect') {
      const { gc } = globalThis as { gc?: () => void };
      gc?.();
      return new Response(null, { status: gc ? 204 : 501 });
    }
    if (pathname === '/bare/echo') return env.ECHO.get(env.ECHO.idFromName(name)).fetch(request);
    if (pathname === '/bare/writer') return env.WRITER.get(env.WRITER.idFromName(name)).fetch(request);
    if (pathname === '/bare/durable') return env.DURABLE.get(env.DURABLE.idFromName(name)).fetch(request);
    if (pathname === '/bare/agent' && env.COUNTER) return env.COUNTER.get(env.COUNTER.idFromName(name)).fetch(request);
    if (pathname === '/counted/rows') {
      return Response.json(await env.COUNTED.get(env.COUNTED.idFromName(name)).rows());
    }
    // A request with this header goes to the application that counts rows.
    return request.headers.has('X-Counted') ? counted.fetch(request, env, ctx) : app.fetch(request, env, ctx);
  },
};
