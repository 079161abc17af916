import type { ComponentChildren } from 'preact';
import { safeUrl } from '../../dom/index.ts';
import type { ElementProps } from '../types.ts';

export function Link({ props, own }: ElementProps<'link'>): ComponentChildren {
  const { text, href, target } = props;
  const rest = { href: safeUrl(href), target, rel: target && 'noopener' };
  return (
    <a {...own.whole('link link-primary')} {...rest}>
      {text || null}
    </a>
  );
}
