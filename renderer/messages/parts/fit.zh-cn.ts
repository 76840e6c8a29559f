// 简体中文: words of fits and decision surfaces.

export const fit = {} as const;
