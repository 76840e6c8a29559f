// `overfit run` on data that the lab draws from a description: it trains, sees the same points with every seed, and its exports carry them.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, reportOf, type Folder, type RunJson } from './overfit.ts';

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

/** A small net on two moons. */
function moons(data: Record<string, unknown> = {}, variants: readonly unknown[] = [{ name: 'plain' }]): void {
  folder.experiment('moons.json', (x) => {
    Object.assign(x, {
      name: 'moons',
      data: { type: 'moons', train: 60, validation: 20, test: 40, noise: 0.1, seed: 5, ...data },
      model: {
        layers: [
          { type: 'Linear', name: 'fc1', out_features: 16 },
          { type: 'Tanh', name: 'tanh1' },
          { type: 'Linear', name: 'fc2', out_features: 2 },
        ],
      },
      recipe: {
        steps: 300,
        evaluate_every: 100,
        loss: { type: 'CrossEntropyLoss' },
        optimizer: { type: 'Adam', lr: 0.02 },
      },
      variants,
    });
  });
}
const run = async (...args: string[]): Promise<readonly RunJson[]> =>
  reportOf(await folder.overfit('run', 'moons.json', '--json', ...args)).runs;

describe('an experiment on generated points', () => {
  it('trains, and shows accuracy on every split', async () => {
    moons();
    const { code, stdout, stderr } = await folder.overfit('run', 'moons.json');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^variant +seed +status +steps +train loss +train acc +validation loss/m);
    expect(stdout).toMatch(/^plain +1 +done +300 /m);
    const [only] = await run();
    expect(only?.evaluations.at(-1)?.test?.accuracy).toBeGreaterThan(0.8);
    expect(
      only?.evaluations
        .at(-1)
        ?.confusion?.flat()
        .reduce((sum, x) => sum + x, 0),
    ).toBe(40);
  });

  it('sees the same points with every seed, and others when the data say so', async () => {
    moons({}, [{ name: 'plain' }, { name: 'others', changes: { 'data.seed': 6 } }]);
    const runs = await run('--seeds', '2', '--steps', '5');
    const digests = (variant: string) => new Set(runs.filter((x) => x.variant === variant).map((x) => x.dataDigest));
    expect([digests('plain').size, digests('others').size]).toEqual([1, 1]);
    expect(digests('plain')).not.toEqual(digests('others'));
    const starts = runs.filter((x) => x.variant === 'plain').map((x) => x.curve.trainLoss[0]);
    expect(new Set(starts).size).toBe(2);
  });

  it.each(['pytorch', 'numpy'])('is exported for %s with its points', async (format) => {
    moons({ train: 20, validation: 0, test: 10, label_noise: 0.1 });
    expect((await folder.overfit('run', 'moons.json', '--out', 'a.overfit', '--quiet')).code).toBe(0);
    const outcome = await folder.overfit('export', 'a.overfit', '--run', '1', '--format', format, '--out', 'a.py');
    expect([outcome.code, outcome.stderr]).toEqual([0, 'overfit: written: a.py.\n']);
    const script = readFileSync(folder.file('a.py'), 'utf8');
    expect(script).toContain('# Points that the lab drew: moons, seed 5.');
    expect(script).toMatch(/y_train = (torch\.tensor|np\.array)\(\s*\[\s*[01], [01]/);
    expect(script).not.toContain('.npz');
  });

  it('is refused with the field named when its description is wrong', async () => {
    moons({ noise: -1, balance: [1, 2, 3] });
    const { code, stderr } = await folder.overfit('run', 'moons.json');
    expect(code).not.toBe(0);
    expect(stderr).toContain('data.noise');
    moons({ balance: [1, 2, 3] });
    expect((await folder.overfit('run', 'moons.json')).stderr).toContain('data.balance: must be 2 weights');
  });
});
