// The lab's layers that torch.nn does not have, as short classes with the right derivative; a script gets those that it uses.
import type { Part } from '../script/text.ts';

export type OwnLayer = 'GaussianDropout' | 'DropConnect' | 'SigmoidDropoutAsPrinted';

const lines = (text: string): readonly string[] => text.trim().split('\n');

/** @param changes whether p changes during the run: then it can be 0, which draws nothing. */
export const OWN_LAYERS: Readonly<Record<OwnLayer, (changes: boolean) => Part>> = {
  GaussianDropout: (changes) => ({
    imports: ['torch', 'nn'],
    lines: lines(`
class GaussianDropout(nn.Module):
    """Multiplies every unit by a random number with mean 1 and variance p/(1-p); evaluation changes nothing."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training${changes ? ' or self.p == 0' : ''}:
            return x
        return x * (torch.randn_like(x) * (self.p / (1 - self.p)) ** 0.5 + 1)`),
  }),
  DropConnect: () => ({
    imports: ['F', 'nn'],
    lines: lines(`
class DropConnect(nn.Linear):
    """A linear layer that drops weights instead of units: one mask per step for the whole batch."""

    def __init__(self, in_features, out_features, p, bias=True):
        super().__init__(in_features, out_features, bias)
        self.p = p

    def forward(self, x):
        return F.linear(x, F.dropout(self.weight, self.p, self.training), self.bias)`),
  }),
  SigmoidDropoutAsPrinted: (changes) => ({
    imports: ['torch', 'nn'],
    lines: lines(`
class PrintedGradient(torch.autograd.Function):
    """Sigmoid, then dropout, with the gradient as the from-scratch tutorial prints it.

    With the sigmoid's output a, the derivative is mask * a * (1 - a). The tutorial takes out * (1 - out),
    where out is a after mask and scaling: the wrong slope for every kept unit.
    """

    @staticmethod
    def forward(ctx, x, p):
        a = torch.sigmoid(x)
        out = a * torch.empty_like(a).bernoulli_(1 - p).div_(1 - p)
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, gradient):
        (out,) = ctx.saved_tensors
        return gradient * (out * (1 - out)), None


class SigmoidDropoutAsPrinted(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training${changes ? ' or self.p == 0' : ''}:
            return torch.sigmoid(x)
        return PrintedGradient.apply(x, self.p)`),
  }),
};
