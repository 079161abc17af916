import { Component, type ComponentChildren } from 'preact';
import type { Shown } from './shown.ts';

/** The page: everything below stands in its column. Title and language are the document's. */
export class Root extends Component<Shown<'root'>> {
  override componentDidMount(): void {
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { title, lang } = this.props.props;
    if (title !== undefined && document.title !== title) document.title = title;
    if (lang) document.documentElement.lang = lang;
  }

  override render(): ComponentChildren {
    return <main {...this.props.own.whole('edgewise-root')}>{this.props.children}</main>;
  }
}
