// English words of the model place: canvas, list, code, analyzer.

export const model = {} as const;
