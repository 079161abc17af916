import type { FileRef, Runner } from 'edgewise';
import { type PredictionsSettings, predictions } from './predictions.ts';
import { workersAi } from './workers-ai.ts';

/** Turns speech into text, and text into pictures. Each call is a call of `run`, so it survives a restart of the page. */
export interface Provider {
  /** Returns what is said in a recording. */
  transcribe(run: Runner, audio: FileRef): PromiseLike<string>;
  /** Returns the addresses of pictures, of which some are `data:`. */
  paint(run: Runner, prompt: string): PromiseLike<readonly string[]>;
}

/** The bindings and variables that choose a provider. */
export interface ProviderBindings extends PredictionsSettings {
  /** Workers AI, which `[ai]` in wrangler.toml binds. */
  readonly AI?: Pick<Ai, 'run'>;
}

/** Returns the provider that is configured; undefined without one. */
export function providerOf(env: ProviderBindings): Provider | undefined {
  if (env.PREDICTIONS_URL) return predictions(env.PREDICTIONS_URL, env);
  return env.AI && workersAi(env.AI);
}
