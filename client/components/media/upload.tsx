import { Component, type ComponentChildren, createRef } from 'preact';
import { systemClock } from '../../../src/clock/index.ts';
import { fileSize } from '../../../src/protocol/index.ts';
import { look } from '../../dom/index.ts';
import { icon } from '../icon.tsx';
import { Transfer } from '../transfer.ts';
import type { ElementProps } from '../types.ts';

/** Files that one event may offer. */
const atOnce = 200;
/** Files of one choice. A whole folder may have more, which nobody meant. */
const most = 1_000;

/** A file of this document. */
interface Local {
  readonly key: string;
  readonly file: File;
  readonly batch: string;
  /** True once the session was asked for a ticket. */
  offered: boolean;
  transfer?: Transfer;
  sent: number;
  /** Why the transfer ended, as a sentence. */
  problem?: string;
}

interface Row {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly state: 'chosen' | 'sending' | 'done' | 'failed';
  readonly sent: number;
  readonly problem?: string | undefined;
  readonly retry?: Local | undefined;
}

interface State {
  /** True while a file is held over the element. */
  readonly over: boolean;
}

/** A native file input in its label, onto which files can be dropped, and below it the list of files. */
export class Upload extends Component<ElementProps<'upload'>, State> {
  override state: State = { over: false };
  readonly #input = createRef<HTMLInputElement>();
  readonly #locals = new Map<string, Local>();

  override componentDidMount(): void {
    const { node, replica, props } = this.props;
    // Only the document that a file was chosen in can read it.
    for (const { key, ticket } of props.files) if (ticket !== undefined) replica.emit(node, 'cut', key);
    // Chosen before the script was there.
    this.#choose(this.#input.current?.files);
  }

  override componentDidUpdate(): void {
    const { files } = this.props.props;
    for (const local of this.#locals.values()) {
      const item = files.find(({ key }) => key === local.key);
      if (item?.ticket !== undefined && !local.transfer && local.problem === undefined) this.#send(local);
      else if (local.transfer && item?.ticket === undefined) {
        local.transfer.cancel();
        this.#locals.delete(local.key);
      }
    }
  }

  override componentWillUnmount(): void {
    for (const { transfer } of this.#locals.values()) transfer?.cancel();
  }

  #choose(files: FileList | null | undefined): void {
    const { multiple, auto } = this.props.props;
    const chosen = [...(files ?? [])].slice(0, multiple ? most : 1);
    if (chosen.length === 0) return;
    if (!multiple) this.#locals.clear();
    const batch = systemClock.newId();
    for (const file of chosen) {
      const key = systemClock.newId();
      this.#locals.set(key, { key, file, batch, offered: false, sent: 0 });
    }
    this.forceUpdate();
    // The same file can be chosen again.
    if (this.#input.current) this.#input.current.value = '';
    if (auto) this.#offer();
  }

  /** Asks the session for tickets. */
  #offer(): void {
    const { node, replica } = this.props;
    const waiting = [...this.#locals.values()].filter(({ offered }) => !offered);
    const [first] = waiting;
    if (!first) return;
    for (const local of waiting) local.offered = true;
    const files = waiting.map(({ key, file }) => [key, file.name, file.type, file.size]);
    for (let at = 0; at < files.length; at += atOnce) {
      replica.emit(node, 'offer', [first.batch, files.slice(at, at + atOnce)]);
    }
    this.forceUpdate();
  }

  #send(local: Local): void {
    const item = () => this.props.props.files.find(({ key }) => key === local.key);
    const transfer = new Transfer(local.file, item, (sent) => {
      local.sent = sent;
      this.forceUpdate();
    });
    local.transfer = transfer;
    void transfer.run().then((problem) => {
      if (problem !== undefined) local.problem = problem;
      this.forceUpdate();
    });
  }

