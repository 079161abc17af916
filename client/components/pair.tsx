import type { Json } from '../../src/protocol/index.ts';
import { Control } from './control.tsx';

/** A value of two parts, each with a native control of its own. */
export abstract class PairControl<K extends 'range' | 'date'> extends Control<K, HTMLElement> {
  protected override textOf(value: Json): string {
    return JSON.stringify(value);
  }

  protected override read(element: HTMLElement): string {
    return JSON.stringify(inputs(element).map((input) => this.partOf(input)));
  }

  protected override write(element: HTMLElement, text: string): void {
    const parts = JSON.parse(text) as Json[];
    inputs(element).forEach((input, index) => {
      if (input.value !== String(parts[index])) input.value = String(parts[index]);
    });
  }

  protected override untouched(element: HTMLElement): string {
    const fresh = inputs(element).map((input) => {
      const { type, min, max, step, defaultValue } = input;
      return this.partOf(Object.assign(document.createElement('input'), { type, min, max, step, value: defaultValue }));
    });
    return JSON.stringify(fresh);
  }

  /** Returns the value of one of the controls. */
  protected abstract partOf(input: HTMLInputElement): Json;
}

export function inputs(element: HTMLElement): HTMLInputElement[] {
  return [...element.querySelectorAll('input')];
}
