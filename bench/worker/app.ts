// The measured Worker: pages of the framework and, in the same isolate, the bare objects for comparison.

import { DurableObject, type WorkerEntrypoint } from 'cloudflare:workers';
import { App, run, ui } from 'edgewise';
import type * as Tasks from './tasks.ts';

interface Bindings {
  readonly SESSION: DurableObjectNamespace;
  readonly COUNTED: DurableObjectNamespace<CountedSession>;
  readonly ECHO: DurableObjectNamespace;
  readonly WRITER: DurableObjectNamespace;
  readonly COMPUTE: Service<WorkerEntrypoint & { bare(): number }>;
}

const tasks = run.tasks<typeof Tasks>('COMPUTE');

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
    ui.label(() => count.value);
    for (let i = 0; i < 49; i++) ui.label(`Line ${i}`);
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

  /** Measures calls in a handler, where authors make them. Locally the clock runs during code; in production it does not. */
  app.page('/rpc', ({ env }) => {
    const rounds = ui.label('');
    ui.button('Measure', async () => {
      const sides = {
        bare: () => env.COMPUTE.bare(),
        passing: () => run.with({ durable: false }).cpuBound(tasks.noop),
        durable: () => run.cpuBound(tasks.noop),
      };
      const times: Record<string, number> = {};
      for (const [side, call] of Object.entries(sides)) {
        const began = performance.now();
        for (let i = 0; i < 20; i++) await call();
        times[side] = (performance.now() - began) / 20;
      }
      rounds.text = JSON.stringify(times);
    });
  });
  return app;
}

const app = pages(new App());
const counted = pages(new App({ binding: 'COUNTED' }));

export const Session = app.Session;

/** A session that counts the rows that SQLite wrote. Its speed is not measured. */
export class CountedSession extends counted.Session {
  readonly #rows = { written: 0 };

  constructor(ctx: DurableObjectState, env: Bindings) {
    const rows = { written: 0 };
    const { sql } = ctx.storage;
    const exec = sql.exec.bind(sql);
    sql.exec = ((query: string, ...bindings: unknown[]) => {
      const cursor = exec(query, ...bindings);
      const all = cursor.toArray();
      rows.written += cursor.rowsWritten;
      return { toArray: () => all };
    }) as unknown as typeof sql.exec;
    super(ctx, env);
    this.#rows = rows;
  }

  rowsWritten(): number {
    return this.#rows.written;
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
    if (pathname === '/counted/rows') {
      return Response.json(await env.COUNTED.get(env.COUNTED.idFromName(name)).rowsWritten());
    }
    // A request with this header goes to the application that counts rows.
    return request.headers.has('X-Counted') ? counted.fetch(request, env, ctx) : app.fetch(request, env, ctx);
  },
};
