// The model alone as code to read and to take along: what the scripts of a whole run say of it, without data and training.
import type { ExperimentSpec } from '../spec/index.ts';
import { clashes, helpersOf, netText as numpyNet, stationsOf } from './numpy/net.ts';
import { HELPERS, type Helper } from './numpy/helpers.ts';
import { weightsPart } from './numpy/initialization.ts';
import { Draws } from './numpy/random.ts';
import { ROUNDING } from './numpy/script.ts';
import { netLines } from './pytorch/initialization.ts';
import { netText } from './pytorch/net.ts';
import { scriptContext, type ScriptContext, type ScriptInput } from './script/context.ts';
import { layOut } from './script/layout.ts';
import { importLines, indent, joinParts, type Part } from './script/text.ts';

export const CODE_LANGUAGES = ['pytorch', 'numpy'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

/** Variants that are initialised before it are nothing to its model. */
const alone = (input: ScriptInput, taken?: (name: string) => boolean): ScriptContext => ({
  ...scriptContext(input, taken),
  earlier: [],
});

const page = ({ imports, lines }: Part): string => layOut([...importLines(imports), '', ...lines]);

function pytorchCode(input: ScriptInput): string {
  const context = alone(input);
  const net = netText(context);
  const made = netLines(context, net.construction);
  return page(joinParts([net.classes, { imports: made.imports, lines: ['', ...made.lines] }]));
}

function numpyCode(input: ScriptInput): string {
  const context = alone(input, clashes);
  const stations = stationsOf(context);
  const draws = new Draws();
  const net = numpyNet({ stations, draws: new Draws(), batch: 'x', batchRows: [] });
  const weights = weightsPart(context, draws);
  const helpers = joinParts(
    [...new Set<Helper>(helpersOf(stations))].map((x) => ({
      imports: HELPERS[x].imports,
      lines: ['', ...HELPERS[x].lines],
    })),
  );
  const predict: Part = {
    imports: ['numpy'],
    lines: [
      '',
      `def predict(${net.argument}):`,
      ...indent(['"""The net in evaluation: every unit takes part."""', ...net.predict]),
    ],
  };
  const drawing = draws.part(input.seed);
  const rest = joinParts([helpers, { imports: weights.imports, lines: ['', ...weights.lines] }, predict]);
  const rounds = [...drawing.lines, ...rest.lines].some((line) => line.includes('f32('));
  return page(joinParts([drawing, ...(rounds ? [ROUNDING] : []), rest]));
}

/**
 * @returns Python that makes the variant's model.
 * @throws InteropError UNSUPPORTED naming a layer that the language has no words for; DocumentError when the variant does not
 * exist or does not fit together.
 */
export function modelCode(experiment: ExperimentSpec, variant: string, language: CodeLanguage): string {
  const input = { experiment, variant, seed: experiment.seed };
  switch (language) {
    case 'pytorch':
      return pytorchCode(input);
    case 'numpy':
      return numpyCode(input);
    default:
      return language satisfies never;
  }
}
