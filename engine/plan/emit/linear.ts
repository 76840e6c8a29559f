// Linear: one matrix product forward, two backward. The weight's gradient also carries the update.
import { elements, type LayerOf } from '../../spec/index.ts';
import { ROW_BLOCK } from '../builder.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import { spread } from '../geometry.ts';
import type { Buffer } from '../instruction.ts';
import type { Parameter } from '../parameters.ts';

/**
 * @param weightValue what multiplies: the parameter's own values, or those that DropConnect has masked.
 * @param finish what is done with the weight's gradient; left out: the update goes with it.
 */
export function emitProduct(
  context: LayerContext,
  weight: Parameter,
  weightValue: Buffer,
  finish?: () => void,
): Emitted {
  const { builder, shape, inputs } = context;
  const bias = context.parameter('bias');
  const [inFeatures, outFeatures] = [elements(shape.input), elements(shape.output)];
  const sizes = { inFeatures, inStride: weight.stride, outFeatures };
  const x = (inputs[0] as Value).buffer;
  const y = builder.activation(`${shape.name}.output`, outFeatures);
  builder.emit('linear_forward', builder.each(outFeatures), { x, w: weightValue, b: bias?.value, y }, sizes);
  return {
    output: { buffer: y, shape: shape.output },
    backward(dy, [wanted], later) {
      let dx: Buffer | null = null;
      if (wanted) {
        dx = builder.activation(`${shape.name}.input.gradient`, inFeatures);
        builder.emit('linear_grad_input', builder.each(inFeatures), { dy, w: weightValue, dx }, sizes);
      }
      const xT = builder.exampleRows(`${shape.name}.input.transposed`, inFeatures);
      builder.emit(
        'transpose',
        builder.each(inFeatures),
        { x, xT },
        { features: inFeatures, outStride: spread(inFeatures) },
      );
      later(() => {
        const whole = weight.gradient;
        const bytes = 4 * ROW_BLOCK * weight.stride;
        const scratch = finish ? null : context.scratch(`${shape.name}.weight.scratch`, bytes);
        const updateWeight = finish ? null : context.fusedUpdate(weight, scratch ?? whole);
        builder.emit(
          'linear_grad_weight',
          builder.across(outFeatures),
          { dy, xT, gw: updateWeight ? (scratch ?? whole) : whole, gb: bias?.gradient },
          {
            ...sizes,
            xStride: spread(inFeatures),
            updateWeight: updateWeight ?? 0,
            updateBias: (bias && context.fusedUpdate(bias, bias.gradient)) ?? 0,
            scratch: scratch && updateWeight ? bytes : 0,
          },
        );
        finish?.();
      });
      return { inputs: [dx] };
    },
  };
}

export function emitLinear(context: LayerContext<LayerOf<'Linear'>>): Emitted {
  const weight = context.parameter('weight') as Parameter;
  return emitProduct(context, weight, weight.value);
}
