// The counter of bench/worker/app.ts as an agent: a method that the page calls, and a state that is synchronised.

import { Agent, callable } from 'agents';

interface State {
  readonly count: number;
  readonly text?: string;
  readonly done?: number;
  readonly rows?: readonly string[];
}

export class Counter extends Agent<unknown, State> {
  // The SDK asks for a decision, and writes a line for each visit without one.
  static override options = { sendIdentityOnConnect: true };
  override initialState: State = { count: 0 };

  @callable()
  increment(): void {
    this.setState({ ...this.state, count: this.state.count + 1 });
  }

  @callable()
  text(): void {
    const count = this.state.count + 1;
    this.setState({ ...this.state, count, text: `Text ${count}` });
  }

  @callable()
  tick(): void {
    this.setState({ ...this.state, done: (((this.state.done ?? 0) * 100 + 1) % 100) / 100 });
  }

  @callable()
  fill(): void {
    const count = this.state.count + 1;
    this.setState({ ...this.state, count, rows: Array.from({ length: 1_000 }, (_, i) => `Row ${i} of ${count}`) });
  }

  @callable()
  row(): void {
    const count = this.state.count + 1;
    this.setState({
      ...this.state,
      count,
      rows: (this.state.rows ?? []).map((row, i) => (i === 500 ? `Row 500 of ${count}` : row)),
    });
  }
}

export default { fetch: () => new Response(null, { status: 404 }) };
