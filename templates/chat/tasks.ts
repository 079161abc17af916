/**
 * Writes an answer word by word: each yield is a word that the page shows at once. Put your model in place of `think`.
 */
export function* answer(question: string): Generator<string, string> {
  const words = `You wrote: “${question}”. Tell me more about that.`.split(' ');
  for (const word of words) {
    think();
    yield word;
  }
  return words.join(' ');
}

/** Computes for about a tenth of a second. */
function think(): number {
  let sum = 0;
  for (let i = 0; i < 20_000_000; i++) sum += i % 10;
  return sum;
}
