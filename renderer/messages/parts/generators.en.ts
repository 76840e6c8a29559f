// English words of the forms of generated data.

export const generators = {} as const;
