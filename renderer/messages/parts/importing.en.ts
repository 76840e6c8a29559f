// English words of importing files and the steps done to imported data.

export const importing = {} as const;
