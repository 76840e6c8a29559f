// Another project of the fake lab: imported flowers, a net with a layer that the examples lack, and variants of which not all fit.
import { parseDraft } from '../../engine/spec/index.ts';
import type { OtherProject } from '../../main/contract/shapes.ts';
import { fakeDataset } from './fake-datasets.ts';

const EPOCH = Date.UTC(2026, 10, 23, 9, 30);

/** @param holdsData whether it holds the bytes of its data set, too. */
export function fakeOther(holdsData = true): OtherProject {
  const flowers = fakeDataset(1);
  const { document } = parseDraft({
    format: 'overfit-experiment',
    version: 1,
    name: 'flowers',
    seed: 42,
    data: flowers.described,
    model: {
      layers: [
        { type: 'Dropout', name: 'dropout_in', p: 0 },
        { type: 'Linear', name: 'fc1', out_features: 16 },
        { type: 'ReLU', name: 'relu1' },
        { type: 'Linear', name: 'fc2', out_features: 3 },
      ],
    },
    recipe: {
      epochs: 60,
      batch_size: 16,
      shuffle: true,
      loss: { type: 'CrossEntropyLoss' },
      optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9 },
      evaluate_every: 10,
      checkpoint_every: 100,
    },
    variants: [
      { name: 'plain' },
      { name: 'L1', changes: { 'recipe.regularization.l1': 0.001 } },
      { name: 'input dropout', changes: { 'model.layers.dropout_in.p': 0.4 } },
    ],
  });
  return {
    name: 'flowers',
    location: '/home/ada/labs/flowers.overfit',
    newer: false,
    damage: [],
    sources: [
      { kind: 'experiment', id: 'flowers', name: 'flowers' },
      { kind: 'runs', id: 'flowers-4', name: 'flowers', numbers: [4, 5, 6], createdAt: EPOCH },
      { kind: 'runs', id: 'flowers-1', name: 'first try', numbers: [1], createdAt: EPOCH - 86_400_000 },
    ],
    source: 'flowers',
    document,
    datasets: holdsData ? [flowers] : [],
  };
}
