import type { SettledResult } from '../../rpc/index.ts';
import { encode } from '../../storage/index.ts';
import { isUnanswered, line, type RunRecord } from '../replay/run-log.ts';
import type { Cells } from './cells.ts';

/**
 * Answers the waits of stored runs, which their handlers reach in a replay.
 *
 * @returns false when none waits on the channel.
 */
export function answerStored(
  cells: Cells,
  records: Iterable<RunRecord>,
  channel: string,
  answer: () => SettledResult,
): boolean {
  let heard = false;
  for (const record of records) {
    record.calls.forEach((call, index) => {
      if (call.channel !== channel || !isUnanswered(call)) return;
      call.answer = answer();
      const text = line(['answer', index, encode(call.answer, 'An answer')]);
      record.rows = cells.appendRun(record, { header: undefined, text, rows: record.rows });
      heard = true;
    });
  }
  return heard;
}
