import { expect, test } from 'vitest';
import { sharedLimits } from '../../src/shared/index.ts';
import { crowd, Member, level as name } from './shared-kit.ts';

/** Thousands of sessions in virtual time take real time all the same. */
const slow = 60_000;

test(
  '[LW5] ten thousand sessions: a node serves a thousand, and a change reaches all of them through relays',
  async () => {
    const { clock, all, members, missing, loads } = await crowd(10_000);
    expect(loads().length).toBe(10);
    expect(Math.max(...loads())).toBeLessThanOrEqual(sharedLimits.subscribers);
    expect(loads().reduce((sum, load) => sum + load)).toBe(10_000);
    expect(all.hub(name).subscribers.filter((who) => who.includes('#'))).toHaveLength(9);
    const before = clock.time;
    members[1234]?.write(1);
    for (let ms = 0; ms < 2_000 && (missing() > 0 || members[0]?.value !== 1); ms += 10) await clock.advance(10);
    expect(members.every((member) => member.value === 1)).toBe(true);
    // Two hops, and a thousand pushes a hundred at a time: ten rounds of 10 ms each.
    expect(clock.time - before).toBeLessThan(400);
    await clock.advance(5_000);
    expect(all.hub(name).whyAwake()).toEqual([]);
  },
  slow,
);

test(
  'a stream of changes costs each session a few pushes, and ends with the last value',
  async () => {
    const { clock, members, missing } = await crowd(2_500);
    const before = members.map((member) => member.told);
    for (let value = 1; value <= 300; value++) {
      members[0]?.write(value);
      await clock.advance(10);
    }
    await clock.advance(3_000);
    expect(members[0]?.value).toBe(300);
    expect(missing()).toBe(0);
    const told = members.map((member, index) => member.told - (before[index] ?? 0));
    expect(Math.max(...told)).toBeLessThan(60);
  },
  slow,
);

test(
  'root and relays may die while they push: everybody has the last value in the end',
  async () => {
    const { clock, all, members, missing } = await crowd(2_500);
    let value = 0;
    for (const victim of [name, `${name}#1`, `${name}#2`]) {
      for (const at of [1, 8, 15, 30, 60]) {
        members[7]?.write(++value);
        await clock.advance(at);
        all.kill(victim);
        await clock.advance(60_000);
        expect(members[0]?.value, `${victim} killed after ${at} ms`).toBe(value);
        expect(missing(), `${victim} killed after ${at} ms`).toBe(0);
      }
    }
  },
  slow,
);

test(
  'who leaves makes room, relays without sessions go, and who comes goes to the root again',
  async () => {
    const { clock, all, members } = await crowd(2_100);
    for (const member of members.slice(500)) member.leave();
    await clock.advance(2_000);
    members[0]?.write(1);
    await clock.advance(2_000);
    expect(all.hub(name).subscribers).toHaveLength(500);
    expect(members.slice(500).every((member) => member.told === 0)).toBe(true);
    const late = new Member('late', all, clock);
    await clock.advance(1_000);
    expect(late.value).toBe(1);
    expect(all.hub(name).subscribers).toContain('late');
  },
  slow,
);
