import { Component } from 'preact';
import type { ElementProps } from '../types.ts';

/** Says which language and time zone the browser has, when the session has others. */
export class Visitor extends Component<ElementProps<'visitor'>> {
  override componentDidMount(): void {
    const { node, replica, props } = this.props;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const now = { locale: navigator.language, timeZone, said: true };
    const { locale, timeZone: zone, said } = props.value;
    if (said && locale === now.locale && zone === timeZone) return;
    // For the first paint of other pages.
    document.cookie = `edgewise_zone=${timeZone}; Path=/; Max-Age=31536000; SameSite=Lax`;
    replica.emit(node, 'value', now);
  }

  override render(): null {
    return null;
  }
}
