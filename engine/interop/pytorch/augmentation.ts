// What a PyTorch script does to the train batches before the net sees them, with the lab's draws in the lab's order.
import type { AugmentationSpec } from '../../spec/index.ts';
import { indent, joinParts, NOTHING, pyFloat, type Part } from '../script/text.ts';

function augmentationPart(augmentation: AugmentationSpec): Part {
  switch (augmentation.type) {
    case 'RandomHorizontalFlip':
      return {
        imports: ['torch'],
        lines: [
          `flip = torch.rand(len(x)) < ${pyFloat(augmentation.p)}`,
          'x = torch.where(flip.view(-1, 1, 1, 1), x.flip(3), x)',
        ],
      };
    case 'RandomCrop': {
      const { padding } = augmentation;
      return {
        imports: ['torch', 'F'],
        lines: [
          'height, width = x.shape[2:]',
          `padded = F.pad(x, (${[padding, padding, padding, padding].join(', ')}))`,
          `starts = torch.randint(0, ${2 * padding + 1}, (len(x), 2)).tolist()`,
          'x = torch.stack(',
          ...indent([
            '[image[:, top : top + height, left : left + width] for image, (top, left) in zip(padded, starts)]',
          ]),
          ')',
        ],
      };
    }
    case 'GaussianNoise':
      return { imports: ['torch'], lines: [`x = x + ${pyFloat(augmentation.std)} * torch.randn_like(x)`] };
    default:
      return augmentation satisfies never;
  }
}

/** A function `augment(x)`; no lines when nothing is done. */
export function augmentationText(augmentations: readonly AugmentationSpec[]): Part {
  if (augmentations.length === 0) return NOTHING;
  const { imports, lines } = joinParts(augmentations.map(augmentationPart));
  return {
    imports,
    lines: [
      'def augment(x):',
      ...indent([
        '"""Train batches look a little different every time: that, too, is regularization."""',
        ...lines,
        'return x',
      ]),
    ],
  };
}
