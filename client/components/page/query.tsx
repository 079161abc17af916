import { Component } from 'preact';
import { safeAttributes } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

/** Sets classes, styles and attributes on elements of the document, and takes them back. */
export class Query extends Component<ElementProps<'query'>> {
  #undo: (() => void)[] = [];

  override componentDidMount(): void {
    this.#set();
  }

  override componentDidUpdate(): void {
    this.componentWillUnmount();
    this.#set();
  }

  override componentWillUnmount(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #set(): void {
    const { selector, class: classes = '', style, attrs = {} } = this.props.props;
    for (const element of found(selector)) {
      const added = classes.split(/\s+/).filter((name) => name && !element.classList.contains(name));
      element.classList.add(...added);
      this.#undo.push(() => element.classList.remove(...added));
      for (const [name, value] of Object.entries({ ...safeAttributes(attrs), ...(style && { style }) })) {
        const before = element.getAttribute(name);
        element.setAttribute(name, String(value));
        this.#undo.push(() => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)));
      }
    }
  }

  override render(): null {
    return null;
  }
}

function found(selector: string): Iterable<Element> {
  try {
    return document.querySelectorAll(selector);
  } catch {
    console.warn(`ui.query was given ${JSON.stringify(selector)}, which is no CSS selector.`);
    return [];
  }
}
