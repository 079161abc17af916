import type { ComponentChildren } from 'preact';
import { icon } from '../icon.tsx';
import type { ElementProps } from '../types.ts';

/** A list of the steps, and the present one. The children are the steps in the same order. */
export function Stepper({ node, own, props, replica, children }: ElementProps<'stepper'>): ComponentChildren {
  const { steps, value, vertical, navigable } = props;
  const present = steps.findIndex((step) => step.value === value);
  const look = vertical ? 'edgewise-stepper edgewise-stepper-vertical' : 'edgewise-stepper';
  return (
    <div {...own.whole(look)}>
      <ol class={vertical ? 'steps steps-vertical' : 'steps'}>
        {steps.map((step, index) => (
          <li
            key={step.value}
            class={index <= present ? 'step step-primary' : 'step'}
            data-content={index < present ? '✓' : undefined}
            aria-current={index === present ? 'step' : undefined}
          >
            {step.icon && <span class="step-icon">{icon(step.icon)}</span>}
            {navigable ? (
              <button
                type="button"
                class="edgewise-step"
                onClick={() => index !== present && replica.emit(node, 'value', step.value)}
              >
                {step.text || null}
              </button>
            ) : (
              step.text || null
            )}
          </li>
        ))}
      </ol>
      {children.map((step, index) => (
        <div key={steps[index]?.value} hidden={index !== present}>
          {step}
        </div>
      ))}
    </div>
  );
}
