import type { MaybeReactive } from '../../reactive/index.ts';
import { Element, type ElementOptions, own } from '../element.ts';
import { firstOf } from '../first.ts';
import type { LookOptions } from '../look.ts';

/** Options of `ui.chatMessage`. */
export interface ChatMessageOptions extends ElementOptions, Pick<LookOptions, 'color'> {
  /** Name of who wrote the message. @default none */
  readonly name?: string;
  /** When it was written, as it is shown. @default none */
  readonly stamp?: MaybeReactive<string>;
  /** Address of a picture of who wrote it. @default none */
  readonly avatar?: string;
  /** True shows the message at the other side, as the reader's own. @default false */
  readonly sent?: boolean;
}

/** A message of a conversation. */
export class ChatMessage extends Element {
  /** @internal */
  constructor(text: MaybeReactive<string>, options: ChatMessageOptions & { readonly build?: () => void } = {}) {
    const { name, stamp, avatar, sent, build } = options;
    const first = { text: firstOf(text, ''), stamp: firstOf(stamp, '') };
    const props = own<'chatMessage'>({
      text: first.text,
      ...(name && { name }),
      ...(first.stamp && { stamp: first.stamp }),
      ...(avatar && { avatar }),
      ...(sent && { sent }),
    });
    super('chatMessage', props, options);
    if (typeof text !== 'string') this.bind('text', text);
    if (stamp !== undefined && typeof stamp !== 'string') this.bind('stamp', stamp);
    if (build) this.add(build);
  }
}

/**
 * Shows a message of a conversation in a bubble, with who wrote it and when.
 *
 * @example
 * ui.chatMessage('Hello!', { name: 'Ada', stamp: '10:32', sent: true });
 *
 * @param text the text, a signal of it, or a function that computes it. Line breaks show.
 * @param build makes elements below the text, in the bubble.
 */
export function chatMessage(
  text: MaybeReactive<string>,
  options?: ChatMessageOptions,
  build?: () => void,
): ChatMessage {
  return new ChatMessage(text, { ...options, ...(build && { build }) });
}
