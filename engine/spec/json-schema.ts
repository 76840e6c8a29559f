// The experiment document as JSON Schema (draft 2020-12), for editors and other tools. `npm run schema` writes it beside this file.
import { toJsonSchema } from '@valibot/to-json-schema';
import { Experiment } from './experiment.ts';

/** Variants' changes and fitting shapes cannot be said in JSON Schema; `parseExperiment` checks them as well. */
export function experimentJsonSchema(): Record<string, unknown> {
  const schema = toJsonSchema(Experiment, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'throw',
    ignoreActions: ['finite'],
  });
  return {
    ...schema,
    title: 'Overfit Lab experiment',
    description: 'One data set, one model, one training recipe, and variants that change named fields of them.',
  };
}

export const schemaText = (): string => `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`;
