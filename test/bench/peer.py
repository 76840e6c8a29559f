"""PyTorch's side of the benchmark: the workloads of workloads.ts, timed step by step in the plainest idiomatic way.

One argument: threads. Reads a workload name and a number of steps per line from stdin, answers one line with milliseconds per step, so that the
benchmark can alternate between engines in one run. A workload is built and warmed up when it is first asked for.
"""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
POINTS, HIDDEN = 20, 300


def regression(drop):
    layers = []
    for fan_in in (1, HIDDEN):
        layers += [nn.Linear(fan_in, HIDDEN)] + ([nn.Dropout(drop)] if drop else []) + [nn.ReLU()]
    net = nn.Sequential(*layers, nn.Linear(HIDDEN, 1))
    x = torch.linspace(-1, 1, POINTS).unsqueeze(1)
    y = x + 0.3 * torch.normal(torch.zeros(POINTS, 1), torch.ones(POINTS, 1))
    return net, nn.MSELoss(), torch.optim.Adam(net.parameters(), lr=0.01), x, y


def cnn(batch):
    net = nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )
    optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9, weight_decay=0.001)
    return net, nn.CrossEntropyLoss(), optimizer, torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))


def mlp(batch):
    net = nn.Sequential(nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    return net, nn.CrossEntropyLoss(), optimizer, torch.randn(batch, 784), torch.randint(0, 10, (batch,))


def conv_net(batch):
    layers, fan_in = [], 3
    for i, channels in enumerate((16, 16, 32, 32, 64, 64, 64, 64)):
        stride = 2 if i in (2, 4) else 1
        layers += [nn.Conv2d(fan_in, channels, 3, stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
        fan_in = channels
    net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    return net, nn.CrossEntropyLoss(), optimizer, torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))


WORKLOADS = {
    "regression-overfitting": lambda: regression(0),
    "regression-dropout": lambda: regression(0.5),
    "cnn-4": lambda: cnn(4),
    "cnn-32": lambda: cnn(32),
    "cnn-128": lambda: cnn(128),
    "mlp-784-1024-1024-10": lambda: mlp(128),
    "conv8-batchnorm": lambda: conv_net(64),
}


def prepare(name, steps):
    torch.manual_seed(1)
    net, loss_of, optimizer, x, y = WORKLOADS[name]()

    def train(count):
        for _ in range(count):
            loss = loss_of(net(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    train(max(3, steps // 4))
    return train


ready = {}
print(torch.__version__, flush=True)
for line in sys.stdin:
    name, count = line.split()
    if name not in ready:
        ready[name] = prepare(name, int(count))
    start = time.perf_counter()
    ready[name](int(count))
    print((time.perf_counter() - start) * 1000 / int(count), flush=True)
