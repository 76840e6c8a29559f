// English words of fits and decision surfaces.

export const fit = {
  'fit.validation': 'validation points',
  'fit.describeValidation': 'Besides, {count} validation points.',
} as const;