  #remove({ key }: Row): void {
    const { node, props, replica } = this.props;
    this.#locals.get(key)?.transfer?.cancel();
    this.#locals.delete(key);
    this.forceUpdate();
    if (props.files.some((item) => item.key === key)) replica.emit(node, 'cancel', key);
  }

  #retry(local: Local, row: Row): void {
    this.#remove(row);
    const key = systemClock.newId();
    this.#locals.set(key, { key, file: local.file, batch: systemClock.newId(), offered: false, sent: 0 });
    this.#offer();
  }

  get #rows(): Row[] {
    const { files } = this.props.props;
    const known = files.map((item): Row => {
      const { key, name, size, done } = item;
      const local = this.#locals.get(key);
      const problem = item.problem ?? local?.problem;
      const state = done ? 'done' : problem === undefined ? 'sending' : 'failed';
      const retry = item.problem === undefined ? local : undefined;
      return { key, name, size, state, sent: done ? size : (local?.sent ?? 0), problem, retry };
    });
    const chosen = [...this.#locals.values()]
      .filter(({ key }) => !files.some((item) => item.key === key))
      .map(({ key, file, offered }): Row => {
        return { key, name: file.name, size: file.size, state: offered ? 'sending' : 'chosen', sent: 0 };
      });
    return [...known, ...chosen];
  }

  #dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.setState({ over: true });
  };

  #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.setState({ over: false });
    if (!this.props.node.props.disabled) this.#choose(event.dataTransfer?.files);
  };

  #row(row: Row): ComponentChildren {
    const { key, name, size, state, sent, problem, retry } = row;
    const percent = size === 0 ? 0 : Math.round((100 * sent) / size);
    return (
      <li key={key} class="edgewise-upload-file">
        {state === 'done' ? icon('check') : state === 'failed' ? icon('triangle-alert') : icon('file')}
        <span class="edgewise-upload-name">{name}</span>
        <span class="edgewise-upload-size">{state === 'sending' ? `${percent} %` : fileSize(size)}</span>
        <button
          type="button"
          class="edgewise-clear"
          aria-label={`${state === 'sending' ? 'Cancel' : 'Remove'} ${name}`}
          onClick={() => this.#remove(row)}
        >
          ✕
        </button>
        {state === 'sending' && (
          <progress class="progress" value={sent} max={size || 1} aria-label={`Upload of ${name}`} />
        )}
        {problem !== undefined && (
          <span class="edgewise-upload-problem">
            {problem}
            {retry && (
              <button type="button" class="link" onClick={() => this.#retry(retry, row)}>
                Try again
              </button>
            )}
          </span>
        )}
      </li>
    );
  }

  override render(): ComponentChildren {
    const { own, props, node } = this.props;
    const rows = this.#rows;
    const chosen = rows.filter(({ state }) => state === 'chosen').length;
    const done = rows.filter(({ state }) => state === 'done').length;
    const { disabled: _, ...inner } = own.inner;
    const disabled = node.props.disabled === true;
    const zone = {
      onDragOver: this.#dragged,
      onDragLeave: () => this.setState({ over: false }),
      onDrop: this.#dropped,
    };
    return (
      <div {...inner} {...own.outer('edgewise-upload')} aria-disabled={disabled || undefined}>
        <label class={this.state.over ? 'edgewise-drop edgewise-drop-over' : 'edgewise-drop'} {...zone}>
          {icon('upload')}
          <span class="edgewise-drop-label">{props.label}</span>
          <span class="edgewise-drop-hint">{props.hint ?? 'or drop here'}</span>
          <input
            type="file"
            class="sr-only"
            multiple={props.multiple}
            accept={props.accept}
            disabled={disabled}
            ref={this.#input}
            onChange={() => this.#choose(this.#input.current?.files)}
          />
        </label>
        {rows.length > 0 && <ul>{rows.map((row) => this.#row(row))}</ul>}
        {chosen > 0 && (
          <button
            type="button"
            class={look('btn', { color: 'primary', ...props, size: 'sm' })}
            disabled={disabled}
            onClick={() => this.#offer()}
          >
            {chosen === 1 ? 'Upload' : `Upload ${chosen} files`}
          </button>
        )}
        <span class="sr-only" role="status">
          {done > 0 ? `${done} ${done === 1 ? 'file' : 'files'} uploaded` : null}
        </span>
      </div>
    );
  }
}
