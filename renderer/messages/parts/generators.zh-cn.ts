// 简体中文: words of the forms of generated data.

export const generators = {} as const;
