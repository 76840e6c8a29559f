// 简体中文: words of fits and decision surfaces.

export const fit = {
  'fit.validation': '验证点',
  'fit.describeValidation': '另有 {count} 个验证点。',
} as const;
