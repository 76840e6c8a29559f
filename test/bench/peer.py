"""PyTorch's side of the benchmark: the bundled regression example, timed step by step in the plainest idiomatic way.

One argument: threads. Reads a workload name and a number of steps per line from stdin, answers one line with milliseconds per step, so that the
benchmark can alternate between engines in one run. Every workload is warmed up before its first timing.
"""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
POINTS, HIDDEN, WARM_UP = 20, 300, 50


def build(drop):
    layers = []
    for fan_in in (1, HIDDEN):
        layers += [nn.Linear(fan_in, HIDDEN)] + ([nn.Dropout(drop)] if drop else []) + [nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(HIDDEN, 1))


def prepare(drop):
    torch.manual_seed(1)
    x = torch.linspace(-1, 1, POINTS).unsqueeze(1)
    y = x + 0.3 * torch.normal(torch.zeros(POINTS, 1), torch.ones(POINTS, 1))
    net = build(drop)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    loss_of = nn.MSELoss()

    def train(steps):
        for _ in range(steps):
            loss = loss_of(net(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    train(WARM_UP)
    return train


workloads = {"regression-overfitting": prepare(0), "regression-dropout": prepare(0.5)}
print(torch.__version__, flush=True)
for line in sys.stdin:
    name, steps = line.split()
    start = time.perf_counter()
    workloads[name](int(steps))
    print((time.perf_counter() - start) * 1000 / int(steps), flush=True)
