// Data sets of every kind that the place of the data can show, as changes of the regression example.
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment, type ExperimentSpec, type TableSpec } from '../../engine/spec/index.ts';
import { FAKE_LARGE, FAKE_PICTURES } from '../../renderer/host/fake-columns.ts';
import { seededRandom } from '../../renderer/model/paint/seeded-random.ts';

const regression = parseExperiment(EXAMPLES['regression']);

type Row = readonly [x: number[], y: number[]];

function table(rows: readonly Row[], classes: number | null): TableSpec {
  // Of ten, one is for validation and two for test.
  const part = (from: number, to: number) => rows.filter((_, i) => i % 10 >= from && i % 10 < to);
  const [train, validation, test] = [part(0, 7), part(7, 8), part(8, 10)];
  const x = (own: readonly Row[]) => own.map((row) => row[0]);
  const y = (own: readonly Row[]) => own.map((row) => row[1]);
  return {
    type: 'table',
    x: x(train),
    y: y(train),
    validation_x: x(validation),
    validation_y: y(validation),
    test_x: x(test),
    test_y: y(test),
    shape: null,
    classes,
  };
}

function rows(count: number, make: (random: () => number, i: number) => Row): Row[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, i) => make(random, i));
}
const short = (x: number): number => Number(x.toFixed(3));

const moons = (count: number): TableSpec =>
  table(
    rows(count, (random, i) => {
      const [angle, upper] = [Math.PI * random(), i % 2 === 0];
      const [u, v] = upper ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
      const noise = () => 0.3 * (random() + random() + random() - 1.5);
      return [[short(u + noise()), short(v + noise())], [i % 17 === 0 ? 2 : upper ? 0 : 1]];
    }),
    3,
  );

const HILL = table(
  rows(400, (random) => {
    const [u, v] = [4 * random() - 2, 4 * random() - 2];
    return [[short(u), short(v)], [short(Math.exp(-u * u - v * v) * 3 - 1)]];
  }),
  null,
);
const CURVE = table(
  rows(60, (random) => {
    const x = 6 * random() - 3;
    return [[short(x)], [short(Math.sin(2 * x) + 0.5 * random())]];
  }),
  null,
);
const WIDE = table(
  rows(300, (random) => {
    const x = Array.from({ length: 14 }, (_, k) => short(random() ** (1 + (k % 3)) * 10));
    return [x, [short((x[0] ?? 0) - (x[1] ?? 0))]];
  }),
  null,
);

function withData(data: ExperimentSpec['data'], outputs: number): ExperimentSpec {
  const { model, recipe } = regression;
  const layers = model.layers.map((x) =>
    x.name === 'fc3' && x.type === 'Linear' ? { ...x, out_features: outputs } : x,
  );
  const loss = parseExperiment(EXAMPLES['cnn']).recipe.loss;
  return parseExperiment({
    ...regression,
    data,
    model: { ...model, layers },
    recipe: outputs > 1 ? { ...recipe, loss } : recipe,
  });
}

export const DATA_EXAMPLES: Readonly<Record<string, () => unknown>> = {
  curve: () => withData(CURVE, 1),
  hill: () => withData(HILL, 1),
  moons: () => withData(moons(300), 3),
  full: () => withData(moons(14_000), 3),
  wide: () => withData(WIDE, 1),
  line: () => regression,
  long: () => ({ ...regression, data: { ...regression.data, points: 100_000 } }),
  imported: () => withData(FAKE_LARGE, 4),
  'imported-pictures': () => parseExperiment({ ...parseExperiment(EXAMPLES['cnn']), data: FAKE_PICTURES }),
  pictures: () => EXAMPLES['cnn'],
  elsewhere: () => ({ ...parseExperiment(EXAMPLES['cnn']), data: { type: 'cifar10' } }),
};
