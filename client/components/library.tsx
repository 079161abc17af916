import { Component, type ComponentChildren, createRef } from 'preact';
import type { Kind } from '../../src/protocol/index.ts';
import { allowTexts } from '../dom/index.ts';
import { loadChunk } from './chunk.ts';
import type { ComponentMethods, ElementProps } from './types.ts';

/** A module of client/libraries. Where the application lacks the package, the build puts a module there that only says so. */
interface Library {
  readonly missing?: string | undefined;
}

/** What a library shows in an element. */
export interface Mounted<K extends Kind> {
  /** Shows changed props. */
  update(props: ElementProps<K>['props'], before: ElementProps<K>['props']): void;
  /** Removes what the library has made. */
  end(): void;
  /** Methods that the session may call. @default none */
  readonly methods?: ComponentMethods;
}

/** An element that a library draws, which is loaded when the element is first shown. */
export abstract class LibraryView<K extends Kind, L extends Library> extends Component<
  ElementProps<K>,
  { readonly problem?: string | undefined }
> {
  readonly box = createRef<HTMLDivElement>();
  #mounted: Mounted<K> | undefined;
  #ended = false;

  protected abstract load(): Promise<L>;

  /** Shows the element in a box that nothing else touches. */
  protected abstract mount(library: L, box: HTMLDivElement): Mounted<K>;

  override componentDidMount(): void {
    const ready = this.#start();
    const call = async (name: string, args: unknown[]) => {
      await ready;
      return this.#mounted?.methods?.[name]?.(...(args as never[]));
    };
    // A call waits for the library.
    this.props.methods.current = new Proxy({} as ComponentMethods, {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          call(String(name), args),
      getOwnPropertyDescriptor: (_, name) =>
        commonMethods.has(String(name)) ? undefined : { configurable: true, enumerable: true, value: name },
    });
  }

  override componentDidUpdate(before: ElementProps<K>): void {
    if (before.props !== this.props.props) this.#mounted?.update(this.props.props, before.props);
  }

  override componentWillUnmount(): void {
    this.#ended = true;
    this.#mounted?.end();
  }

  async #start(): Promise<void> {
    allowTexts();
    const library = await loadChunk(
      () => this.load(),
      () => this.setState({ problem: 'A part of this page did not load. Trying again …' }),
    );
    const box = this.box.current;
    if (this.#ended || !box) return;
    if (this.state.problem !== library.missing) this.setState({ problem: library.missing });
    if (library.missing) return;
    const shown = this.props.props;
    this.#mounted = this.mount(library, box);
    if (shown !== this.props.props) this.#mounted.update(this.props.props, shown);
  }

  protected view(classes: string, label: string, role: 'figure' | 'group' = 'figure'): ComponentChildren {
    return (
      <div {...this.props.own.whole(`edgewise-library ${classes}`)} role={role} aria-label={label}>
        <div ref={this.box} class="edgewise-library-box" />
        {this.state.problem && <p role="status">{this.state.problem}</p>}
      </div>
    );
  }
}

const commonMethods = new Set(['focus', 'blur', 'select', 'scrollIntoView']);
