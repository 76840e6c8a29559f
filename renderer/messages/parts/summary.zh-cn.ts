// 简体中文: words of the columns and classes of a whole imported data set.

export const summary = {
  'summary.whole': '统计自各划分的全部行，采用文件中的单位，尚未填补和缩放。',
  'summary.counting': '正在统计：已完成 {total} 列中的 {done} 列…',
  'summary.countingClasses': '正在统计各类别…',
  'summary.median': '中位数',
  'summary.q1': '25%',
  'summary.q3': '75%',
  'summary.value': '取值',
  'summary.share': '占比',
  'summary.more': { one: '另有 {n} 个取值', other: '另有 {n} 个取值' },
  'summary.moreClasses': { one: '另有 {n} 个类别未列出。', other: '另有 {n} 个类别未列出。' },
  'summary.sampled': '从 {total} 行中随机抽取 {n} 行绘制。',
  'summary.drawnAll': { one: '绘制了全部 {n} 行。', other: '绘制了全部 {n} 行。' },
  'summary.drawing': '正在取得数据点…',
  'summary.incomplete': {
    one: '{n} 行缺少其中一列的值。',
    other: '{n} 行缺少其中一列的值。',
  },
  'summary.notThere': '项目中没有数据集 {dataset}。请重新导入。',
  'summary.noRows': '{dataset} 没有行可用于划分“{split}”。请更改划分，或更改缺失值的处理方式。',
  'summary.part': '统计自手头均匀取出的 {n} 行，共 {total} 行。',
  'summary.classesPart': '{split}：统计自 {total} 行中均匀取出的 {n} 行。',
} as const;
