// Functions that several layers and losses of a NumPy script share; a script gets those that it calls.

export type Helper = 'sigmoid' | 'erf' | 'log_softmax' | 'normalised' | 'layer_norm';

export const HELPERS: Readonly<
  Record<Helper, { readonly imports: readonly ('math' | 'numpy')[]; readonly lines: readonly string[] }>
> = {
  sigmoid: { imports: ['numpy'], lines: ['def sigmoid(x):', '    return 1 / (1 + np.exp(-x))'] },
  erf: { imports: ['math', 'numpy'], lines: ['erf = np.vectorize(math.erf)  # NumPy has none of its own'] },
  normalised: {
    imports: ['numpy'],
    lines: ['def normalised(x, mean, var, eps):', '    return (x - mean) / np.sqrt(var + eps)'],
  },
  layer_norm: {
    imports: ['numpy'],
    lines: [
      'def layer_norm(x, eps):',
      '    return (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)',
    ],
  },
  log_softmax: {
    imports: ['numpy'],
    lines: [
      'def log_softmax(x):',
      '    x = x - x.max(axis=1, keepdims=True)  # changes nothing, but exp stays small',
      '    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))',
    ],
  },
};
