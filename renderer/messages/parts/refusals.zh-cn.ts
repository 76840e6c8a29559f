// 简体中文: words of why a run cannot be exported in a format.

export const refusals = {
  'export.refusal.numpy_changed': '它在运行过程中被更改过，NumPy 脚本无法重现。请改用 PyTorch 脚本。',
  'export.refusal.numpy_augmentation': 'NumPy 脚本不支持数据增强。请改用 PyTorch 脚本。',
  'export.refusal.numpy_schedule': 'NumPy 脚本不支持 {value}。请改用 PyTorch 脚本。',
  'export.refusal.numpy_warm_up': 'torch 对 CosineAnnealingLR 与 eta_min 逐步混合计算。请改用 PyTorch 脚本。',
  'export.refusal.numpy_layer': 'NumPy 脚本只适用于全连接网络。请改用 PyTorch 脚本。',
  'export.refusal.numpy_normalises_features':
    'NumPy 脚本只对特征归一化，不支持图片。请在它之前放一个 Flatten，或改用 PyTorch 脚本。',
  'export.refusal.numpy_trunc_normal': 'trunc_normal 需要逆误差函数，而 NumPy 没有。请改用 PyTorch 脚本。',
  'export.refusal.change_value': '无法写入值 {value}。',
  'export.refusal.change_one_cycle': 'OneCycleLR 由 max_lr 计算每一步的学习率，因此更改在 torch 中不起作用。',
  'export.refusal.change_rmsprop_momentum': 'torch 不能让开始时没有动量的 RMSprop 在运行中获得动量。',
  'export.refusal.change_field': '运行中对该参数的更改无法写入脚本。',
} as const;
