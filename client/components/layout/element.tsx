import type { ComponentChildren } from 'preact';
import { isAllowedTag } from '../../../src/protocol/index.ts';
import type { ElementProps } from '../types.ts';

export function Element({ props, own, children }: ElementProps<'element'>): ComponentChildren {
  if (!isAllowedTag(props.tag)) return null;
  const Tag = props.tag as 'div';
  return (
    <Tag {...own.whole()}>
      {props.text || null}
      {children}
    </Tag>
  );
}
