"""Records the regression example: the article's script itself, and each variant alone by the lab's rules, which must agree bit for bit."""

import json
import os

import torch

from experiment import f32, train
from fixture import output_folder, write

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "assets", "examples", "regression.json")
STEPS = 500
SEED = 1


def article():
    """Both nets in one script on one stream: train data, test data, both initialisations, then side by side 500 steps."""
    torch.manual_seed(SEED)
    x = torch.unsqueeze(torch.linspace(-1, 1, 20), 1)
    y = x + 0.3 * torch.normal(torch.zeros(20, 1), torch.ones(20, 1))
    test_y = x + 0.3 * torch.normal(torch.zeros(20, 1), torch.ones(20, 1))
    nets = {
        "overfitting": torch.nn.Sequential(
            torch.nn.Linear(1, 300), torch.nn.ReLU(), torch.nn.Linear(300, 300), torch.nn.ReLU(), torch.nn.Linear(300, 1)
        ),
        "dropout": torch.nn.Sequential(
            torch.nn.Linear(1, 300),
            torch.nn.Dropout(0.5),
            torch.nn.ReLU(),
            torch.nn.Linear(300, 300),
            torch.nn.Dropout(0.5),
            torch.nn.ReLU(),
            torch.nn.Linear(300, 1),
        ),
    }
    optimizers = {name: torch.optim.Adam(net.parameters(), lr=0.01) for name, net in nets.items()}
    mse = torch.nn.MSELoss()
    train_loss = {name: [] for name in nets}
    evaluations = {name: [] for name in nets}

    def evaluate(step):
        with torch.no_grad():
            for name, net in nets.items():
                net.eval()
                losses = f32(mse(net(x), y).item()), f32(mse(net(x), test_y).item())
                evaluations[name].append({"step": step, "train_eval_loss": losses[0], "test_loss": losses[1]})
                net.train()

    evaluate(0)
    for step in range(1, STEPS + 1):
        losses = {name: mse(net(x), y) for name, net in nets.items()}
        for name in nets:
            optimizers[name].zero_grad()
            losses[name].backward()
            optimizers[name].step()
            train_loss[name].append(f32(losses[name].item()))
        if step % 10 == 0:
            evaluate(step)
    return train_loss, evaluations


def main():
    folder = output_folder(__doc__)
    with open(EXAMPLE, encoding="utf-8") as file:
        document = json.load(file)
    fits = (0, 100, STEPS)
    sequential = [train(document, variant["name"], SEED, fits_at=fits) for variant in document["variants"]]
    train_loss, evaluations = article()
    for record in sequential[:2]:
        name = record["variant"]
        plain = [{key: value for key, value in x.items() if key != "fit"} for x in record["evaluations"]]
        assert record["train_loss"] == train_loss[name], f"{name}: training losses differ from the article's script"
        assert plain == evaluations[name], f"{name}: evaluations differ from the article's script"
    write(folder, "regression", SEED, [{"initialization": "sequential", **record} for record in sequential])

    paired = {**document, "initialization": "same"}
    same = [train(paired, variant["name"], 2, fits_at=fits) for variant in document["variants"]]
    write(folder, "regression-same", 2, [{"initialization": "same", **record} for record in same])


if __name__ == "__main__":
    main()
