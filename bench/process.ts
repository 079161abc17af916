// What a process has used: time of the processor, and memory.

import { readdir, readFile } from 'node:fs/promises';

/** Returns the CPU time of a process in ms; NaN on systems other than Linux. */
export async function cpuOf(pid: number | undefined): Promise<number> {
  // Sums the nanoseconds of each thread, because `stat` counts in steps of 10 ms.
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  );
  return threads.length === 0 ? Number.NaN : times.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / 1e6;
}

/** Returns the resident memory of a process in bytes; NaN on systems other than Linux. */
export async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}
