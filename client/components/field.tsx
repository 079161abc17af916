import type { ComponentChildren } from 'preact';
import type { Field as FieldProps, MirrorNode } from '../../src/protocol/index.ts';
import { look, type OwnAttributes } from '../dom/index.ts';
import { icon } from './icon.tsx';
import { message } from './labelling.tsx';

export { labelling } from './labelling.tsx';

interface FrameProps {
  readonly node: MirrorNode;
  readonly props: FieldProps;
  readonly own: OwnAttributes;
  /** The daisyUI class of the frame. */
  readonly base: 'input' | 'textarea' | 'select';
  /** More classes of the frame. */
  readonly classes?: string;
  /** The control, and what stands before and after it. */
  readonly children: ComponentChildren;
  /** Empties the field. */
  readonly onClear?: (() => void) | undefined;
}

/** The frame that all fields share: label, icons, texts beside the control, a button that empties it, and a message. */
export function Field({ node, props, own, base, classes = '', children, onClear }: FrameProps): ComponentChildren {
  const { label, placeholder, prefix, suffix, clearable, dense, loading, size, error } = props;
  const color = error ? 'error' : props.color;
  const around = look(base, {
    ...props,
    icon: undefined,
    color,
    size: size ?? (dense ? 'sm' : undefined),
  } as FieldProps);
  const labelled = placeholder && placeholder !== label ? 'floating-label edgewise-labelled' : 'floating-label';
  const empty = node.props.value === null || node.props.value === '' || `${node.props.value}` === '';
  return (
    <div {...own.outer('edgewise-field')}>
      <div class={label ? labelled : undefined}>
        {label && (
          <span>
            <label for={`e${node.id}`}>{label}</label>
          </span>
        )}
        <div class={`${around} ${classes}`}>
          {loading ? <span aria-hidden="true" class="loading loading-spinner loading-xs" /> : icon(props.icon)}
          {prefix && <span class="opacity-60">{prefix}</span>}
          {children}
          {suffix && <span class="opacity-60">{suffix}</span>}
          {clearable && onClear && (
            <button
              type="button"
              class="edgewise-clear"
              aria-label={label ? `Clear ${label}` : 'Clear'}
              disabled={props.readonly || node.props.disabled === true || empty}
              onClick={onClear}
            >
              ✕
            </button>
          )}
          {icon(props.iconEnd)}
        </div>
      </div>
      {message(node, props)}
    </div>
  );
}
