// 简体中文: words of fits and decision surfaces.

export const fit = {
  'fit.validation': '验证点',
  'fit.describeValidation': '另有 {count} 个验证点。',

  'surface.title': '决策面',
  'surface.x1': 'x₁',
  'surface.x2': 'x₂',
  'surface.legend': '显示的点',
  'surface.classes': '类别',
  'surface.classesHint': '区域的颜色是网络在该处判定的类别：颜色越深，把握越大',
  'surface.answer': '输出',
  'surface.answerHint': '网络的输出；点的颜色是它应有的值。超出两端的值取端点的颜色',
  'surface.alone': '单独显示 {run}',
  'surface.all': '显示全部运行',
  'surface.more': '共 {all} 次运行，显示前 {shown} 次',
  'surface.score': '{name} {value}',
  'surface.at': '{name1} = {x1}，{name2} = {x2}',
  'surface.isClass': '{name}（{share}）',
  'surface.describe': '{run}，第 {step} 步：{score}。',
  'surface.describeNone': '尚未学习。',
  'surface.points': '{train} 个训练点，{validation} 个验证点，{test} 个测试点。',
  'surface.keys': '方向键移动所读取的位置，按住 Shift 移动得更远；Escape 结束。',
  'surface.tableCaption': '{run} 在平面上的输出',
  'surface.tableAt': '{name} = {value}',
} as const;
