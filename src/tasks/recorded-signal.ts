import { type ReadonlySignal, Signal } from '../reactive/index.ts';
import { journal } from './journal.ts';

/**
 * A read-only signal, such as a job's status. The journal of a durable handler records its reads, so a replay reads the same
 * values and takes the same branches.
 */
class RecordedSignal<T> extends Signal<T> {
  readonly #name: string;
  readonly #source: ReadonlySignal<T>;

  constructor(name: string, source: ReadonlySignal<T>) {
    super();
    this.#name = name;
    this.#source = source;
  }

  override get value(): T {
    const read = () => this.#source.value;
    const running = journal.get();
    return running ? (running.recordRead(this.#name, read) as T) : read();
  }
}

/** Returns a signal whose reads are recorded. @param name unique among the recorded signals of the page. */
export function recorded<T>(name: string, source: ReadonlySignal<T>): ReadonlySignal<T> {
  return new RecordedSignal(name, source);
}
