import type { FileRef } from 'edgewise';
import { base64 } from './base64.ts';
import type { Provider } from './provider.ts';

/** Workers AI: models at Cloudflare, by a binding. One call has the whole answer. */
export function workersAi(ai: Pick<Ai, 'run'>): Provider {
  return {
    transcribe(run, audio) {
      return run.ioBound(async (file: FileRef) => {
        const { text } = await ai.run('@cf/openai/whisper-large-v3-turbo', { audio: await base64(file) });
        return text;
      }, audio);
    },
    paint(run, prompt) {
      return run.ioBound(async (prompt: string) => {
        const { image } = await ai.run('@cf/black-forest-labs/flux-1-schnell', { prompt });
        return [`data:image/jpeg;base64,${image}`];
      }, prompt);
    },
  };
}
