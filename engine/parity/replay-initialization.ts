// Draws the recorded models' first values again with the lab's generator.
import { Generator } from '../random/index.ts';
import { analyzeModel, parseExperiment, type LayerSpec, type ModelSpec } from '../spec/index.ts';
import { drawParameters } from '../train/initialize.ts';
import { DifferenceTally, ulpDistance } from './difference.ts';
import { recordedAt, type Fixture, type RecordedValues } from './fixture.ts';
import { sha256 } from './sha256.ts';
import type { DrawDifferences } from './replay-draws.ts';

interface RecordedParameter extends RecordedValues {
  /** As torch names it: `fc1.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
}
export interface InitializationCase {
  readonly title: string;
  readonly seed: number;
  /** Shape of one example. */
  readonly input: readonly number[];
  /** As a document holds them. */
  readonly layers: readonly unknown[];
  readonly parameters: readonly RecordedParameter[];
  /** The next 64 bits of the stream, decimal. */
  readonly next: string;
}

/** A document with this model; what is learned is of no interest, so its last layer need not fit the data. */
function modelOf({ input, layers }: InitializationCase): { readonly model: ModelSpec; readonly drawn: Draw } {
  const picture = input.length === 3 ? { shape: input } : {};
  const width = input.reduce((product, n) => product * n, 1);
  const outputs = [
    { type: 'Flatten', name: 'last' },
    { type: 'Linear', name: 'head', out_features: 1 },
  ];
  const { data, model } = parseExperiment({
    format: 'overfit-experiment',
    version: 1,
    name: 'initialization',
    seed: 0,
    data: { type: 'table', x: [Array.from({ length: width }, () => 0)], y: [[0]], ...picture },
    model: { layers: [...layers, ...outputs] },
    recipe: { steps: 1, loss: { type: 'MSELoss' }, optimizer: { type: 'SGD', lr: 1 } },
    variants: [{ name: 'base' }],
  });
  // The two layers on top are there for the document's sake only.
  const own: ModelSpec = { layers: model.layers.slice(0, -2) };
  const shapes = analyzeModel(model, data).shapes.slice(0, -2);
  return { model: own, drawn: (generator) => drawParameters(own, shapes, generator) };
}
type Draw = (generator: Generator) => ReturnType<typeof drawParameters>;

/** Whether a parameter's values come out of normals, which are held to units in the last place instead of bits. */
function isNormal(layers: readonly LayerSpec[], parameter: string): boolean {
  const [name, part] = parameter.split('.');
  const layer = layers.find((x) => x.name === name);
  const init = layer && 'init' in layer ? layer.init?.[part as 'weight' | 'bias'] : undefined;
  return init?.type.endsWith('normal') ?? false;
}

/** Replays every case. */
export function compareInitializations(fixture: Fixture<InitializationCase>): DrawDifferences {
  const unequal: string[] = [];
  const misplaced: string[] = [];
  const normals = new DifferenceTally();
  let comparisons = 0;
  for (const recorded of fixture.cases) {
    const { title, seed, parameters, next } = recorded;
    const generator = Generator.manualSeed(seed);
    const { model, drawn } = modelOf(recorded);
    const ours = [...drawn(generator)];
    const names = parameters.map((x) => x.name).join();
    if (ours.map(([name]) => name).join() !== names)
      throw new Error(`${title}: parameters ${ours.map(([name]) => name).join()}, recorded ${names}`);
    for (const [i, parameter] of parameters.entries()) {
      const [name, { shape, values }] = ours[i] as (typeof ours)[number];
      const place = `${title}, seed ${seed}: ${name}`;
      if (shape.join() !== parameter.shape.join())
        throw new Error(`${place} has the shape ${shape.join()}, recorded ${parameter.shape.join()}`);
      if (isNormal(model.layers, name)) {
        for (const { index, value } of recordedAt(parameter))
          normals.add(ulpDistance(values[index] as number, Math.fround(value)), `${place}[${index}]`);
        continue;
      }
      comparisons += values.length;
      if (sha256(values) !== parameter.sha256) unequal.push(place);
    }
    if (String(generator.random64()) !== next) misplaced.push(`${title}, seed ${seed}`);
  }
  return { exact: { comparisons, unequal }, normal: normals.result, misplaced };
}
