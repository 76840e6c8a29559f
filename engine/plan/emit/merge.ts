// Layers that take several inputs: their sum, or one after another.
import { elements, type LayerOf } from '../../spec/index.ts';
import type { Emitted, LayerContext, Value } from '../emission.ts';
import type { Buffer } from '../instruction.ts';

/** x0 + x1, then what is left, one by one; every input gets the whole gradient. */
export function emitAdd(context: LayerContext<LayerOf<'Add'>>): Emitted {
  const { builder, shape, inputs } = context;
  const count = elements(shape.output);
  const [first, ...others] = inputs.map(({ buffer }) => buffer) as [Buffer, ...Buffer[]];
  const sum = others.reduce((x, z, i) => {
    const y = builder.activation(`${shape.name}.${i + 1 === others.length ? 'output' : `sum${i + 1}`}`, count);
    builder.emit('add_values', builder.each(count), { x, z, y }, {});
    return y;
  }, first);
  return {
    output: { buffer: sum, shape: shape.output },
    backward: (dy, wanted) => ({ inputs: wanted.map((isWanted) => (isWanted ? dy : null)) }),
  };
}

export function emitConcat(context: LayerContext<LayerOf<'Concat'>>): Emitted {
  const { builder, shape, inputs } = context;
  const total = elements(shape.output);
  const counts = inputs.map((input) => elements(input.shape));
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((sum, count) => sum + count, 0));
  const partOf = (i: number) => ({ count: counts[i] as number, start: starts[i] as number });
  const y = builder.activation(`${shape.name}.output`, total);
  for (const [i, { buffer }] of inputs.entries()) {
    const { count, start } = partOf(i);
    builder.emit(
      'copy_rows',
      builder.each(count),
      { x: buffer, y },
      { from: 0, fromRows: count, to: start, toRows: total },
    );
  }
  return {
    output: { buffer: y, shape: shape.output },
    backward: (dy, wanted) => ({
      inputs: inputs.map((_: Value, i) => {
        if (!wanted[i]) return null;
        const { count, start } = partOf(i);
        const dx = builder.activation(`${shape.name}.input${i}.gradient`, count);
        builder.emit(
          'copy_rows',
          builder.each(count),
          { x: dy, y: dx },
          { from: start, fromRows: total, to: 0, toRows: count },
        );
        return dx;
      }),
    }),
  };
}
