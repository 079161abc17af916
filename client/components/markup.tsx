import type { ComponentChildren } from 'preact';
import { isAllowedTag, type Markup } from '../../src/protocol/index.ts';
import { safeAttributes } from '../dom/index.ts';

/** Shows markup as elements. It checks tags and attributes again, because the browser trusts no server. */
export function markup(content: readonly Markup[]): ComponentChildren {
  return content.map((part, index) => {
    if (typeof part === 'string') return part;
    const [tag, attributes, ...children] = part;
    if (!isAllowedTag(tag)) return null;
    const { class: classes, style } = attributes;
    const rel = attributes.target === '_blank' ? { rel: 'noopener noreferrer' } : {};
    const props = {
      ...safeAttributes(attributes),
      ...rel,
      ...(classes && { class: classes }),
      ...(style && { style }),
    };
    const Tag = tag as 'span';
    return (
      <Tag key={index} {...props}>
        {markup(children)}
      </Tag>
    );
  });
}
