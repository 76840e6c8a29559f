// English words of taking parts of another project, and of variants on the clipboard.

export const take = {
  'error.SAME_PROJECT': '{file} is the project that is open here. Choose another one.',
  'take.dataMissing': '{project} does not hold the imported data itself, so they cannot be taken. Nothing was changed.',
} as const;
