// 简体中文: words of the experiment place: variants, recipe, new projects.

export const experiment = {} as const;
