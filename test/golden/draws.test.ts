// PyTorch's recorded draws against ours: bit-equal, normals within 2 units in the last place, streams left at the same place.
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../engine/parity/sha256.ts';
import { readFixture } from '../../main/node/parity-fixtures.ts';
import { compareDraws, redraw, type DrawCase } from '../../engine/parity/replay-draws.ts';
import { Generator } from '../../engine/random/index.ts';

const fixture = readFixture<DrawCase>('draws');

describe('draws', () => {
  const { exact, normal, misplaced } = compareDraws(fixture);

  it('gives the recorded bits of every distribution but the normal', () => {
    expect(exact.unequal).toEqual([]);
    expect(exact.comparisons).toBeGreaterThan(1_000_000);
  });

  it('gives normals within 2 units in the last place', () => {
    expect(normal.comparisons).toBeGreaterThan(1000);
    expect(normal.largest, normal.where).toBeLessThanOrEqual(2);
  });

  it('gives the recorded bits of normals drawn in blocks', () => {
    const blocks = fixture.cases.filter(({ draws: [draw] }) => draw?.draw === 'randn' && draw.length >= 16);
    expect(blocks.length).toBeGreaterThan(5);
    for (const { seed, draws } of blocks) {
      const [draw] = draws;
      expect(draw && sha256(redraw(Generator.manualSeed(seed), draw.draw, draw.arguments))).toBe(draw?.sha256);
    }
  });

  it('leaves the stream where PyTorch leaves it', () => {
    expect(misplaced).toEqual([]);
  });

  it('notices a wrong seed', () => {
    const { seed, ...first } = fixture.cases[0] as DrawCase;
    const wrong = compareDraws({ header: fixture.header, cases: [{ ...first, seed: seed + 1 }] });
    expect(wrong.exact.unequal).toHaveLength(1);
    expect(wrong.misplaced).toHaveLength(1);
  });
});
