// Rules between fields that a schema cannot say; checked on every variant as it would be trained.
import type { Problem } from './problem.ts';
import type { ResolvedVariant } from './resolve.ts';

type Rule = (variant: ResolvedVariant) => Problem | null;

const outOfRange = (path: string, expected: string, received: string): Problem => ({
  path,
  code: 'out_of_range',
  message: `must be ${expected}, but is ${received}`,
  params: { expected, received },
});

const RULES: readonly Rule[] = [
  ({ data }) =>
    data.x_min < data.x_max ? null : outOfRange('data.x_max', `above x_min (${data.x_min})`, String(data.x_max)),
  // torch: "Nesterov momentum requires a momentum and zero dampening".
  ({ recipe: { optimizer } }) =>
    optimizer.type === 'SGD' && optimizer.nesterov && optimizer.momentum === 0
      ? outOfRange('recipe.optimizer.nesterov', 'false while momentum is 0', 'true')
      : null,
  ({ model }) =>
    model.layers.some((layer) => layer.type === 'Linear')
      ? null
      : {
          path: 'model.layers',
          code: 'empty',
          message: 'must have at least one Linear layer: there is nothing to train',
          params: {},
        },
];

export function ruleProblems(variant: ResolvedVariant): Problem[] {
  return RULES.map((rule) => rule(variant)).filter((problem) => problem !== null);
}
