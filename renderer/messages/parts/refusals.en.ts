// English words of why a run cannot be exported in a format.

export const refusals = {
  'export.refusal.numpy_changed':
    'it was changed while the run went on, which the NumPy script cannot repeat. Take the PyTorch script.',
  'export.refusal.numpy_augmentation': 'the NumPy script has no augmentation. Take the PyTorch script.',
  'export.refusal.numpy_schedule': 'the NumPy script has no {value}. Take the PyTorch script.',
  'export.refusal.numpy_warm_up':
    'with CosineAnnealingLR and eta_min, torch mixes the two step by step. Take the PyTorch script.',
  'export.refusal.numpy_layer': 'the NumPy script is written for dense nets. Take the PyTorch script for this one.',
  'export.refusal.numpy_normalises_features':
    'the NumPy script normalises features only, not pictures. Put a Flatten before it, or take the PyTorch script.',
  'export.refusal.numpy_trunc_normal':
    'trunc_normal needs the inverse error function, which NumPy does not have. Take the PyTorch script.',
  'export.refusal.change_value': 'it cannot be written with the value {value}.',
  'export.refusal.change_one_cycle':
    'OneCycleLR computes every learning rate from max_lr, so a change has no effect in torch.',
  'export.refusal.change_rmsprop_momentum': 'torch cannot give RMSprop a momentum during a run that began without one.',
  'export.refusal.change_field': 'a change of this field during the run cannot be written into a script.',
} as const;
