import type { ComponentChildren } from 'preact';
import { safeUrl } from '../hooks/index.ts';
import type { Shown } from './shown.ts';

export function Link({ props, own }: Shown<'link'>): ComponentChildren {
  const { text, href, target } = props;
  const rest = { href: safeUrl(href), target, rel: target && 'noopener' };
  return (
    <a {...own.whole('link link-primary')} {...rest}>
      {text || null}
    </a>
  );
}
