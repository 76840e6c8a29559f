// 简体中文: words of taking parts of another project, and of variants on the clipboard.

export const take = {
  'error.SAME_PROJECT': '{file} 就是当前打开的项目。请选择另一个项目。',
  'take.dataMissing': '{project} 中没有所导入的数据本身，因此无法取用。没有任何更改。',
} as const;
