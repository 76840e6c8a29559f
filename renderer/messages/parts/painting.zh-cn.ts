// 简体中文: words of painting points and the views of a data set.

export const painting = {} as const;
