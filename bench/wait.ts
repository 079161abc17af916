// Waits for conditions of a measurement, and for time.

export async function until(condition: () => boolean): Promise<void> {
  for (const limit = Date.now() + 30_000; !condition(); ) {
    if (Date.now() > limit) throw new Error('The condition of the measurement was not met within 30 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
